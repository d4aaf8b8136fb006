"""What templates write again and again: fixed words, days, addresses. Each is looked up once and then kept.

Nothing that belongs to somebody is kept: words of the source by language, days of the calendar, patterns of addresses.
"""

import re
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from html import escape
from typing import Any
from uuid import UUID

from django.template.base import Variable
from django.template.context import Context
from django.template.defaultfilters import date as django_date
from django.template.defaulttags import URLNode
from django.templatetags.i18n import TranslateNode
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from wayhouse.core.days import written_in

# Ids that stand in no address by chance.
_MADE_UP: dict[type, UUID | int] = {UUID: UUID(int=0), int: 10**30}
# Patterns that write the same for two moments with the same day and hour, whatever the zone.
_OF_THE_CLOCK = re.compile(r"[A-Z_]+_FORMAT|[jdDlmMFnYyHGi ,.:-]+")


class Words(TranslateNode):
    """{% translate "words" %} as Django has it; what the words are in a language never changes."""

    def __init__(self, node: TranslateNode) -> None:
        """The node that Django made of the tag."""
        super().__init__(node.filter_expression, node.noop, node.asvar, node.message_context)
        variable = self.filter_expression.var
        fixed = isinstance(variable, Variable) and variable.literal is not None and not self.filter_expression.filters
        self._is_fixed = fixed and node.message_context is None
        self._known: dict[tuple[str | None, bool], Any] = {}

    def render(self, context: Context) -> str:
        """The words, or nothing where they were put into a variable."""
        if not self._is_fixed:
            return str(super().render(context))
        how = (get_language(), context.autoescape)
        if how not in self._known:
            written = super().render(context)
            self._known[how] = context[self.asvar] if self.asvar else written
        words = self._known[how]
        if not self.asvar:
            return words  # type: ignore[no-any-return]  # as it was rendered
        context[self.asvar] = words
        return ""


class Address(URLNode):
    """{% url %} as Django has it; addresses are looked up once, and ids are put in."""

    def render(self, context: Context) -> str:
        """The address, or nothing where it was put into a variable."""
        if self.kwargs:
            return str(super().render(context))
        ids = [argument.resolve(context) for argument in self.args]
        if any([type(one) not in _MADE_UP for one in ids]):  # noqa: C419  a list takes fewer steps
            return str(super().render(context))
        with suppress(NoReverseMatch):
            found = escape(address(self.view_name.resolve(context), *ids))
            if not self.asvar:
                return found
            context[self.asvar] = SafeString(found)
            return ""
        return str(super().render(context))


def address(name: str, *ids: UUID | int) -> str:
    """The address of a page by the ids in it. Error: `NoReverseMatch`."""
    before, *parts = _parts(name, tuple(map(type, ids)))
    return before + "".join([f"{one}{part}" for one, part in zip(ids, parts, strict=True)])


@cache
def _parts(name: str, kinds: tuple[type, ...]) -> list[str]:
    made_up = [_MADE_UP[kind] for kind in kinds]
    parts, rest = list[str](), reverse(name, args=made_up)
    for one in made_up:
        before, _id, rest = rest.partition(str(one))
        parts.append(before)
    return [*parts, rest]


def date_written(value: Any, pattern: str | None = None) -> str | SafeString:
    """The filter `date` as Django has it: a page of lists writes the same few days in each row."""
    if isinstance(value, date) and pattern and _OF_THE_CLOCK.fullmatch(pattern):
        moment = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        return written_in(get_language(), moment, pattern)
    return str(django_date(value, pattern))
