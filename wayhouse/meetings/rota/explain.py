"""Why a meeting is not staffed, in words a coordinator can act on.

Two people who must not meet are never revealed: whoever is kept apart from somebody at the meeting counts, word for
word, as unavailable, like anyone who is away. Nobody is named. For each role that is missing:

| code | params (and role, group, week) | when |
|---|---|---|
| `none_wanted` | - | the group is set to have no mentors, though every meeting needs one; the only reason then |
| `no_option` | - | nobody of this role may serve the group; the only reason then |
| `no_other` | - | everybody of this role who may serve the group is at the meeting; the only reason then |
| `nobody_free` | able | always first otherwise: `able` people may serve the group, and none is free |
| `free_unused` | able | instead, where somebody is free: it was stopped early, or by the weights a gap costs less |
| `all_unavailable`, `unavailable` | able, people | everyone, or so many of them, cannot come that week |
| `all_other_group`, `other_group` | able, people, groups | lead another group at that hour |
| `only_other_group` | able, people, groups | the only one whom nothing else keeps leads another group at that hour |
| `all_at_limit`, `at_limit` | able, people | at their limit of meetings or intensity |
| `all_due_rest`, `due_rest` | able, people | would have no week of rest |
| `one_more` | meetings | how many meetings of the group one more person could lead; always last |
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from wayhouse.meetings.rota.objective import shortage
from wayhouse.meetings.rota.result import Meeting, Reason, Unstaffed
from wayhouse.meetings.rota.staffing import Hindrance, Staffing
from wayhouse.meetings.rota.tables import Place, Tables

TEXTS = {
    "none_wanted": "{group} is set to have no mentors, but every meeting needs one.",
    "no_option": "No {role} may serve {group}.",
    "no_other": "No other {role} may serve {group}.",
    "nobody_free": "No {role} is free for {group} in week {week}; {able} may serve it.",
    "free_unused": "A {role} is free for {group} in week {week}, but the rota found so far does not use them.",
    "all_unavailable": "Everyone who may serve is unavailable in week {week}.",
    "unavailable": "Unavailable in week {week}: {people} of {able}.",
    "all_other_group": "Everyone who may serve leads another group at that hour: {groups}.",
    "only_other_group": "The only one left leads another group at that hour: {groups}.",
    "other_group": "In another group at that hour: {people} of {able} ({groups}).",
    "all_at_limit": "Everyone who may serve is at their limit of meetings or intensity.",
    "at_limit": "At their limit of meetings or intensity: {people} of {able}.",
    "all_due_rest": "Everyone who may serve would have no week of rest.",
    "due_rest": "Without a week of rest otherwise: {people} of {able}.",
    "one_more": "Meetings of {group} that one more {role} could lead: up to {meetings}.",
}
KINDS: dict[Hindrance | None, str] = {
    "away": "unavailable",
    "apart": "unavailable",
    "hour": "other_group",
    "week": "at_limit",
    "load": "at_limit",
    "intensity": "at_limit",
    "rest": "due_rest",
}


class Gap(NamedTuple):
    """A role that is missing at a meeting."""

    place: Place
    facilitator: bool


def explain(tables: Tables, meetings: Sequence[Meeting]) -> tuple[Unstaffed, ...]:
    """Every meeting ahead that has too few facilitators or no mentor, in the order of the problem, and why."""
    staffing = Staffing.of(tables, meetings)
    gaps = [gap for place in tables.ahead for gap in gaps_at(staffing, place)]
    reasons: dict[Place, list[Reason]] = {}
    for gap in gaps:
        alike = sum(gap.facilitator == other.facilitator and gap.place[0] == other.place[0] for other in gaps)
        reasons.setdefault(gap.place, []).extend(reasons_for(staffing, gap, alike))
    return tuple(Unstaffed(tables.groups[group].id, week + 1, tuple(found)) for (group, week), found in reasons.items())


def reasons_for(staffing: Staffing, gap: Gap, alike: int, absent: int | None = None) -> Iterator[Reason]:
    """Why nobody fills a gap; `alike` gaps of the group lack the same role. Somebody `absent` is unavailable."""
    tables, (group, week) = staffing.tables, gap.place
    about: dict[str, str | int] = {
        "role": "facilitator" if gap.facilitator else "mentor",
        "group": tables.groups[group].id,
        "week": week + 1,
    }
    able = tables.of_role(group, facilitator=gap.facilitator)
    others = [person for person in able if person not in staffing.at[gap.place]]
    if not tables.wanted(group, facilitator=gap.facilitator):
        yield _reason("none_wanted", about)
    elif not others:
        yield _reason("no_other" if able else "no_option", about)
    else:
        found = {person: staffing.hindrance(person, gap.place) for person in others if person != absent}
        if absent in others:
            found[absent] = "away"
        yield from _hindered(staffing, gap, found, about | {"able": len(others)})
        yield _reason("one_more", about | {"meetings": alike})


def gaps_at(staffing: Staffing, place: Place) -> Iterator[Gap]:
    """What a meeting lacks: facilitators who are wanted, or any mentor."""
    tables = staffing.tables
    missing = shortage(tables.groups[place[0]], (tables.staff[person] for person in staffing.at[place]))
    if missing.facilitators:
        yield Gap(place, facilitator=True)
    if missing.any_mentor:
        yield Gap(place, facilitator=False)


def _hindered(
    staffing: Staffing, gap: Gap, found: dict[int, Hindrance | None], about: dict[str, str | int]
) -> Iterator[Reason]:
    """What stands in the way of those who may serve, the most useful first."""
    yield _reason("free_unused" if None in found.values() else "nobody_free", about)
    kinds: dict[str, list[int]] = {kind: [] for kind in ("other_group", "at_limit", "due_rest", "unavailable")}
    for person, hindrance in found.items():
        if hindrance is not None:
            kinds[KINDS[hindrance]].append(person)
    for kind, people in kinds.items():
        if not people:
            continue
        params = about | {"people": len(people)}
        if kind == "other_group":
            params["groups"] = _elsewhere(staffing, people, gap.place)
        if len(people) == len(found):
            yield _reason(f"all_{kind}", params)
        elif kind == "other_group" and len(people) == 1:
            yield _reason("only_other_group", params)
        else:
            yield _reason(kind, params)


def _elsewhere(staffing: Staffing, people: list[int], place: Place) -> str:
    """The groups that these people lead in the slot of a meeting."""
    tables, (group, week) = staffing.tables, place
    groups = {staffing.hours[person][week, tables.slot[group]] for person in people}
    return ", ".join(tables.groups[other].id for other in sorted(groups))


def _reason(code: str, params: dict[str, str | int]) -> Reason:
    return Reason(code, params, TEXTS[code].format(**params))
