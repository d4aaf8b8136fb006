"""Whom a coordinator keeps where they are in a plan, and how the kernel learns of it.

A group of a plan with somebody locked in it becomes a cell of its own that holds one group and draws on the same pools.
Those who are locked can attend nothing else; everybody who could attend the cell before can attend this one too.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
# One for each group with somebody locked in it: its `cell` and its locked `members`.
Locks = Sequence[Mapping[str, Any]]
_MARK = "#"


def locks_of(plan: Mapping[str, Any]) -> list[Json]:
    """The locks of a stored plan."""
    locked = set(plan.get("locked", ()))
    found = ((group["cell"], [who for who in group["members"] if who in locked]) for group in plan["groups"])
    return [{"cell": cell, "members": members} for cell, members in found if members]


def unlocked(cell: str) -> str:
    """The cell behind that of a lock; every other as it is."""
    return cell.partition(_MARK)[0]


def is_lock(cell: "str | None") -> bool:
    """Whether a cell is that of a lock."""
    return cell is not None and _MARK in cell


def lock_people(people: Sequence[Json], locks: Locks) -> list[str]:
    """Let those who are locked attend nothing else, in place; returns the cells that this needs.

    Who can no longer attend the cell, or sits somewhere already, is not locked any more.
    """
    made = []
    for number, lock in enumerate(locks, start=1):
        # A group that meets already is a cell of its own anyway.
        key = f"{lock['cell']}{_MARK}{number}" if ":" in lock["cell"] else lock["cell"]
        kept = [person for person in people if person["id"] in lock["members"] and _can(person, lock["cell"])]
        if not kept:
            continue
        if is_lock(key):
            made.append(key)
            _open_to_others(people, lock["cell"], key)
        for person in kept:
            person["options"] = [option for option in person["options"] if option["cell"] == key]
            if is_lock(key):
                person["previous"] = {"cell": key, "group": key}
    return made


def _can(person: Json, cell: str) -> bool:
    return person["previous"] is None and any(option["cell"] == cell for option in person["options"])


def _open_to_others(people: Iterable[Json], cell: str, key: str) -> None:
    for person in people:
        person["options"] += [{**option, "cell": key} for option in person["options"] if option["cell"] == cell]
