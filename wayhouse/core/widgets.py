"""The controls of forms as HTML: the common ones by functions, since Django draws each from three templates."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.forms.widgets import Widget
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from wayhouse.core.markup import each, markup

_Widget = Mapping[str, Any]
_FOLDER = "django/forms/widgets/"
_INPUTS = ("text", "number", "password", "hidden", "date", "time", "datetime", "email", "url", "input")


class Renderer(DjangoTemplates):
    """Setting FORM_RENDERER. What is not common is drawn from Django's templates."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        """One control, as Django's own template draws it."""
        draw = _DRAWN.get(template_name)
        if draw:
            return draw(context["widget"])
        return mark_safe(super().render(template_name, context, request))  # noqa: S308 - a rendered template


class FixedSelect(Widget):
    """One of many words that stand in no language, such as time zones: hundreds of options are drawn once."""

    def __init__(self, options: Callable[[], tuple[str, ...]]) -> None:
        """`options` gives the same words each time."""
        super().__init__()
        self._options = options

    def use_required_attribute(self, initial: object) -> bool:
        """Nothing is missing: the first option is chosen where no other is."""
        del initial
        return False

    def render(
        self, name: str, value: object, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """The control, with the option of this value selected."""
        del renderer
        drawn, chosen = _options(self._options()), markup('<option value="{}">', value)
        options = mark_safe(drawn.replace(chosen, f"{chosen[:-1]} selected>", 1))  # noqa: S308 - drawn here
        widget = {"attrs": self.build_attrs(self.attrs, attrs)}
        return markup('<select name="{}"{}>{}</select>', name, _attributes(widget), options)


@cache
def _options(words: tuple[str, ...]) -> SafeString:
    return each('<option value="{}">{}</option>', ((one, one) for one in words))


def _input(widget: _Widget) -> SafeString:
    value = markup(' value="{}"', widget["value"]) if widget["value"] is not None else ""
    return markup('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, _attributes(widget))


def _textarea(widget: _Widget) -> SafeString:
    value = "" if widget["value"] is None else widget["value"]
    # A browser leaves the first line break of a textarea out.
    return markup('<textarea name="{}"{}>\n{}</textarea>', widget["name"], _attributes(widget), value)


def _select(widget: _Widget) -> SafeString:
    groups = each("{}", ((_group(name, options),) for name, options, _index in widget["optgroups"]))
    return markup('<select name="{}"{}>{}</select>', widget["name"], _attributes(widget), groups)


def _group(name: str | None, options: list[_Widget]) -> SafeString:
    line = '<option value="{}"{}>{}</option>'
    inside = each(line, ((option["value"], _attributes(option), option["label"]) for option in options))
    return markup('<optgroup label="{}">{}</optgroup>', name, inside) if name else inside


def _attributes(widget: _Widget) -> SafeString:
    given = ((name, value) for name, value in widget["attrs"].items() if value is not False)
    return each(" {}{}", ((name, "" if value is True else markup('="{}"', value)) for name, value in given))


_DRAWN: dict[str, Callable[[_Widget], SafeString]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _INPUTS},
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}select.html": _select,
}
