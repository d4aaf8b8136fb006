"""The problem of forming groups: people, the cells they can attend, what is scarce, what costs what.

Design page "Planning", section "Groups". A *cell* is a venue (or online), weekly slot, language and kind of
group, and may hold several groups. An *option* is a cell that a person can attend. Everything that decides
whether a person can attend at all was checked by whoever made the options; only opaque identifiers come in here.
The JSON form is published in `problem.schema.json`. Building any `Problem` checks it whole (`checks.py`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

from wayhouse.groups.formation.checks import check
from wayhouse.groups.formation.reading import Node


@dataclass(frozen=True, slots=True)
class Size:
    """People in one group: at least, ideally, at most."""

    min: int
    target: int
    max: int

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from JSON. Error: `ProblemError`."""
        return cls(**{name: member.whole() for name, member in node.members(cls).items()})


@dataclass(frozen=True, slots=True)
class Pool:
    """Something scarce at one time: rooms, facilitators, interpreters. Each group or interpreter takes one."""

    id: str
    capacity: int

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from JSON. Error: `ProblemError`."""
        member = node.members(cls)
        return cls(member["id"].text(), member["capacity"].whole())


@dataclass(frozen=True, slots=True)
class Cell:
    """A venue (or online), weekly slot, language and kind of group. Each group takes one of each pool in `uses`."""

    id: str
    max_groups: int
    uses: tuple[str, ...] = ()

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from JSON. Error: `ProblemError`."""
        member = node.members(cls)
        uses = tuple(pool.text() for pool in member["uses"].items()) if "uses" in member else ()
        return cls(member["id"].text(), member["max_groups"].whole(), uses)


@dataclass(frozen=True, slots=True)
class Option:
    """A cell that a person can attend, the cost of their preferences there, and the interpreter pool they draw on."""

    cell: str
    cost: int
    interpreter: str | None = None

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from JSON. Error: `ProblemError`."""
        member = node.members(cls)
        interpreter = member["interpreter"].text_or_none() if "interpreter" in member else None
        return cls(member["cell"].text(), member["cost"].whole(), interpreter)


@dataclass(frozen=True, slots=True)
class Previous:
    """The group of a running programme in which a person sits, and its cell (with `max_groups` 0 if it closed)."""

    cell: str
    group: str

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from JSON. Error: `ProblemError`."""
        return cls(**{name: member.text() for name, member in node.members(cls).items()})


@dataclass(frozen=True, slots=True)
class Person:
    """One person to place. `mix` is a neutral label (age band, new or returning); None counts for no label."""

    id: str
    options: tuple[Option, ...]
    mix: str | None = None
    previous: Previous | None = None

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from JSON. Error: `ProblemError`."""
        member = node.members(cls)
        before = member.get("previous")
        return cls(
            id=member["id"].text(),
            options=tuple(Option.read(option) for option in member["options"].items()),
            mix=member["mix"].text_or_none() if "mix" in member else None,
            previous=None if before is None or before.value is None else Previous.read(before),
        )


@dataclass(frozen=True, slots=True)
class Weights:
    """What each thing to avoid costs (see `objective.py`). The defaults are those of the design page."""

    unplaced: int = 1000
    open_group: int = 40
    size_deviation: int = 2
    mix_excess: int = 4
    interpreter: int = 15
    moved: int = 60

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from JSON. Error: `ProblemError`."""
        return cls(**{name: member.whole() for name, member in node.members(cls).items()})


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole problem of forming groups. Error on building: `ProblemError`, with the path of the first fault.

    `keep_apart` holds lists of people of whom no two may share a group; `interpreter_ratio` people of one group
    share one interpreter.
    """

    size: Size
    pools: tuple[Pool, ...]
    max_groups: int
    cells: tuple[Cell, ...]
    people: tuple[Person, ...]
    keep_apart: tuple[tuple[str, ...], ...] = ()
    interpreter_ratio: int = 4
    weights: Weights = Weights()

    def __post_init__(self) -> None:
        """Check the problem as a whole."""
        check(self)

    @classmethod
    def from_json(cls, mapping: Mapping[str, object]) -> Self:
        """Read the JSON form, already parsed. Error: `ProblemError` with a path like `people[3].options[0].cell`."""
        member = Node(mapping).members(cls)
        optional: dict[str, object] = {}
        if "keep_apart" in member:
            lists = member["keep_apart"].items()
            optional["keep_apart"] = tuple(tuple(person.text() for person in one.items()) for one in lists)
        if "interpreter_ratio" in member:
            optional["interpreter_ratio"] = member["interpreter_ratio"].whole()
        if "weights" in member:
            optional["weights"] = Weights.read(member["weights"])
        return cls(
            size=Size.read(member["size"]),
            pools=tuple(Pool.read(pool) for pool in member["pools"].items()),
            max_groups=member["max_groups"].whole(),
            cells=tuple(Cell.read(cell) for cell in member["cells"].items()),
            people=tuple(Person.read(person) for person in member["people"].items()),
            **optional,  # type: ignore[arg-type]  # each was read with its type just above
        )

    def to_json(self) -> dict[str, object]:
        """The JSON form, every member spelled out."""
        return {name: _lists(value) for name, value in asdict(self).items()}


def _lists(value: object) -> object:
    """Tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {name: _lists(item) for name, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, tuple) else value
