"""The state machine as one table to read. Nothing here sends anything anywhere: a row only says what may follow.

`ESCALATED` and `HANDED_OVER` stand beside a state; going back from them is going on in the state they stand beside.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a concern is."""

    DRAFT = "draft"
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    SAFE_NOW = "safe_now"
    DECIDED = "decided"
    IN_PLAN = "in_plan"
    REVIEW = "review"
    CLOSED = "closed"
    REOPENED = "reopened"
    RAISED_IN_ERROR = "raised_in_error"


class Side(StrEnum):
    """What can stand beside a state."""

    ESCALATED = "escalated"
    HANDED_OVER = "handed_over"


class Event(StrEnum):
    """What happens to a concern. Each is done by a person, except for `MISS`, which the clock does."""

    RAISE = "raise"
    ACKNOWLEDGE = "acknowledge"
    FIND_SAFE = "find_safe"
    DECIDE = "decide"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"
    PLAN = "plan"
    REVIEW = "review"
    CLOSE = "close"
    REOPEN = "reopen"
    STRIKE = "strike"
    MISS = "miss"
    HAND_OVER = "hand_over"
    TAKE_BACK = "take_back"
    SET_LEVEL = "set_level"


class Guard(StrEnum):
    """What must hold for a row; `machine.py` says how each is checked."""

    THREE_FIELDS = 'level, kind, and whom it is about or "not sure"'
    ON_ROTA = "somebody on the rota of this day, or the director"
    ANSWERS = "lead, deputy or director, and not excluded"
    WISH = "what the person wants"
    REASON = "a reason"
    ONE_IS_ENOUGH = "no sharing, or sharing with consent"
    TWO_ARE_NEEDED = "sharing without consent, or a legal duty"
    TICKS = "all questions of the list answered: near, serious and credible; less intrusive; smallest content; told"
    LAW_SHEET = "the law sheet and its version"
    SECOND_PERSON = "another person than the first, both lead, deputy or director"
    ANOTHER_HAS_IT = "another person has said that it arrived (a drill is ended by anybody)"
    AS_PROPOSED = "what is signed is the proposal that was shown"
    NOTHING_PENDING = "no proposal waits for a second person"
    AGREED_PLAN = "the plan, agreed with the person"
    ONLY_CONDUCT = "level 4"
    LOOKED_AT = "what was found"
    PERSON_TOLD = "what the person was told"
    RAISER_TOLD = "that the raiser knows it is held"
    AFTERCARE = "aftercare offered to those who carried it"
    LEARNING = "a note of what we learned, without anybody in it"
    TIME_OVER = "a limit is over"
    ACCEPTED = "a named professional has accepted, with the time"


class Outcome(StrEnum):
    """What is decided about sharing."""

    NO_SHARING = "no_sharing"
    WITH_CONSENT = "with_consent"
    WITHOUT_CONSENT = "without_consent"
    LEGAL_DUTY = "legal_duty"


class Post(StrEnum):
    """Who answers. The trustee stands in where fewer than two of the others may read."""

    LEAD = "lead"
    DEPUTY = "deputy"
    DIRECTOR = "director"
    TRUSTEE = "trustee"


NEEDS_TWO = frozenset({Outcome.WITHOUT_CONSENT, Outcome.LEGAL_DUTY})
# The list of questions before anything is shared against somebody's will.
TICKS = ("near", "serious", "credible", "less_intrusive", "smallest", "told")


@dataclass(frozen=True, slots=True)
class Row:
    """From any of these states, by this event, under these guards, to that state (or the same), and what is beside."""

    before: tuple[State, ...]
    event: Event
    after: State | None
    guards: tuple[Guard, ...] = ()
    beside: Side | None = None
    ends: tuple[Side, ...] = ()


_NEW = (State.RAISED, State.REOPENED)
_HELD = (State.ACKNOWLEDGED, State.SAFE_NOW, State.DECIDED, State.IN_PLAN, State.REVIEW)
_SAFE = (State.SAFE_NOW, State.DECIDED, State.IN_PLAN, State.REVIEW)
_OPEN = (*_NEW, *_HELD)
_CALM = (Side.ESCALATED,)
_NO_MORE = (Side.ESCALATED, Side.HANDED_OVER)
G = Guard

TABLE: tuple[Row, ...] = (
    Row((State.DRAFT,), Event.RAISE, State.RAISED, (G.THREE_FIELDS,)),
    Row(_NEW, Event.ACKNOWLEDGE, State.ACKNOWLEDGED, (G.ANSWERS, G.ON_ROTA), ends=_CALM),
    Row((State.ACKNOWLEDGED,), Event.FIND_SAFE, State.SAFE_NOW, (G.ANSWERS, G.WISH), ends=_CALM),
    Row(_SAFE, Event.DECIDE, State.DECIDED, (G.ANSWERS, G.ONE_IS_ENOUGH, G.REASON, G.NOTHING_PENDING), ends=_CALM),
    Row(_SAFE, Event.PROPOSE, None, (G.ANSWERS, G.TWO_ARE_NEEDED, G.REASON, G.TICKS, G.LAW_SHEET, G.NOTHING_PENDING)),
    Row(_SAFE, Event.CONFIRM, State.DECIDED, (G.ANSWERS, G.SECOND_PERSON, G.AS_PROPOSED), ends=_CALM),
    Row(_SAFE, Event.WITHDRAW, None, (G.ANSWERS, G.REASON)),
    Row((State.DECIDED,), Event.PLAN, State.IN_PLAN, (G.ANSWERS, G.AGREED_PLAN, G.NOTHING_PENDING), ends=_CALM),
    Row((State.ACKNOWLEDGED,), Event.PLAN, State.IN_PLAN, (G.ANSWERS, G.AGREED_PLAN, G.ONLY_CONDUCT), ends=_CALM),
    Row((State.IN_PLAN, State.REVIEW), Event.REVIEW, State.REVIEW, (G.ANSWERS, G.LOOKED_AT), ends=_CALM),
    Row(
        (State.REVIEW,), Event.CLOSE, State.CLOSED,
        (G.ANSWERS, G.PERSON_TOLD, G.RAISER_TOLD, G.AFTERCARE, G.LEARNING, G.NOTHING_PENDING),
        ends=_NO_MORE,
    ),
    Row((State.CLOSED, State.RAISED_IN_ERROR), Event.REOPEN, State.REOPENED, (G.ANSWERS, G.REASON)),
    # Nobody ends the clocks of a concern alone: one has said that it arrived, and another says that it is an error.
    Row(
        (State.ACKNOWLEDGED, State.SAFE_NOW), Event.STRIKE, State.RAISED_IN_ERROR,
        (G.ANSWERS, G.ANOTHER_HAS_IT, G.REASON, G.NOTHING_PENDING), ends=_NO_MORE,
    ),
    Row(_OPEN, Event.MISS, None, (G.TIME_OVER,), beside=Side.ESCALATED),
    Row(_HELD, Event.HAND_OVER, None, (G.ANSWERS, G.ACCEPTED), beside=Side.HANDED_OVER),
    Row(_HELD, Event.TAKE_BACK, None, (G.ANSWERS, G.REASON), ends=(Side.HANDED_OVER,)),
    Row(_OPEN, Event.SET_LEVEL, None, (G.ANSWERS, G.REASON)),
)  # fmt: skip
