"""From the kernel's answer to what a proposal stores: groups with their words, and why anybody has none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wayhouse.groups.fitting import circles_of, keep_seated, without_chairs
from wayhouse.groups.formation import Group as Circle
from wayhouse.groups.formation import Problem, objective
from wayhouse.groups.forming import is_chair, is_kept_out
from wayhouse.groups.lacking import lacking
from wayhouse.groups.locks import Locks, is_lock, unlocked
from wayhouse.groups.models import Group
from wayhouse.groups.names import free_names
from wayhouse.groups.roster import Cell, Roster
from wayhouse.people.roster.times import SLOTS


@dataclass(frozen=True, slots=True)
class Draft:
    """What a kernel drew up: sealed words (`plan`, `reasons`) and numbers that stand in clear."""

    words: dict[str, Any]
    numbers: dict[str, Any]
    groups: int


def draft_of(roster: Roster, problem: Mapping[str, Any], result: Mapping[str, Any], locks: Locks = ()) -> Draft:
    """Read the kernel's result. In the plan `seated` are those who sit in the group already; they stay."""
    known = Problem.from_json(problem)
    circles = circles_of(result["groups"])
    kept = keep_seated(known, circles)
    parts = result["parts"] if kept == circles else objective.evaluate(known, kept)
    value = sum(parts.values())
    groups = list(_with_words(without_chairs(kept), roster))
    plan = {
        "groups": groups,
        "interpreters": roster.interpreters,
        "venues": _venues(roster),
        "parts": parts,
        "locked": _locked(locks, kept),
        "what_if": result.get("what_if"),
    }
    bound = result["bound"]
    numbers = {"objective": value, "bound": bound, "optimal": value == bound, "seconds": result["seconds"]}
    return Draft({"plan": plan, "reasons": list(_reasons(roster, known, kept, result))}, numbers, len(groups))


def words_of_cell(cell: Cell) -> dict[str, Any]:
    """What a group that meets in a cell knows about itself, except for its name."""
    venue = cell.venue
    return {
        "venue": venue.name if venue else "",
        "address": venue.address if venue else "",
        "online": bool(venue and venue.online),
        "language": cell.language,
        "kind": cell.kind,
        "slot": cell.slot,
        "cell": cell.key,
    }


def _with_words(groups: Sequence[dict[str, Any]], roster: Roster) -> Iterator[dict[str, Any]]:
    """Running groups first and by name, then new ones by time; the page keeps this order, and moves count by it."""
    running = {str(group.pk): group for group in roster.running}
    cells = {cell.key: cell for cell in roster.cells()}
    names = free_names(group.name for group in (*roster.running, *roster.elsewhere))
    going_on = sorted(
        (group for group in groups if group["cell"] in running), key=lambda one: running[one["cell"]].name
    )
    for group in going_on:
        home = group["cell"]
        yield {**group, **_words_of_group(running[home]), "continues": home, "seated": _seated(roster, home)}
    for group in sorted((group for group in groups if group["cell"] not in running), key=lambda one: _when(cells, one)):
        words = words_of_cell(cells[group["cell"]])
        shown = {word: words[word] for word in ("venue", "online", "language", "kind", "slot")}
        yield {**group, **shown, "name": next(names), "seated": []}


def _when(cells: Mapping[str, Cell], group: Mapping[str, Any]) -> tuple[int, str, str]:
    cell = cells[group["cell"]]
    return SLOTS.index(cell.slot), cell.venue.name if cell.venue else "", cell.language


def _words_of_group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "venue": group.venue,
        "online": group.online,
        "language": group.language,
        "kind": group.kind,
        "slot": group.slot,
    }


def _seated(roster: Roster, home: str) -> list[str]:
    return [str(person) for person, group in roster.seated.items() if str(group) == home]


def _venues(roster: Roster) -> dict[str, str]:
    """The names that reasons speak of: venues by id, and running groups by the id of their cell."""
    return {str(venue.pk): venue.name for venue in roster.venues} | {
        str(group.pk): group.name for group in roster.running
    }


def _reasons(
    roster: Roster, problem: Problem, circles: Sequence[Circle], result: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    entries, cells = {str(entry.person_id): entry for entry in roster.members}, roster.cells()
    told = {who["person"]: who["codes"] for who in result["unplaced"]}
    placed = {member for circle in circles for member in circle.members}
    for person in problem.people:
        if person.id in placed or is_chair(person.id):
            continue
        if person.previous and is_lock(person.previous.cell):
            codes = [{"code": "lock_without_room", "params": {}}]
        elif person.options:
            codes = told.get(person.id) or [{"code": "no_suitable_group", "params": {}}]
        elif is_kept_out(entries[person.id], roster):
            # Naming what is lacking would tell, by what it leaves out, whom they must not meet. Others without an
            # option are told the same (`lacking.py`).
            codes = [{"code": "no_suitable_group", "params": {}}]
        else:
            codes = [{"code": lacking(entries[person.id], roster, cells), "params": {}}]
        yield {"person": person.id, "codes": [_without_lock(code) for code in codes]}


def _locked(locks: Locks, circles: Sequence[Circle]) -> list[str]:
    """Who is locked and sits where they were locked."""
    return [
        member
        for lock in locks
        for circle in circles
        for member in circle.members
        if unlocked(circle.cell) == lock["cell"] and member in lock["members"]
    ]


def _without_lock(code: Mapping[str, Any]) -> dict[str, Any]:
    params = {name: unlocked(value) if name == "cell" else value for name, value in code["params"].items()}
    return {**code, "params": params}
