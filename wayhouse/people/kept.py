"""What is kept about a person: who can read each of it, until when, how it is corrected, copied and erased.

The same list for everybody with the same roles. Figures as in `leaving/clocks.py`.
"""

from typing import NamedTuple

from django.utils.translation import gettext as _

from wayhouse.people.models import Person


class Kept(NamedTuple):
    """One kind of record."""

    what: str
    readers: str
    until: str
    correct: str
    copy: str
    erase: str


def kept_about(person: Person) -> list[Kept]:
    """Every kind of record of this house that can be about this person."""
    coordinators, you, nobody = _("the coordinators"), _("you and the coordinators"), _("nothing to erase")
    stays, ask = _("until ninety days after you leave"), _("ask a coordinator; you need no reason")
    copied, shown, never = _("in your copy"), _("ask a coordinator for a look"), _("not needed")
    all_ = _("with everything, at once")
    year, month = _("twelve months after the evening"), _("four weeks after the evening")
    common = [
        Kept(_("The name you chose"), _("you, your group, and the people who run it"), stays, ask, copied, all_),
        Kept(
            _("The name you sign in with"), _("nobody: only a fingerprint of it is kept"), stays, never, never, all_
        ),
        Kept(
            _("Languages, times, needs, area, kind of group and label, for planning"),
            coordinators, stays, ask, shown, all_,
        ),
        Kept(
            _("Who you should not meet, if somebody said so"), _("nobody on any page; only the planning uses it"),
            stays, ask, shown, _("with everything; taken off the lists when a coordinator is next here"),
        ),
        Kept(
            _("That two people made a way back for you, when, and how they knew you"), you,
            _("half a year after it ended"), ask, copied, all_,
        ),
        Kept(_("Your roles, and the days they began"), coordinators, stays, ask, copied, all_),
        Kept(
            _("What you said yes to and took back, when, and in which words"), _("you"), stays, _("by saying it anew"),
            copied, all_,
        ),
    ]  # fmt: skip
    if person.leads_evenings:
        group = _("the group, and the coordinators")
        common.append(Kept(_("The evenings you lead or accompany"), group, stays, ask, copied, all_))
        common.append(Kept(_("Shifts you handed over or asked to"), you, month, ask, copied, all_))
    else:
        group = _("you, the people who run your group, and the coordinators")
        common += [
            Kept(_("Your seat in a group"), group, stays, ask, copied, all_),
            Kept(_("Which evenings you came to, if you said yes to that"), group, year, ask, copied,
                 _("at once, by taking your yes back")),
            Kept(_("Your answers to evenings"), group, month, _("by answering again"), copied, all_),
        ]  # fmt: skip
    on_break = Kept(_("That you take a break, never why"), coordinators, _("until you are back"), never, copied, all_)
    device = Kept(
        _("Your device, your network, and when you were here"), _("nobody: it is not kept"), "–", never, never, nobody
    )
    return [*common, on_break, device]
