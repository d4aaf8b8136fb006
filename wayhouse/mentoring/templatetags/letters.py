"""{% load letters %}: office hours in words, and letters, drawn by functions since a page has fifty of them."""

from datetime import datetime

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wayhouse.core.components import NOTHING, badge, button, notice
from wayhouse.core.days import day_written, moment_written
from wayhouse.core.markup import each, markup
from wayhouse.mentoring.exchanging import Exchanged
from wayhouse.mentoring.models import Offer
from wayhouse.mentoring.reading import Line, Talk

register = template.Library()

_DAY, _WEEKDAY = "j F", "l, j F"
_EVERY_DAY = 7


@register.simple_tag
def office_hours(offer: Offer) -> str:
    """When a mentor reads, such as "Mon, Wed, 18:00 to 20:00 (Europe/Berlin)"."""
    hours = offer.hours
    return _("%(days)s, %(start)s to %(end)s (%(zone)s)") % {
        "days": _days(hours.days),
        "start": f"{hours.start:%H:%M}",
        "end": f"{hours.end:%H:%M}",
        "zone": hours.zone,
    }


@register.simple_tag
def waiting_notice(moment: datetime) -> SafeString:
    """Before somebody writes outside of office hours: from when on it will be read."""
    said = _("It is outside of these hours. You can write; it will be read from %(from)s on.")
    return notice(said % {"from": moment_written(moment, _WEEKDAY)}, icon="moon")


@register.simple_tag(takes_context=True)
def letter_cards(context: Context, talk: Talk) -> SafeString:
    """Letters, each with what the reader may do with it."""
    token = str(context.get("csrf_token", ""))
    card = '<article class="card post" id="l{}"><header><b>{}</b><span class="muted">{}</span></header>{}{}{}</article>'
    return each(card, ((line.letter.pk, _who(line, talk), _when(line), _words(line), _waits(line),
                        _back(line, token)) for line in talk.lines))  # fmt: skip


@register.simple_tag
def saying_cards(talk: Exchanged) -> SafeString:
    """The question and what was said to it; nobody has a name."""
    as_asker = talk.seat.as_asker
    first = (_mask(is_me=as_asker, as_asker=True), day_written(talk.question.asked_on, _DAY), talk.question.text)
    said = (
        (_mask(is_me=line.from_asker == as_asker, as_asker=line.from_asker), day_written(line.said_on, _DAY), line.text)
        for line in talk.lines
    )
    card = (
        '<article class="card post"><header><b>{}</b><span class="muted">{}</span></header>'
        '<p class="words" dir="auto">{}</p></article>'
    )
    return each(card, [first, *said])


def _mask(*, is_me: bool, as_asker: bool) -> str:
    if is_me:
        return _("You")
    return _("Somebody who asks") if as_asker else _("Somebody who has been there")


def _days(days: tuple[int, ...]) -> str:
    if len(days) == _EVERY_DAY:
        return _("every day")
    if len(days) == 1:
        return str(WEEKDAYS[days[0]])
    return ", ".join(str(WEEKDAYS_ABBR[day]) for day in sorted(days))


def _who(line: Line, talk: Talk) -> str | SafeString:
    if line.is_me:
        return _("You")
    return markup("<bdi>{}</bdi>", talk.other_name or "")


def _when(line: Line) -> SafeString:
    return markup(
        "{}{}", day_written(line.day, _DAY), markup(" {}", badge(_("new"), "good")) if line.is_new else NOTHING
    )


def _words(line: Line) -> SafeString:
    # The direction follows the words, not the page: people write in their own language.
    return markup('<p class="words" dir="auto">{}</p>', line.letter.text)


def _waits(line: Line) -> SafeString:
    if line.waits_until is None:
        return NOTHING
    said = _("It waits, and will be read from %(from)s on.")
    return markup('<p class="muted">{}</p>', said % {"from": moment_written(line.waits_until, _WEEKDAY)})


def _back(line: Line, token: str) -> SafeString:
    if not line.is_me:
        return NOTHING
    return format_html(
        '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<div class="row">{}</div></form>',
        reverse("mentoring:take_back", args=[line.letter.pk]),
        token,
        button(_("Take back"), kind="quiet small"),
    )
