"""Somebody drops out on the day: who takes their place, with as few changes as can be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from wayhouse.meetings.rota.explain import Gap, reasons_for
from wayhouse.meetings.rota.greedy import free_for
from wayhouse.meetings.rota.objective import shortage
from wayhouse.meetings.rota.problem import Problem
from wayhouse.meetings.rota.result import Meeting, Reason
from wayhouse.meetings.rota.staffing import Staffing
from wayhouse.meetings.rota.tables import Place, Tables


@dataclass(frozen=True, slots=True)
class Shift:
    """A person at a meeting."""

    staff: str
    group: str
    week: int


@dataclass(frozen=True, slots=True)
class Change:
    """What changes in a rota, and whether the meeting is led after it.

    `goes` are shifts taken away, that of the absent person first; `comes` are new shifts; `meetings` are the changed
    meetings as they now stand. `also_free` are others who could come instead without moving anybody, best first.
    `reasons` say why the place stays empty, where it does.
    """

    goes: tuple[Shift, ...]
    comes: tuple[Shift, ...]
    meetings: tuple[Meeting, ...]
    staffed: bool
    also_free: tuple[str, ...]
    reasons: tuple[Reason, ...]

    def applied(self, rota: Sequence[Meeting]) -> tuple[Meeting, ...]:
        """The rota after the change."""
        changed = {(meeting.group, meeting.week): meeting for meeting in self.meetings}
        return tuple(changed.get((meeting.group, meeting.week), meeting) for meeting in rota)


class Move(NamedTuple):
    """Who takes the place, from which other meeting if from any, and who takes theirs there if anybody does."""

    person: int
    leaves: Place | None = None
    successor: int | None = None


def cover(problem: Problem, rota: Sequence[Meeting], group: str, week: int, absent: str) -> Change:
    """The change with the fewest people touched when `absent` drops out of the meeting of `group` in `week` (from 1).

    Somebody who is free comes first, one whom the group knows before others. Only if nobody is free and the meeting
    could not be held otherwise is one other person moved there: from a meeting that can be held without them, or,
    failing that, from one where somebody free can follow. Meetings of earlier weeks are never touched. Who else
    cannot come that day must be away in the problem. Error: `ValueError` if there is no such shift ahead.
    """
    tables = Tables.of(problem)
    staffing = Staffing.of(tables, rota)
    person, place = _shift(tables, staffing, group, week, absent)
    staffing.take(person, place)
    free = _free(staffing, place, person, facilitator=tables.leads[person])
    moves = [Move(one) for one in free[:1]]
    if not free and not _held(staffing, place):
        moves = sorted(_moves(staffing, place, person), key=lambda move: move.successor is not None)
    return _change(staffing, place, person, moves[0] if moves else None, free[1:])


def _shift(tables: Tables, staffing: Staffing, group: str, week: int, absent: str) -> tuple[int, Place]:
    """The person and the meeting by whole numbers."""
    groups = {known.id: place for place, known in enumerate(tables.groups)}
    staff = {known.id: place for place, known in enumerate(tables.staff)}
    place = (groups.get(group, -1), week - 1)
    person = staff.get(absent, -1)
    if place not in tables.ahead or person not in staffing.at[place]:
        raise ValueError("no such shift ahead")
    return person, place


def _held(staffing: Staffing, place: Place) -> bool:
    """Whether a meeting has its facilitators and a mentor."""
    tables = staffing.tables
    missing = shortage(tables.groups[place[0]], (tables.staff[person] for person in staffing.at[place]))
    return not (missing.facilitators or missing.any_mentor)


def _free(staffing: Staffing, place: Place, absent: int, *, facilitator: bool) -> list[int]:
    """Who could come without moving anybody: those the group knows first, then the least loaded, the cheapest."""
    group, _ = place
    known = {person for week in range(staffing.tables.weeks) for person in staffing.at[group, week]}
    free = [person for person in free_for(staffing, place, facilitator=facilitator) if person != absent]
    return sorted(free, key=lambda person: person not in known)


def _moves(staffing: Staffing, place: Place, absent: int) -> Iterator[Move]:
    """Ways to take one person from another meeting that day or later, with a successor there where it needs one."""
    tables, facilitator = staffing.tables, staffing.tables.leads[absent]
    able = tables.of_role(place[0], facilitator=facilitator)
    later = [other for other in tables.ahead if other[1] >= place[1] and other != place]
    for person in able:
        for other in later if person != absent else ():
            if person not in staffing.at[other]:
                continue
            held = _held(staffing, other)
            staffing.take(person, other)
            if staffing.could(person, place):
                staffing.put(person, place)
                if not held or _held(staffing, other):
                    yield Move(person, other)
                successors = _free(staffing, other, absent, facilitator=facilitator)
                yield from (Move(person, other, successor) for successor in successors[:1] if successor != person)
                staffing.take(person, place)
            staffing.put(person, other)


def _change(staffing: Staffing, place: Place, absent: int, move: Move | None, also_free: list[int]) -> Change:
    """Carry a move out and write it down."""
    tables = staffing.tables
    goes, comes = [(absent, place)], []
    if move is not None:
        comes.append((move.person, place))
        goes += [(move.person, move.leaves)] if move.leaves is not None else []
        comes += [(move.successor, move.leaves)] if move.leaves and move.successor is not None else []
    for person, other in goes[1:]:
        staffing.take(person, other)
    for person, other in comes:
        staffing.put(person, other)
    reasons = () if move else reasons_for(staffing, Gap(place, tables.leads[absent]), 1, absent)
    touched = sorted({other for _, other in goes + comes})
    return Change(
        goes=tuple(_named(tables, *shift) for shift in goes),
        comes=tuple(_named(tables, *shift) for shift in comes),
        meetings=tuple(staffing.meeting(other) for other in touched),
        staffed=_held(staffing, place),
        also_free=tuple(tables.staff[person].id for person in also_free),
        reasons=tuple(reasons),
    )


def _named(tables: Tables, person: int, place: Place) -> Shift:
    return Shift(tables.staff[person].id, tables.groups[place[0]].id, place[1] + 1)
