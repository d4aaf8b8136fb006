"""{% load desk %}: the lines of a coordinator's first screen, drawn by functions since there are dozens of them."""

from collections.abc import Iterable, Sequence

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wayhouse.core.components import NOTHING
from wayhouse.core.days import moment_written
from wayhouse.core.icons import icon
from wayhouse.core.markup import each, markup
from wayhouse.groups.models import Group
from wayhouse.home.desk import Gap
from wayhouse.meetings.lines import gap_badges

register = template.Library()
# More would push what waits for a decision off a phone; the others are a tap away.
_SHOWN = 8


@register.simple_tag
def gap_lines(gaps: Sequence[Gap]) -> SafeString:
    """The first evenings that lack somebody, each with the way to somebody who could come; then how many others do."""
    above, find = reverse("meetings:meetings"), _("Find somebody")
    line = (
        '<li><span><b>{}</b> <span class="one-line">{}</span><br>{}</span>'
        '<a class="btn quiet small" href="{}{}/cover/">{}<span class="vh"> – {}</span></a></li>'
    )
    shown = each(
        line,
        (
            (name, moment_written(one.starts_at, "D j M"), gap_badges(gap.lacks), above, one.pk, find, name)
            for gap in gaps[:_SHOWN]
            for one, name in [(gap.meeting, gap.meeting.group.name)]
        ),
    )
    return shown + _later(gaps[_SHOWN:], above)


def _later(gaps: Sequence[Gap], above: str) -> SafeString:
    """The way to the weeks of these evenings; nothing where there are none."""
    if not gaps:
        return NOTHING
    number, day = len(gaps), localtime(gaps[0].meeting.starts_at).date()
    words = ngettext("%(number)s later evening has a gap too.", "%(number)s later evenings have gaps too.", number)
    line = '<li><a href="{}?from={}"><span><b>{}</b></span>{}</a></li>'
    return markup(line, above, day.isoformat(), words % {"number": number}, icon("chevron-right"))


@register.simple_tag
def group_lines(groups: Iterable[Group]) -> SafeString:
    """The groups of a programme, each with how many people sit in it."""
    above, onward = reverse("groups:cycles"), icon("chevron-right")
    line = '<li><a href="{}{}/"><span><b>{}</b><br><span class="muted">{}</span></span>{}</a></li>'
    return each(line, ((above, group.pk, group.name, _people(group), onward) for group in groups))


def _people(group: Group) -> str:
    number: int = group.taken  # type: ignore[attr-defined]  # an annotation of `desk._groups`
    return ngettext("%(number)s person", "%(number)s people", number) % {"number": number}
