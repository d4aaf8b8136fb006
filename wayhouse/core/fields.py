"""Form fields as HTML: label, help, error and control belong together for eyes and screen readers."""

from collections.abc import Iterable

from django import forms
from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from wayhouse.core.icons import icon
from wayhouse.core.markup import each, markup

NOTHING = mark_safe("")
LISTS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def field(bound: BoundField, **attrs: str) -> SafeString:
    """One field with its label, help and errors. `attrs` are added to the control (`_` becomes `-`)."""
    widget = bound.field.widget
    if widget.is_hidden:
        return mark_safe(str(bound))  # noqa: S308 - a widget renders itself escaped
    if isinstance(widget, LISTS):
        return _choices(bound)
    if isinstance(widget, forms.CheckboxInput):
        return _tick(bound, attrs)
    return _control(bound, attrs)


def fields(form: BaseForm) -> SafeString:
    """All fields of a form, hidden ones too, in their order."""
    return each("{}", ((field(bound),) for bound in form))


def grid(bound: BoundField) -> SafeString:
    """A field of many ticks as a table: one row for each group of its choices.

    The choices are grouped as Django groups them, `[("Monday", [("mon-am", "Morning"), ...]), ...]`, and
    each group has the same labels in the same order; these head the columns.
    """
    rows = [(title, list(options)) for title, options in bound.field.choices]  # type: ignore[attr-defined]
    chosen = {str(value) for value in bound.value() or ()}
    heads = each('<th scope="col">{}</th>', ((label,) for _, label in rows[0][1]))
    body = each(
        '<tr><th scope="row">{}</th>{}</tr>',
        ((title, _cells(bound, title, options, chosen)) for title, options in rows),
    )
    return markup(
        '<fieldset class="field" id="{}"{}><legend>{}</legend>{}'
        '<table class="week"><thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table></fieldset>',
        bound.auto_id,
        _described(bound),
        _label(bound),
        _about(bound),
        heads,
        body,
    )


def error_summary(forms_on_page: Iterable[BaseForm]) -> SafeString:
    """What to correct, each with a link to its field; takes the focus. Empty where nothing is wrong."""
    rows = [row for form in forms_on_page for row in _mistakes(form)]
    if not rows:
        return NOTHING
    title = gettext("Please look at this again")
    return markup(
        '<div class="errors" id="errors" tabindex="-1" autofocus role="group" aria-labelledby="errors-title">'
        '<h2 id="errors-title">{}{}</h2><ul>{}</ul></div>',
        icon("circle-alert"),
        title,
        each("<li>{}</li>", ((row,) for row in rows)),
    )


def _mistakes(form: BaseForm) -> Iterable[SafeString]:
    for error in form.non_field_errors():
        yield markup("{}", error)
    for bound in form:
        for error in bound.errors:
            link = '<a href="#{}">{} – {}</a>'
            yield markup(link, _target(bound), bound.label, error)


def _target(bound: BoundField) -> str:
    # A list of choices has no control of its own: its fieldset carries the id.
    return bound.id_for_label or bound.auto_id


def _control(bound: BoundField, attrs: dict[str, str]) -> SafeString:
    return markup(
        '<div class="field"><label for="{}">{}</label>{}{}</div>',
        bound.id_for_label,
        _label(bound),
        _about(bound),
        bound.as_widget(attrs=_control_attrs(bound, attrs)),
    )


def _tick(bound: BoundField, attrs: dict[str, str]) -> SafeString:
    return markup(
        '<div class="field">{}<label class="choice">{}<span>{}</span></label></div>',
        _about(bound),
        bound.as_widget(attrs=_control_attrs(bound, attrs)),
        bound.label,
    )


def _choices(bound: BoundField) -> SafeString:
    return markup(
        '<fieldset class="field" id="{}"{}><legend>{}</legend>{}<div class="choices">{}</div></fieldset>',
        bound.auto_id,
        _described(bound),
        _label(bound),
        _about(bound),
        each("{}", ((_choice(sub.data, bound),) for sub in bound.subwidgets)),
    )


def _choice(data: dict[str, object], bound: BoundField) -> SafeString:
    required = isinstance(bound.field.widget, forms.RadioSelect) and bound.field.required
    return markup(
        '<label class="choice"><input type="{}" name="{}" value="{}"{}{}><span>{}</span></label>',
        data["type"],
        data["name"],
        "" if data["value"] is None else data["value"],
        mark_safe(" checked") if data["selected"] else "",
        mark_safe(" required") if required else "",
        data["label"],
    )


def _cells(bound: BoundField, row: object, options: Iterable[tuple[object, object]], chosen: set[str]) -> SafeString:
    return each(
        '<td><label><input type="checkbox" name="{}" value="{}"{}><span class="vh">{}, {}</span></label></td>',
        (
            (bound.html_name, value, mark_safe(" checked") if str(value) in chosen else "", row, label)
            for value, label in options
        ),
    )


def _control_attrs(bound: BoundField, attrs: dict[str, str]) -> dict[str, str | bool]:
    given: dict[str, str | bool] = {name.replace("_", "-"): value for name, value in attrs.items()}
    # Django would add the same ids by itself, but not for a tick and not in the order help, error.
    described = _described_by(bound)
    return given | ({"aria-describedby": described} if described else {})


def _described_by(bound: BoundField) -> str:
    parts = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    parts += [f"{bound.auto_id}_error"] if bound.errors else []
    return " ".join(parts)


def _described(bound: BoundField) -> SafeString:
    described = _described_by(bound)
    return markup(' aria-describedby="{}"', described) if described else NOTHING


def _label(bound: BoundField) -> SafeString:
    if bound.field.required:
        return markup("{}", bound.label)
    # Some fields are needed now and then: they say when, in `needed`.
    said = getattr(bound.field, "needed", "") or gettext("optional")
    return markup('{} <span class="muted">({})</span>', bound.label, said)


def _about(bound: BoundField) -> SafeString:
    parts = NOTHING
    if bound.help_text:
        parts += markup('<p class="hint" id="{}_helptext">{}</p>', bound.auto_id, bound.help_text)
    if bound.errors:
        words = each("{}", ((error,) for error in bound.errors), " ")
        sign = icon("circle-alert", 20)
        parts += markup('<p class="wrong" id="{}_error">{}<span>{}</span></p>', bound.auto_id, sign, words)
    return parts
