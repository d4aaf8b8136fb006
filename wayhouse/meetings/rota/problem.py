"""The problem of a rota: groups that meet every week, the staff who could lead them, what costs what.

Design page "Planning", section "Rota". An *option* is a group that a person may serve: clearance, language, region
and keep-apart with members were checked by whoever made the options; only opaque identifiers come in here. The
JSON form is published in `problem.schema.json`. Building any `Problem` checks it whole (`checks.py`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal, Self

from wayhouse.groups.formation.reading import Node, ProblemError
from wayhouse.meetings.rota.checks import check

Role = Literal["facilitator", "mentor"]
Announced = tuple[tuple[str, ...] | None, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group that meets in every week: its weekly slot, how heavy its evenings are, how many people should lead."""

    id: str
    slot: str
    intensity: int
    facilitators: int
    mentors: int

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from JSON. Error: `ProblemError`."""
        member = node.members(cls)
        return cls(
            member["id"].text(),
            member["slot"].text(),
            member["intensity"].whole(),
            member["facilitators"].whole(),
            member["mentors"].whole(),
        )


@dataclass(frozen=True, slots=True)
class Option:
    """A group that a person may serve, and what each meeting there costs by their preferences."""

    group: str
    cost: int

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from JSON. Error: `ProblemError`."""
        member = node.members(cls)
        return cls(member["group"].text(), member["cost"].whole())


@dataclass(frozen=True, slots=True)
class Staff:
    """One facilitator or mentor: limits of care, the number of meetings that would be fair, weeks away (from 1)."""

    id: str
    role: Role
    max_per_week: int
    max_per_4_weeks: int
    intensity_per_4_weeks: int
    target: int
    options: tuple[Option, ...]
    away: tuple[int, ...] = ()

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from JSON. Error: `ProblemError`."""
        member = node.members(cls)
        return cls(
            id=member["id"].text(),
            role=member["role"].text(),  # type: ignore[arg-type]  # checks.py holds the two roles
            max_per_week=member["max_per_week"].whole(),
            max_per_4_weeks=member["max_per_4_weeks"].whole(),
            intensity_per_4_weeks=member["intensity_per_4_weeks"].whole(),
            target=member["target"].whole(),
            options=tuple(Option.read(option) for option in member["options"].items()),
            away=tuple(week.whole() for week in member["away"].items()) if "away" in member else (),
        )


@dataclass(frozen=True, slots=True)
class Locked:
    """A shift that is to stay as it is: who, at which group, in which week (from 1)."""

    group: str
    week: int
    staff: str

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from JSON. Error: `ProblemError`."""
        member = node.members(cls)
        return cls(member["group"].text(), member["week"].whole(), member["staff"].text())


@dataclass(frozen=True, slots=True)
class Weights:
    """What each thing to avoid costs (see `objective.py`). The defaults are those of the design page."""

    uncovered: int = 1000
    second_mentor: int = 20
    no_familiar_face: int = 200
    new_face: int = 6
    fairness: int = 4
    changed: int = 30
    unlocked: int = 100_000

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from JSON. Error: `ProblemError`."""
        return cls(**{name: member.whole() for name, member in node.members(cls).items()})


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole problem of a rota. Error on building: `ProblemError`, with the path of the first fault.

    `keep_apart` holds lists of staff of whom no two may lead one meeting. `running` holds for a group, week after
    week from week 1, the staff who were announced, or None for a week in which nothing was announced. The first
    `fixed_weeks` weeks have passed: they stay exactly as they stand in `running`, with nobody where it has nothing.
    `locked` are shifts that a coordinator wants to stay: a rota without one of them pays `unlocked`, which nothing else
    outweighs, so that a lock that no hard rule allows any more leaves a rota and not an error.
    """

    weeks: int
    groups: tuple[Group, ...]
    staff: tuple[Staff, ...]
    max_consecutive_weeks: int = 4
    keep_apart: tuple[tuple[str, ...], ...] = ()
    running: Mapping[str, Announced] = field(default_factory=dict)
    fixed_weeks: int = 0
    locked: tuple[Locked, ...] = ()
    weights: Weights = Weights()

    def __post_init__(self) -> None:
        """Check the problem as a whole."""
        check(self)

    @classmethod
    def from_json(cls, mapping: Mapping[str, object]) -> Self:
        """Read the JSON form, already parsed. Error: `ProblemError` with a path like `staff[3].options[0].group`."""
        member = Node(mapping).members(cls)
        optional: dict[str, object] = {
            name: member[name].whole() for name in ("max_consecutive_weeks", "fixed_weeks") if name in member
        }
        if "keep_apart" in member:
            optional["keep_apart"] = tuple(_texts(apart) for apart in member["keep_apart"].items())
        if "running" in member:
            optional["running"] = _read_running(member["running"])
        if "locked" in member:
            optional["locked"] = tuple(Locked.read(shift) for shift in member["locked"].items())
        if "weights" in member:
            optional["weights"] = Weights.read(member["weights"])
        return cls(
            weeks=member["weeks"].whole(),
            groups=tuple(Group.read(group) for group in member["groups"].items()),
            staff=tuple(Staff.read(person) for person in member["staff"].items()),
            **optional,  # type: ignore[arg-type]  # each was read with its type just above
        )

    def to_json(self) -> dict[str, object]:
        """The JSON form, every member spelled out."""
        return {name: _lists(value) for name, value in asdict(self).items()}


def _texts(node: Node) -> tuple[str, ...]:
    return tuple(item.text() for item in node.items())


def _read_running(node: Node) -> dict[str, Announced]:
    if not isinstance(node.value, Mapping):
        raise ProblemError(node.path, "must be an object")
    running = {}
    for group, weeks in node.value.items():
        listed = Node(weeks, f"{node.path}.{group}").items()
        running[group] = tuple(None if week.value is None else _texts(week) for week in listed)
    return running


def _lists(value: object) -> object:
    """Tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, tuple | list) else value
