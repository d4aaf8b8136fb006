"""A small town for scenes: people by the first letter of their name, f for facilitators and m for mentors."""

from collections.abc import Mapping, Sequence
from typing import Any

from wayhouse.meetings.rota import Group, Meeting, Option, Problem, Staff

TUESDAY = Group("g", "tue", 2, 1, 1)
ALSO_TUESDAY = Group("h", "tue", 3, 1, 1)


def person(name: str, groups: str = "g", **changes: Any) -> Staff:
    """Somebody who may serve these groups, often enough and at no cost; who is given as little as they get."""
    role = "facilitator" if name.startswith("f") else "mentor"
    limits = {"max_per_week": 9, "max_per_4_weeks": 99, "intensity_per_4_weeks": 99, "target": 1}
    options = tuple(Option(group, 0) for group in groups)
    return Staff(**{"id": name, "role": role, "options": options, **limits, **changes})


def town(*staff: Staff, groups: Sequence[Group] = (TUESDAY,), weeks: int = 1, **changes: Any) -> Problem:
    """A problem of a few weeks."""
    return Problem(**{"weeks": weeks, "groups": tuple(groups), "staff": staff, **changes})


def rota(led: Mapping[str, str]) -> list[Meeting]:
    """Meetings as in `{"g2": "f1 m1"}`: group g in week 2."""
    return [Meeting(place[0], int(place[1:]), tuple(people.split())) for place, people in led.items()]
