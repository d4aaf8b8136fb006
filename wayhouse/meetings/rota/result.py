"""The result of planning a rota, and what is told while it is being found. JSON form: `result.schema.json`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meeting:
    """Who leads one group in one week (from 1), by identifier."""

    group: str
    week: int
    staff: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a meeting lacks somebody: a code with its parameters, for translation, and the English text."""

    code: str
    params: Mapping[str, str | int]
    text: str


@dataclass(frozen=True, slots=True)
class Unstaffed:
    """A meeting with fewer facilitators than wanted, or without any mentor, and why."""

    group: str
    week: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """The best rota so far: seconds since the start, its objective, the proven bound, meetings ahead not staffed."""

    seconds: float
    objective: int
    bound: int
    unstaffed: int


@dataclass(frozen=True, slots=True)
class Result:
    """A valid rota with its price and a proven lower bound of every rota's price.

    `meetings` has every group in every week, in the order of the problem. `parts` are the summands of the objective
    by name; `seconds` is the time taken. The objective and its parts are computed from the meetings alone
    (`objective.py`), never taken from the solver.
    """

    meetings: tuple[Meeting, ...]
    parts: Mapping[str, int]
    bound: int
    seconds: float
    unstaffed: tuple[Unstaffed, ...]

    @property
    def objective(self) -> int:
        """The price of the rota: the sum of its parts."""
        return sum(self.parts.values())

    @property
    def gap(self) -> float:
        """How far the rota can be from the best one, as a share of its price: 0.0 to 1.0."""
        return (self.objective - self.bound) / self.objective if self.objective else 0.0

    @property
    def optimal(self) -> bool:
        """Whether it is proven that no rota is better."""
        return self.objective == self.bound

    def to_json(self) -> dict[str, object]:
        """The JSON form."""
        return {
            "meetings": [
                {"group": meeting.group, "week": meeting.week, "staff": list(meeting.staff)}
                for meeting in self.meetings
            ],
            "objective": self.objective,
            "bound": self.bound,
            "gap": round(self.gap, 6),
            "optimal": self.optimal,
            "seconds": round(self.seconds, 3),
            "parts": dict(self.parts),
            "unstaffed": [_unstaffed(meeting) for meeting in self.unstaffed],
        }


def _unstaffed(unstaffed: Unstaffed) -> dict[str, object]:
    return {
        "group": unstaffed.group,
        "week": unstaffed.week,
        "reasons": [reason.text for reason in unstaffed.reasons],
        "codes": [{"code": reason.code, "params": dict(reason.params)} for reason in unstaffed.reasons],
    }
