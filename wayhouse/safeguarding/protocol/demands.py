"""A demand of an authority, as one table to read (practice handbook 2.9). Nothing here answers anybody.

What is given, and what is held, takes two signatures of different people who may read it. Imports no Django.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from wayhouse.safeguarding.protocol.table import Post


class Stage(StrEnum):
    """Where a demand is."""

    RECEIVED = "received"
    CHECKED = "checked"
    CONTESTED = "contested"
    DECIDED = "decided"
    ANSWERED = "answered"
    REFUSED = "refused"
    CLOSED = "closed"


class Matter(StrEnum):
    """What two people sign: what is decided, or that records are held, or let go."""

    NOTHING = "nothing"
    NARROWED = "narrowed"
    COMPLIED = "complied"
    CONTESTED = "contested"
    HOLD = "hold"
    LIFT = "lift"
    STAY = "stay"


DECISIONS = (Matter.NOTHING, Matter.NARROWED, Matter.COMPLIED, Matter.CONTESTED)
GIVES = frozenset({Matter.NARROWED, Matter.COMPLIED})


class Move(StrEnum):
    """What is done with a demand, always by a person."""

    CHECK = "check"
    NARROW = "narrow"
    CHALLENGE = "challenge"
    PROPOSE = "propose"
    HOLD = "hold"
    LIFT = "lift"
    STAY = "stay"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"
    UNSIGN = "unsign"
    ANSWER = "answer"
    REFUSE = "refuse"
    TELL = "tell"
    MAY_NOT_TELL = "may_not_tell"
    NOTE = "note"
    CLOSE = "close"
    TAKE_UP = "take_up"


class Need(StrEnum):
    """What must hold for a row."""

    ANSWERS = "lead, deputy or director, and not concerned"
    LAW_SHEET = "the law sheet and its version"
    VALIDITY = "what makes it valid, or not"
    COUNSEL = "who was asked for legal advice, or why nobody"
    REASON = "a reason"
    ASKED = "what was asked of the authority"
    DECISION = "nothing, less than was asked, what was asked, or contest it"
    NOTHING_WAITS = "nothing waits for a second person"
    WAITS = "something waits for a second person"
    DECISION_WAITS = "a decision waits"
    HOLD_WAITS = "a hold waits"
    LIFT_WAITS = "the end of a hold waits"
    STAY_WAITS = "that a hold stays waits"
    SECOND = "another person than the first, both may read it, and the first still does"
    AS_PROPOSED = "what is signed is what was shown"
    SOMEBODY = "somebody here whom it concerns"
    UNTIL = "a day on which to look again"
    NOT_HELD = "no hold yet"
    HELD = "a hold"
    SIGNED = "one of the two who signed"
    GIVES = "the decision gives something, and both who signed may still read it"
    GIVES_NOTHING = "the decision gives nothing"
    GIVEN = "what exactly was given, to whom"
    SAID = "what was answered"
    WHOM = "which of those whom it concerns"
    TOLD = "what they were told"
    NOTED = "a note"
    ALL_KNOW = "whoever it concerns was told, or may not be, with a day to look again"


@dataclass(frozen=True, slots=True)
class Line:
    """From any of these, by this move, with these needs, to that stage (or the same)."""

    before: tuple[Stage, ...]
    move: Move
    after: Stage | None
    needs: tuple[Need, ...]


_EVERY = tuple(Stage)
_OPEN = _EVERY[:-1]
_WEIGHED = (Stage.CHECKED, Stage.CONTESTED)
_DONE = (Stage.ANSWERED, Stage.REFUSED)
N = Need

DEMANDS: tuple[Line, ...] = (
    Line((Stage.RECEIVED,), Move.CHECK, Stage.CHECKED, (N.ANSWERS, N.LAW_SHEET, N.VALIDITY, N.COUNSEL)),
    Line(_WEIGHED, Move.NARROW, Stage.CONTESTED, (N.ANSWERS, N.ASKED, N.NOTHING_WAITS)),
    Line(_WEIGHED, Move.CHALLENGE, Stage.CONTESTED, (N.ANSWERS, N.ASKED, N.NOTHING_WAITS)),
    Line(_WEIGHED, Move.PROPOSE, None, (N.ANSWERS, N.DECISION, N.REASON, N.NOTHING_WAITS)),
    Line(_OPEN, Move.HOLD, None, (N.ANSWERS, N.REASON, N.UNTIL, N.SOMEBODY, N.NOT_HELD, N.NOTHING_WAITS)),
    Line(_EVERY, Move.LIFT, None, (N.ANSWERS, N.REASON, N.HELD, N.NOTHING_WAITS)),
    Line(_EVERY, Move.STAY, None, (N.ANSWERS, N.REASON, N.UNTIL, N.HELD, N.NOTHING_WAITS)),
    Line(_WEIGHED, Move.CONFIRM, Stage.DECIDED, (N.ANSWERS, N.DECISION_WAITS, N.SECOND, N.AS_PROPOSED)),
    Line(_EVERY, Move.CONFIRM, None, (N.ANSWERS, N.HOLD_WAITS, N.SOMEBODY, N.SECOND, N.AS_PROPOSED)),
    Line(_EVERY, Move.CONFIRM, None, (N.ANSWERS, N.LIFT_WAITS, N.SECOND, N.AS_PROPOSED)),
    Line(_EVERY, Move.CONFIRM, None, (N.ANSWERS, N.STAY_WAITS, N.SECOND, N.AS_PROPOSED)),
    Line(_EVERY, Move.WITHDRAW, None, (N.ANSWERS, N.WAITS, N.REASON)),
    Line((Stage.DECIDED,), Move.UNSIGN, Stage.CHECKED, (N.ANSWERS, N.SIGNED, N.REASON)),
    Line((Stage.DECIDED,), Move.ANSWER, Stage.ANSWERED, (N.ANSWERS, N.GIVES, N.GIVEN)),
    Line((Stage.DECIDED,), Move.REFUSE, Stage.REFUSED, (N.ANSWERS, N.GIVES_NOTHING, N.SAID)),
    Line(_EVERY, Move.TELL, None, (N.ANSWERS, N.WHOM, N.TOLD)),
    Line(_EVERY, Move.MAY_NOT_TELL, None, (N.ANSWERS, N.WHOM, N.REASON, N.LAW_SHEET, N.UNTIL)),
    Line(_EVERY, Move.NOTE, None, (N.ANSWERS, N.NOTED)),
    Line(_DONE, Move.CLOSE, Stage.CLOSED, (N.ANSWERS, N.ALL_KNOW, N.NOTHING_WAITS)),
    Line((Stage.DECIDED, *_DONE, Stage.CLOSED), Move.TAKE_UP, Stage.CHECKED, (N.ANSWERS, N.REASON, N.NOTHING_WAITS)),
)


class NotPossible(Exception):  # noqa: N818  an answer to a person, not a fault
    """The table has no such line from here, or something is missing: `lacking`."""

    def __init__(self, *lacking: Need) -> None:
        """What is missing; nothing where no line begins here."""
        super().__init__(", ".join(lacking))
        self.lacking = lacking


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one demand is. `waits`: what the first of two signed, and who that was."""

    stage: Stage = Stage.RECEIVED
    waits: tuple[Matter, str] | None = None
    decision: Matter | None = None
    signed: frozenset[str] = frozenset()
    held: bool = False


@dataclass(frozen=True, slots=True)
class Brought:
    """Who does it and what they bring along. `readers`: the ids of those who may read it now."""

    actor: str = ""
    post: Post | None = None
    filled: frozenset[str] = field(default_factory=frozenset)
    matter: Matter | None = None
    readers: frozenset[str] = frozenset()
    # How many of those whom it concerns are here, and whether all of them know or may not.
    here: int = 0
    all_know: bool = True


def move(standing: Standing, what: Move, brought: Brought) -> Standing:
    """Where it is afterwards. Error: `NotPossible`, and nothing has changed."""
    lacking: tuple[Need, ...] = ()
    for line in DEMANDS:
        if line.move != what or standing.stage not in line.before:
            continue
        missing = tuple(need for need in line.needs if not _HOLDS[need](standing, brought))
        if not missing:
            return _moved(standing, line, brought)
        # Of several lines, the one that comes closest says what is missing.
        lacking = missing if not lacking or len(missing) < len(lacking) else lacking
    raise NotPossible(*lacking)


def possible(standing: Standing) -> frozenset[Move]:
    """What can be done from here, as far as the demand itself decides it."""
    known = {Need.NOTHING_WAITS, Need.WAITS, Need.HELD, Need.NOT_HELD, Need.GIVES_NOTHING}
    found = {
        line.move
        for line in DEMANDS
        if standing.stage in line.before
        and all(_HOLDS[need](standing, Brought()) for need in line.needs if need in known)
    }
    found -= set() if standing.waits else {Move.CONFIRM}
    return frozenset(found - (set() if standing.decision in GIVES else {Move.ANSWER}))


def _moved(standing: Standing, line: Line, brought: Brought) -> Standing:
    after = replace(standing, stage=line.after or standing.stage)
    if line.move in {Move.PROPOSE, Move.HOLD, Move.LIFT, Move.STAY}:
        matter = brought.matter if line.move == Move.PROPOSE else Matter(line.move.value)
        return replace(after, waits=(matter, brought.actor) if matter else None)
    if line.move == Move.CONFIRM and standing.waits:
        return _signed(after, *standing.waits, second=brought.actor)
    if line.move == Move.WITHDRAW:
        return replace(after, waits=None)
    if line.move in {Move.UNSIGN, Move.TAKE_UP}:
        return replace(after, decision=None, signed=frozenset())
    return after


def _signed(standing: Standing, matter: Matter, first: str, *, second: str) -> Standing:
    if matter in {Matter.HOLD, Matter.LIFT, Matter.STAY}:
        return replace(standing, waits=None, held=matter != Matter.LIFT)
    return replace(standing, waits=None, decision=matter, signed=frozenset({first, second}))


def _second(standing: Standing, brought: Brought) -> bool:
    if standing.waits is None or not brought.actor:
        return False
    first = standing.waits[1]
    return first != brought.actor and {first, brought.actor} <= brought.readers


def _gives(standing: Standing, brought: Brought) -> bool:
    return standing.decision in GIVES and len(standing.signed) > 1 and standing.signed <= brought.readers


def _waits(*matters: Matter) -> Callable[[Standing, Brought], bool]:
    return lambda standing, _brought: standing.waits is not None and standing.waits[0] in matters


def _filled(*names: str) -> Callable[[Standing, Brought], bool]:
    return lambda _standing, brought: brought.filled.issuperset(names)


_HOLDS: dict[Need, Callable[[Standing, Brought], bool]] = {
    Need.ANSWERS: lambda _standing, brought: brought.post is not None and brought.actor in brought.readers,
    Need.LAW_SHEET: _filled("law_sheet"),
    Need.VALIDITY: _filled("validity"),
    Need.COUNSEL: _filled("counsel"),
    Need.REASON: _filled("reason"),
    Need.ASKED: _filled("asked"),
    Need.DECISION: lambda _standing, brought: brought.matter in DECISIONS,
    Need.NOTHING_WAITS: lambda standing, _brought: standing.waits is None,
    Need.WAITS: lambda standing, _brought: standing.waits is not None,
    Need.DECISION_WAITS: _waits(*DECISIONS),
    Need.HOLD_WAITS: _waits(Matter.HOLD),
    Need.LIFT_WAITS: _waits(Matter.LIFT),
    Need.STAY_WAITS: _waits(Matter.STAY),
    Need.SECOND: _second,
    Need.AS_PROPOSED: _filled("proposal"),
    Need.SOMEBODY: lambda _standing, brought: brought.here > 0,
    Need.UNTIL: _filled("again"),
    Need.NOT_HELD: lambda standing, _brought: not standing.held,
    Need.HELD: lambda standing, _brought: standing.held,
    Need.SIGNED: lambda standing, brought: brought.actor in standing.signed,
    Need.GIVES: _gives,
    Need.GIVES_NOTHING: lambda standing, _brought: standing.decision is not None and standing.decision not in GIVES,
    Need.GIVEN: _filled("given", "whom"),
    Need.SAID: _filled("said"),
    Need.WHOM: _filled("person"),
    Need.TOLD: _filled("told"),
    Need.NOTED: _filled("note"),
    Need.ALL_KNOW: lambda _standing, brought: brought.all_know,
}
