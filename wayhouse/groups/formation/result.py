"""The result of forming groups, and what is told while it is being found. JSON form: `result.schema.json`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its cell, its members by identifier, and the previous group that it continues."""

    cell: str
    members: tuple[str, ...]
    continues: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person has no group: a code with its parameters, for translation, and the English text."""

    code: str
    params: Mapping[str, str | int]
    text: str


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A person without a group, and why."""

    person: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """The best plan so far: seconds since the start, its price, the proven bound, people with options but no group."""

    seconds: float
    objective: int
    bound: int
    unplaced: int


@dataclass(frozen=True, slots=True)
class Result:
    """A valid plan with its price and a proven lower bound of every plan's price.

    `parts` are the summands of the objective by name; `seconds` is the time taken. The objective and its parts
    are computed from the groups alone (`objective.py`), never taken from the solver.
    """

    groups: tuple[Group, ...]
    parts: Mapping[str, int]
    bound: int
    seconds: float
    unplaced: tuple[Unplaced, ...]

    @property
    def objective(self) -> int:
        """The price of the plan: the sum of its parts."""
        return sum(self.parts.values())

    @property
    def gap(self) -> float:
        """How far the plan can be from the best one, as a share of its price: 0.0 to 1.0."""
        return (self.objective - self.bound) / self.objective if self.objective else 0.0

    @property
    def optimal(self) -> bool:
        """Whether it is proven that no plan is better."""
        return self.objective == self.bound

    def to_json(self) -> dict[str, object]:
        """The JSON form."""
        return {
            "groups": [
                {"cell": group.cell, "members": list(group.members), "continues": group.continues}
                for group in self.groups
            ],
            "objective": self.objective,
            "bound": self.bound,
            "gap": round(self.gap, 6),
            "optimal": self.optimal,
            "seconds": round(self.seconds, 3),
            "parts": dict(self.parts),
            "unplaced": [_unplaced(person) for person in self.unplaced],
        }


def _unplaced(unplaced: Unplaced) -> dict[str, object]:
    return {
        "person": unplaced.person,
        "reasons": [reason.text for reason in unplaced.reasons],
        "codes": [{"code": reason.code, "params": dict(reason.params)} for reason in unplaced.reasons],
    }
