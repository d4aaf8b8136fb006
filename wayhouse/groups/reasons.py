"""Why somebody has no place, in words a coordinator can act on.

The kernel's codes stand in `formation/explain.py`, those of people without any option in `lacking.py`. A keep-apart is
never named: whoever could attend something gets the same general words first.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wayhouse.people.roster.choices import KINDS
from wayhouse.people.roster.languages import language_name
from wayhouse.people.roster.times import slot_label

PLAIN: dict[str, Promise] = {
    "no_suitable_group": gettext_lazy("No suitable group at these times."),
    # In proposals of earlier versions, and the word of the kernel; `lacking.py` says more.
    "no_option": gettext_lazy("No suitable group at these times."),
    "no_times": gettext_lazy("No times are written down for this person. Ask, and add them to the roster."),
    "no_venue": gettext_lazy("No place is open at the times this person can come."),
    "no_lead": gettext_lazy("Nobody who leads groups is free at these times."),
    "no_language": gettext_lazy("At these times nobody leads in a language this person speaks."),
    "no_interpreter": gettext_lazy("At these times an interpreter is needed, and none can be booked."),
    "no_place": gettext_lazy(
        "At these times no place suits what this person needs, how far they travel or how they want to meet."
    ),
    "by_hand": gettext_lazy("Taken out by hand."),
    "lock_without_room": gettext_lazy("Locked in a group that cannot open like this."),
}


class Wording:
    """Sentences for codes; `names` gives venues and running groups by their ids in cells and pools."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """`names` as stored with the plan."""
        self._names = names

    def sentences(self, codes: Iterable[Mapping[str, Any]]) -> list[str]:
        """One sentence for each code that has something to say, each only once."""
        found = (self._sentence(one["code"], one["params"]) for one in codes)
        return list(dict.fromkeys(sentence for sentence in found if sentence))

    def where(self, cell: str) -> str:
        """A cell as people say it: "Library, Tuesday evening, English, mixed"; a running group by its name."""
        if ":" not in cell:
            return self._names.get(cell, _("a group that meets already"))
        venue, slot, language, kind = cell.split(":")
        parts = (self._venue(venue), slot_label(slot), language_name(language), KINDS.label(kind))
        return ", ".join(parts)

    def one_more(self, pools: Sequence[str]) -> list[str]:
        """What one more of these pools is, in words: the most telling one of each kind."""
        kinds: dict[str, list[str]] = {}
        for pool in sorted(pools, key=lambda pool: -pool.count(":")):
            kind, *rest = pool.split(":")
            kinds.setdefault(kind, rest)
        return [self._one_more(kind, rest) for kind, rest in sorted(kinds.items())]

    def _one_more(self, kind: str, rest: Sequence[str]) -> str:
        if kind == "room":
            return _("one more room: %(venue)s, %(slot)s") % {
                "venue": self._venue(rest[0]),
                "slot": slot_label(rest[1]),
            }
        if not rest:
            return _("one more evening a week from those who lead")
        words = {"slot": slot_label(rest[0]), "language": language_name(rest[1]) if rest[1:] else ""}
        if kind == "interpreter":
            return _("one more interpreter: %(language)s, %(slot)s") % words
        if words["language"]:
            return _("one more person who leads: %(language)s, %(slot)s") % words
        return _("one more person who leads: %(slot)s") % words

    def _sentence(self, code: str, params: Mapping[str, Any]) -> str:
        if code in PLAIN:
            return str(PLAIN[code])
        cell, people = params.get("cell", ""), params.get("people", 0)
        if cell and ":" not in cell and code != "groups_full":
            # A group that meets already opens no second one.
            return ""
        if "pool" in params:
            help_of_one_more = _would_help(people) if code == "no_interpreter_left" else _would_open(people)
            return f"{self._missing(params['pool'])} {help_of_one_more}"
        if code == "groups_full":
            return _("Full with %(most)s people: %(where)s.") % {"where": self.where(cell), "most": params["most"]}
        if code == "too_few_people":
            return _too_few(self.where(cell), people, params["least"])
        return _("No further group can open here: %(where)s.") % {"where": self.where(cell)} + f" {_would_open(people)}"

    def _missing(self, pool: str) -> str:
        """What has run out, from the name of a pool (`forming.py` makes them)."""
        kind, *rest = pool.split(":")
        if kind == "room":
            words = {"venue": self._venue(rest[0]), "slot": slot_label(rest[1])}
            return _("No room is left: %(venue)s, %(slot)s.") % words
        if not rest:
            return _("Those who lead take no further evening a week.")
        words = {"slot": slot_label(rest[0]), "language": language_name(rest[1]) if rest[1:] else ""}
        if kind == "interpreter":
            return _("Every interpreter is taken: %(language)s, %(slot)s.") % words
        if words["language"]:
            return _("Nobody is left to lead in this language: %(language)s, %(slot)s.") % words
        return _("Nobody is left to lead: %(slot)s.") % words

    def _venue(self, venue: str) -> str:
        return self._names.get(venue, _("a place"))


def _too_few(where: str, people: int, least: int) -> str:
    waiting = ngettext("%(people)s person waits", "%(people)s people wait", people) % {"people": people}
    words = {"where": where, "waiting": waiting, "least": least}
    return _("Too few for a group of their own (%(where)s): %(waiting)s, %(least)s are needed.") % words


def _would_open(people: int) -> str:
    words = {"people": people}
    return (
        ngettext(
            "One more could open a group; %(people)s person waits for it.",
            "One more could open a group; %(people)s people wait for it.",
            people,
        )
        % words
    )


def _would_help(people: int) -> str:
    words = {"people": people}
    return (
        ngettext(
            "One more could place people here; %(people)s person waits for it.",
            "One more could place people here; %(people)s people wait for it.",
            people,
        )
        % words
    )
