"""Whether somebody can attend a cell at all, and what it costs their preferences if they do."""

from wayhouse.groups.models import Venue
from wayhouse.groups.roster import Cell, Roster, kinds_of
from wayhouse.people.models import RosterEntry

_SECOND_LANGUAGE, _WITH_INTERPRETER, _NOT_PREFERRED, _OTHER_KIND, _OTHER_DISTRICT, _OTHER_TOWN = 4, 10, 6, 8, 3, 8
_PHONE_ONLY = 8


def attends(entry: RosterEntry, cell: Cell) -> bool:
    """Whether time, kind, place and language of a cell suit somebody, if need be with an interpreter."""
    return not hindrance(entry, cell)


def hindrance(entry: RosterEntry, cell: Cell) -> str:
    """The first thing that keeps somebody from a cell, as a code (`choosing.py` has the words); empty without one."""
    if cell.slot not in entry.slots:
        return "time"
    if cell.kind not in kinds_of(entry):
        return "kind"
    if cell.language not in entry.languages and interpreted_from(entry) is None:
        return "language"
    return "place" if cell.venue is None else _hindrance_at(entry, cell.venue)


def interpreted_from(entry: RosterEntry) -> str | None:
    """The language that somebody's interpreter speaks, for people who asked for one."""
    return entry.languages[0] if "interpreter" in entry.needs and entry.languages else None


def suits(entry: RosterEntry, venue: Venue) -> bool:
    """Whether somebody can be at a venue at all: mode, needs and distance."""
    return not _hindrance_at(entry, venue)


def cost(entry: RosterEntry, cell: Cell) -> int:
    """What a cell costs somebody's preferences, who can attend it."""
    total = 0 if cell.slot in entry.preferred_slots or not entry.preferred_slots else _NOT_PREFERRED
    if entry.preferred_kind and entry.preferred_kind != cell.kind:
        total += _OTHER_KIND
    if cell.language not in entry.languages:
        total += _WITH_INTERPRETER
    elif cell.language != entry.languages[0]:
        total += _SECOND_LANGUAGE
    return total + (_way(entry, cell.venue) if cell.venue else 0)


def unmet(entry: RosterEntry, cell: Cell) -> list[str]:
    """Which wishes of somebody a cell does not meet, as codes: the reasons behind `cost`."""
    venue = cell.venue
    away = bool(venue and not venue.online and _way(entry, venue))
    found = {
        "time": bool(entry.preferred_slots) and cell.slot not in entry.preferred_slots,
        "kind": bool(entry.preferred_kind) and entry.preferred_kind != cell.kind,
        "interpreter": cell.language not in entry.languages,
        "language": cell.language in entry.languages[1:],
        "by_phone": away and "phone-in" in entry.needs,
        "way": away and "phone-in" not in entry.needs,
    }
    return [wish for wish, is_unmet in found.items() if is_unmet]


def unmet_in(roster: Roster, person: str, cell: str) -> list[str]:
    """The same for somebody of the roster and the cell of a plan, by their ids."""
    entry = next(entry for entry in roster.members if str(entry.person_id) == person)
    running = {str(group.pk): roster.cell_of(group) for group in roster.running}
    known = running | {one.key: one for one in roster.cells()}
    return unmet(entry, known[cell])


def _hindrance_at(entry: RosterEntry, venue: Venue) -> str:
    if venue.online:
        return "in_person" if entry.mode == "in-person" else ""
    if "phone-in" in entry.needs:
        return ""
    if entry.mode == "online":
        return "online"
    if "step-free" in entry.needs and not venue.step_free:
        return "step_free"
    if "childcare" in entry.needs and not venue.childcare:
        return "childcare"
    return "" if _reaches(entry, venue) else "far"


def _way(entry: RosterEntry, venue: Venue) -> int:
    if venue.online:
        return 0
    if "phone-in" in entry.needs:
        return _PHONE_ONLY
    if not entry.area or not venue.area or _same(entry.area, venue.area):
        return 0
    return _OTHER_DISTRICT if _same(_town(entry.area), _town(venue.area)) else _OTHER_TOWN


def _reaches(entry: RosterEntry, venue: Venue) -> bool:
    if entry.travel == "anywhere" or not entry.area or not venue.area:
        return True
    if entry.travel == "town":
        return _same(_town(entry.area), _town(venue.area))
    return _same(entry.area, venue.area)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _town(area: str) -> str:
    return area.partition("/")[0].strip()
