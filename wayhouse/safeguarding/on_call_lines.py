"""The days of a rota of those on call, drawn by functions and not by templates: one page shows five weeks of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wayhouse.core.components import NOTHING, badge, button
from wayhouse.core.days import day_written
from wayhouse.core.markup import each, markup
from wayhouse.core.recurring import address


def day_lines(days: Iterable[Mapping[str, Any]], others: Sequence[tuple[str, str]], token: str) -> SafeString:
    """A line for each day to come: who is called, what was asked, and how to hand it over or take it.

    `others`: whom one can ask on days on which they are not called themselves; `token`: what a form brings along.
    """
    nobody = badge(_("nobody"), kind="urgent")
    hidden = markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)
    # Few pairs serve in turn: each choice is drawn once.
    choices: dict[tuple[tuple[str, str], ...], SafeString] = {}

    def handing(day: Mapping[str, Any]) -> SafeString:
        free = tuple(one for one in others if one[0] not in day["called"])
        if free not in choices:
            choices[free] = _handing(free) if free else NOTHING
        return choices[free]

    def line(day: Mapping[str, Any]) -> SafeString:
        names = each("{}", ((name,) for name in day["names"]), ", ") if day["names"] else nobody
        asked = NOTHING
        if day["asked"]:
            words = _("%(name)s is asked to take it") % {"name": day["asked"]}
            asked = markup('<br><span class="muted">{}</span>', words)
        when = day_written(day["day"], "l, j M")
        return markup("<li><span><b>{}</b><br>{}{}</span>{}</li>", when, names, asked, _way(day, handing(day), hidden))

    return each("{}", ((line(day),) for day in days if not day["past"]))


def _way(day: Mapping[str, Any], handing: SafeString, hidden: SafeString) -> SafeString:
    if day["offered"]:
        yes = button(_("Take it"), kind="small", name="answer", value="yes")
        no = button(_("No"), kind="quiet small", name="answer", value="no")
        there = address("safeguarding:answer_swap", day["offered"])
        return markup('<form method="post" action="{}">{}{}{}</form>', there, hidden, yes, no)
    if not day["mine"] or day["asked"] or not handing:
        return NOTHING
    there = address("safeguarding:ask_swap", day["mine"].pk)
    form = '<details><summary>{}</summary><form class="form" method="post" action="{}">{}{}</form></details>'
    return markup(form, _("Hand over"), there, hidden, handing)


def _handing(others: Sequence[tuple[str, str]]) -> SafeString:
    options = each('<option value="{}">{}</option>', others)
    choice = '<label>{} <select name="taker">{}</select></label>{}'
    return markup(choice, _("To"), options, button(_("Ask"), kind="small"))
