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


class _Answers(NamedTuple):
    """What is said of more than one kind."""

    coordinators: str
    both: str
    stays: str
    ask: str
    copied: str
    shown: str
    never: str
    erased: str
    month: str


def kept_about(person: Person) -> list[Kept]:
    """Every kind of record of this house that can be about this person."""
    said = _Answers(
        coordinators=_("the coordinators"),
        both=_("you and the coordinators"),
        stays=_("until ninety days after you leave"),
        ask=_("ask a coordinator; you need no reason"),
        copied=_("in your copy"),
        shown=_("ask a coordinator for a look"),
        never=_("not needed"),
        erased=_("with everything, at once"),
        month=_("four weeks after the evening"),
    )
    of_role = _leading(said) if person.leads_evenings else _attending(said)
    return [
        *_known(said),
        *_planned(said),
        *of_role,
        *_written(said),
        *_between(said),
        *_worries(said),
        *_not_kept(said),
    ]


def _known(said: _Answers) -> list[Kept]:
    all_ = said.erased
    return [
        Kept(
            _("The name you chose"), _("you, your group, the people who run it, and the coordinators"),
            said.stays, said.ask, said.copied, all_,
        ),
        Kept(
            _("The name you sign in with"), _("nobody: only a fingerprint of it is kept"),
            said.stays, said.never, said.never, all_,
        ),
        Kept(
            _("That two people made a way back for you, when, and how they knew you"), said.both,
            _("half a year after it ended"), said.ask, said.copied, all_,
        ),
        Kept(
            _("What you said yes to and took back, when, and in which words"), _("you"),
            said.stays, _("by saying it anew"), said.copied, all_,
        ),
    ]  # fmt: skip


def _planned(said: _Answers) -> list[Kept]:
    return [
        Kept(
            _("Languages, times, needs, area, kind of group and label, for planning"), said.coordinators,
            said.stays, said.ask, said.copied, said.erased,
        ),
        Kept(
            _("Who you should not meet, if somebody said so"), _("nobody on any page; only the planning uses it"),
            said.stays, said.ask, said.shown,
            _("with everything; taken off the lists when a coordinator is next here"),
        ),
        Kept(
            _("Your roles, and the days they began"), said.coordinators, said.stays, said.ask, said.copied, said.erased
        ),
    ]  # fmt: skip


def _leading(said: _Answers) -> list[Kept]:
    group = _("the group, and the coordinators")
    return [
        Kept(_("The evenings you lead or accompany"), group, said.stays, said.ask, said.copied, said.erased),
        Kept(_("Shifts you handed over or asked to"), said.both, said.month, said.ask, said.copied, said.erased),
    ]


def _attending(said: _Answers) -> list[Kept]:
    group = _("you, the people who run your group, and the coordinators")
    return [
        Kept(_("Your seat in a group"), group, said.stays, said.ask, said.copied, said.erased),
        Kept(
            _("Which evenings you came to, if you said yes to that"), group, _("twelve months after the evening"),
            said.ask, said.copied, _("at once, by taking your yes back"),
        ),
        Kept(
            _("What you asked for to be able to come, and whether it is arranged"), said.both, said.month,
            _("by asking anew"), said.copied, said.erased,
        ),
        Kept(_("Your answers to evenings"), group, said.month, _("by answering again"), said.copied, said.erased),
        Kept(
            _("Which times you said suit you"), _("you; your group and the coordinators read counts"),
            _("until it is counted; then only the counts are left"), _("by answering again"), said.copied, said.erased,
        ),
    ]  # fmt: skip


def _written(said: _Answers) -> list[Kept]:
    return [
        Kept(
            _("How, when and in which words you may be reached"), _("you, and the machine when it writes to you"),
            _("until you change it or leave"), _("by changing it there"), said.copied, _("there, with one tap"),
        ),
        Kept(
            _("That we sent you something, by which way, and what came of it"), _("you"),
            _("thirty days"), said.never, said.copied, said.erased,
        ),
        Kept(
            _("Your times in a calendar, if you made one"), _("you, and whoever has the link"),
            _("thirty days after each"), said.never, said.copied, _("there, with one tap"),
        ),
        Kept(
            _("What you wrote to us without a name"), _("the coordinators; not under your name"),
            _("thirty quiet days"), _("by writing again, with your code"), said.never, _("there, with your code"),
        ),
        Kept(
            _("What you talked about before your first evening, part by part, and when"), said.both,
            said.stays, said.ask, said.copied, said.erased,
        ),
        Kept(
            _("The names you wrote down of people you must not meet"), _("you; the computer compares them, on no page"),
            said.stays, _("by changing it there"), said.copied, said.erased,
        ),
        Kept(
            _("What you wrote in the space of your group"), _("you, and who sat in it when it was begun"),
            _("ninety days after the last evening; at the latest ninety days after you leave"),
            _("by changing it there"), said.copied, _("there, word by word, or with everything"),
        ),
    ]  # fmt: skip


def _between(said: _Answers) -> list[Kept]:
    return [
        Kept(
            _("What you wrote in a thread of two"), _("the two of you, and nobody else"),
            _("thirty days after it ended"), _("by writing again"), said.copied,
            _("there, word by word, or with everything"),
        ),
        Kept(
            _("What you asked or answered without a name"),
            _("the mentors who answer questions, and whoever you answered; not under your name"),
            _("twenty-eight days after the asking"), _("by saying more"), said.copied, _("there, with one tap"),
        ),
    ]  # fmt: skip


def _worries(said: _Answers) -> list[Kept]:
    safety = _("you and those who answer for safety")
    law = _("as long as the law of your country asks for it")
    return [
        Kept(
            _("Your safety plan, if you wrote one"), _("you, and whom you chose to show it to"),
            said.stays, _("by changing it there"), said.copied, _("there, with one tap"),
        ),
        Kept(
            _("Its copy for emergencies, if you said yes, and who asked to open it"),
            _("you; in an emergency whoever asked, together with a coordinator, and you read who"),
            _("the copy for six months; who asked for it, until you are erased"),
            said.never, said.copied, _("the copy there, with one tap; the rest with everything"),
        ),
        Kept(
            _("What you told us when you were worried"), safety, law,
            _("by writing to them there"), said.copied, _("not by yourself: ask those who answer for safety"),
        ),
        Kept(
            _("Concerns about you, and what was done"), _("those who answer for safety; they tell you about it"),
            law, _("ask those who answer for safety"), _("ask those who answer for safety"),
            _("not by yourself: ask those who answer for safety"),
        ),
        Kept(
            _("Steps about how we are together: a talk, an agreement, time away, an ending; and what you said to it"),
            safety, said.stays, _("by saying there how you see it, or by appealing"), said.copied, said.erased,
        ),
        Kept(
            _("What an authority asked about you, and what was done, if that happened"),
            _("those who answer for safety; they tell you as soon as the law lets them"),
            law, said.never, _("that a law holds your records stands in it, once you may be told"),
            _("not by yourself: ask those who answer for safety"),
        ),
    ]  # fmt: skip


def _not_kept(said: _Answers) -> list[Kept]:
    never = said.never
    return [
        Kept(
            _("That you take a break, never why"), said.coordinators, _("until you are back"),
            never, said.copied, said.erased,
        ),
        Kept(
            _("Your device, your network, and when you were here"), _("nobody: it is not kept"),
            "–", never, never, _("nothing to erase"),
        ),
    ]  # fmt: skip
