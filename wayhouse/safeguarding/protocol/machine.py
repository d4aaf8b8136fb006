"""What may follow: one step of a concern, checked against the table. Pure: no database, no clock, no letter sent."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from wayhouse.safeguarding.protocol.levels import Level
from wayhouse.safeguarding.protocol.table import NEEDS_TWO, TABLE, TICKS, Event, Guard, Outcome, Post, Row, Side, State


class NotAllowed(Exception):  # noqa: N818  an answer to a person, not a fault
    """The table has no such row, or a guard does not hold; `lacking` names the guards."""

    def __init__(self, *lacking: Guard) -> None:
        """Which guards do not hold; none where no row begins here."""
        super().__init__(", ".join(lacking))
        self.lacking = lacking


@dataclass(frozen=True, slots=True)
class Pending:
    """What the first of two has signed and waits for the second."""

    outcome: Outcome
    by: str


@dataclass(frozen=True, slots=True)
class Case:
    """Where a concern is. `signed`: who signed the decision that holds now."""

    state: State = State.DRAFT
    level: Level = Level.THIS_WEEK
    sides: frozenset[Side] = frozenset()
    pending: Pending | None = None
    outcome: Outcome | None = None
    signed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """Who does it, and what they bring along: `filled` has the names of fields with words in them."""

    actor: str = ""
    post: Post | None = None
    on_rota: bool = False
    filled: frozenset[str] = field(default_factory=frozenset)
    outcome: Outcome | None = None
    level: Level | None = None
    time_over: bool = False
    another_has_it: bool = False


def step(case: Case, event: Event, facts: Facts) -> Case:
    """The case after an event. Error: `NotAllowed`, and nothing has changed."""
    rows = [row for row in TABLE if event == row.event and case.state in row.before]
    lacking: tuple[Guard, ...] = ()
    for row in rows:
        lacking = tuple(guard for guard in row.guards if not GUARDS[guard](case, facts))
        if not lacking:
            return _after(case, row, facts)
    raise NotAllowed(*lacking)


def allowed(case: Case) -> frozenset[Event]:
    """What can be done to a case at all, guards aside."""
    return frozenset(row.event for row in TABLE if case.state in row.before)


def _after(case: Case, row: Row, facts: Facts) -> Case:
    beside = frozenset({row.beside}) if row.beside else frozenset()
    moved = replace(case, state=row.after or case.state, sides=(case.sides - frozenset(row.ends)) | beside)
    if row.event in _SIGNING:
        return _signed(moved, row.event, facts)
    if facts.level and row.event in {Event.RAISE, Event.SET_LEVEL}:
        return replace(moved, level=facts.level)
    return moved


def _signed(case: Case, event: Event, facts: Facts) -> Case:
    """What a decision, or going back on one, leaves: its outcome and who signed it."""
    if event == Event.DECIDE:
        return replace(case, outcome=facts.outcome, signed=frozenset({facts.actor}))
    if event == Event.PROPOSE and facts.outcome:
        return replace(case, pending=Pending(facts.outcome, facts.actor))
    if event == Event.CONFIRM and case.pending:
        both = frozenset({case.pending.by, facts.actor})
        return replace(case, outcome=case.pending.outcome, signed=both, pending=None)
    if event == Event.REOPEN:
        return replace(case, outcome=None, signed=frozenset())
    return replace(case, pending=None)


def _answers(_case: Case, facts: Facts) -> bool:
    return facts.post is not None


def _second(case: Case, facts: Facts) -> bool:
    return case.pending is not None and facts.post is not None and facts.actor not in {"", case.pending.by}


def _words(*names: str) -> Callable[[Case, Facts], bool]:
    return lambda _case, facts: facts.filled.issuperset(names)


_SIGNING = frozenset({Event.DECIDE, Event.PROPOSE, Event.CONFIRM, Event.WITHDRAW, Event.REOPEN})
GUARDS: dict[Guard, Callable[[Case, Facts], bool]] = {
    Guard.THREE_FIELDS: lambda _case, facts: facts.level is not None and {"kind", "about"} <= facts.filled,
    Guard.ON_ROTA: lambda _case, facts: facts.on_rota or facts.post in {Post.DIRECTOR, Post.TRUSTEE},
    Guard.ANSWERS: _answers,
    Guard.WISH: _words("wish"),
    Guard.REASON: _words("reason"),
    Guard.ONE_IS_ENOUGH: lambda _case, facts: facts.outcome is not None and facts.outcome not in NEEDS_TWO,
    Guard.TWO_ARE_NEEDED: lambda _case, facts: facts.outcome in NEEDS_TWO and bool(facts.actor),
    Guard.TICKS: _words(*TICKS),
    Guard.LAW_SHEET: _words("law_sheet"),
    Guard.SECOND_PERSON: _second,
    Guard.ANOTHER_HAS_IT: lambda _case, facts: facts.another_has_it,
    Guard.AS_PROPOSED: _words("proposal"),
    Guard.NOTHING_PENDING: lambda case, _facts: case.pending is None,
    Guard.AGREED_PLAN: _words("plan"),
    Guard.ONLY_CONDUCT: lambda case, _facts: case.level == Level.CONDUCT,
    Guard.LOOKED_AT: _words("found"),
    Guard.PERSON_TOLD: _words("person_told"),
    Guard.RAISER_TOLD: _words("raiser_told"),
    Guard.AFTERCARE: _words("aftercare"),
    Guard.LEARNING: _words("learning"),
    Guard.TIME_OVER: lambda _case, facts: facts.time_over,
    Guard.ACCEPTED: _words("professional", "accepted_at"),
}
