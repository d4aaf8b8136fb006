"""From sealed records to a formation problem: what a person can attend, and what each choice costs them.

Design page "Planning", section "Groups". The problem holds random ids and nothing that names anybody.

A group that meets already is a cell of its own, which holds only that group; whoever sits there can attend nothing
else. A group that shrank below the least size gets empty chairs, people of the problem whom nobody seats elsewhere, so
that it goes on as it is.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations
from typing import Any
from uuid import UUID

from wayhouse.groups.locks import Locks, lock_people, unlocked
from wayhouse.groups.roster import Cell, Roster
from wayhouse.groups.suiting import attends, cost, interpreted_from
from wayhouse.people.models import RosterEntry

SIZE = {"min": 6, "target": 9, "max": 12}
MAX_GROUPS = 400
INTERPRETER_RATIO = 4
CHAIR = "chair"
# Slots with languages that nobody leads, of those that are looked at when it is asked what one more would change.
_MOST_WIDER = 12

Json = dict[str, Any]


def problem_of(roster: Roster, locks: Locks = (), *, wider: bool = False) -> Json:
    """The formation problem as JSON (`groups/formation/problem.schema.json`); whom `locks` keep together stays so.

    A `wider` one also has what nobody leads or interprets so far, with nobody for it: to find out whom one more would
    place.
    """
    also = roster.nobody_leads(SIZE["min"])[:_MOST_WIDER] if wider else ()
    fresh, running = roster.cells(also), {group.pk: roster.cell_of(group) for group in roster.running}
    pools = _pools(roster, fresh)
    offered = [*((str(pk), cell) for pk, cell in running.items()), *((cell.key, cell) for cell in fresh)]
    by_slot: dict[str, list[tuple[str, Cell]]] = {}
    for key, cell in offered:
        by_slot.setdefault(cell.slot, []).append((key, cell))
    people = []
    for entry in roster.members:
        home = roster.seated.get(entry.person_id)
        people.append(
            _seated(entry, home, running[home])
            if home
            else _waiting(entry, by_slot, pools if not wider else None, roster)
        )
    locked = lock_people(people, locks)
    wanted = {option["cell"] for person in people for option in person["options"]}
    of_locks = [{**_cell(cell, pools), "id": key, "max_groups": 1} for key, cell in _lock_cells(locked, fresh)]
    return {
        "size": SIZE,
        "pools": [{"id": key, "capacity": capacity} for key, capacity in pools.items()],
        "max_groups": MAX_GROUPS,
        "cells": [*_running_cells(running), *(_cell(cell, pools) for cell in fresh if cell.key in wanted), *of_locks],
        "people": [*people, *_chairs(roster)],
        "keep_apart": list(_apart(roster)),
        "interpreter_ratio": INTERPRETER_RATIO,
    }


def _lock_cells(locked: Iterable[str], fresh: list[Cell]) -> Iterator[tuple[str, Cell]]:
    cells = {cell.key: cell for cell in fresh}
    return ((key, cells[unlocked(key)]) for key in locked)


def is_chair(person: str) -> bool:
    """Whether an id of the problem is an empty chair and nobody."""
    return person.startswith(CHAIR)


def is_kept_out(entry: RosterEntry, roster: Roster) -> bool:
    """Whether a running group would be a choice for somebody, and is none because of whom they must not meet."""
    closed = roster.closed_to(entry.person_id)
    if not closed:
        return False
    by_slot: dict[str, list[tuple[str, Cell]]] = {}
    for group in roster.running:
        if str(group.pk) in closed:
            by_slot.setdefault(group.slot, []).append((str(group.pk), roster.cell_of(group)))
    return any(_options(entry, by_slot, _pools(roster, roster.cells())))


def _waiting(
    entry: RosterEntry, by_slot: dict[str, list[tuple[str, Cell]]], pools: dict[str, int] | None, roster: Roster
) -> Json:
    closed = roster.closed_to(entry.person_id)
    offered = _options(entry, by_slot, pools)
    return {
        "id": str(entry.person_id),
        "mix": entry.mix or None,
        "options": [option for option in offered if option["cell"] not in closed],
        "previous": None,
    }


def _seated(entry: RosterEntry, home: UUID, cell: Cell) -> Json:
    return {
        "id": str(entry.person_id),
        "mix": entry.mix or None,
        "options": [{"cell": str(home), "cost": 0, "interpreter": _interpreter_for(entry, cell)}],
        "previous": {"cell": str(home), "group": str(home)},
    }


def _options(
    entry: RosterEntry, by_slot: dict[str, list[tuple[str, Cell]]], pools: dict[str, int] | None
) -> Iterator[Json]:
    """Where somebody can go; with `pools` only where an interpreter whom they need can be booked."""
    for slot in dict.fromkeys(entry.slots):
        for key, cell in by_slot.get(slot, ()):
            interpreter = _interpreter_for(entry, cell)
            if attends(entry, cell) and (interpreter is None or pools is None or pools[interpreter]):
                yield {"cell": key, "cost": cost(entry, cell), "interpreter": interpreter}


def _interpreter_for(entry: RosterEntry, cell: Cell) -> str | None:
    """The pool of interpreters that somebody draws on in a cell, if they do not speak its language."""
    language = interpreted_from(entry)
    if language is None or cell.language in entry.languages:
        return None
    return _interpreter(cell.slot, language)


def _pools(roster: Roster, fresh: list[Cell]) -> dict[str, int]:
    """What is left of rooms and of people who lead; groups that meet already have taken theirs."""
    taken = Counter(pool for group in (*roster.running, *roster.elsewhere) for pool in _uses(roster.cell_of(group)))
    there: dict[str, int] = {}
    for cell in fresh:
        there[_room(cell)] = cell.venue.rooms if cell.venue else 0
    for cell in fresh:
        free = [entry for entry in roster.facilitators if cell.slot in entry.slots]
        there[f"lead:{cell.slot}:{cell.language}"] = sum(cell.language in entry.languages for entry in free)
        there[f"lead:{cell.slot}"] = len(free)
    there["lead"] = sum(entry.meetings_a_week for entry in roster.facilitators)
    left = {pool: max(0, capacity - taken[pool]) for pool, capacity in there.items()}
    return left | _interpreters(roster, fresh)


def _interpreters(roster: Roster, fresh: list[Cell]) -> dict[str, int]:
    """As many as the coordinator says, and never fewer than groups that meet already have with them."""
    languages = sorted({language for entry in roster.members if (language := interpreted_from(entry))})
    slots = {cell.slot for cell in fresh} | {group.slot for group in roster.running}
    present: Counter[tuple[UUID, str]] = Counter()
    cell_of = {group.pk: roster.cell_of(group) for group in roster.running}
    for entry in roster.members:
        home = roster.seated.get(entry.person_id)
        pool = _interpreter_for(entry, cell_of[home]) if home else None
        if home and pool:
            present[home, pool] += 1
    at_work: Counter[str] = Counter()
    for (_home, pool), count in present.items():
        at_work[pool] += -(-count // INTERPRETER_RATIO)
    pools = [_interpreter(slot, language) for slot in sorted(slots) for language in languages]
    return {pool: max(roster.interpreters, at_work[pool]) for pool in pools}


def _cell(cell: Cell, pools: dict[str, int]) -> Json:
    uses = _uses(cell)
    return {"id": cell.key, "max_groups": min(pools[pool] for pool in uses), "uses": uses}


def _running_cells(running: dict[UUID, Cell]) -> list[Json]:
    return [{"id": str(pk), "max_groups": 1, "uses": []} for pk in running]


def _chairs(roster: Roster) -> Iterator[Json]:
    """Empty chairs up to the least size, and for whoever sits in a group without being on the roster."""
    known = {entry.person_id for entry in roster.members}
    listed = Counter(group for person, group in roster.seated.items() if person in known)
    seated = Counter(roster.seated.values())
    for group in roster.running:
        home = str(group.pk)
        for number in range(max(SIZE["min"], seated[group.pk]) - listed[group.pk]):
            option = {"cell": home, "cost": 0, "interpreter": None}
            previous = {"cell": home, "group": home}
            yield {"id": f"{CHAIR}:{number}:{home}", "mix": None, "options": [option], "previous": previous}


def _apart(roster: Roster) -> Iterator[list[str]]:
    """Who must not meet; two who sit in one group already are no longer a matter of planning."""
    known = {str(entry.person_id) for entry in roster.members}
    home = {str(person): group for person, group in roster.seated.items()}
    for rule in roster.apart:
        people = sorted(known & set(rule.people))
        if _share_a_group(people, home):
            yield from (
                [one, other] for one, other in combinations(people, 2) if not _share_a_group([one, other], home)
            )
        elif len(people) > 1:
            yield people


def _share_a_group(people: Collection[str], home: dict[str, UUID]) -> bool:
    seats = Counter(home[person] for person in people if person in home)
    return any(count > 1 for count in seats.values())


def _uses(cell: Cell) -> list[str]:
    return [_room(cell), f"lead:{cell.slot}:{cell.language}", f"lead:{cell.slot}", "lead"]


def _room(cell: Cell) -> str:
    return f"room:{cell.venue.pk if cell.venue else ''}:{cell.slot}"


def _interpreter(slot: str, language: str) -> str:
    return f"interpreter:{slot}:{language}"
