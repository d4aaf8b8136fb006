"""The conduct ladder as a table to read: a talk, a written agreement, time away, ending (practice handbook F58, 4.2).

It is about what was done and what happens now, never about what somebody is. Imports no Django.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from wayhouse.safeguarding.protocol.levels import Span


class Rung(StrEnum):
    """What a step is."""

    TALK = "talk"
    AGREEMENT = "agreement"
    AWAY = "away"
    ENDING = "ending"


class Place(StrEnum):
    """Where a step is."""

    PROPOSED = "proposed"
    STANDING = "standing"
    APPEALED = "appealed"
    UPHELD = "upheld"
    SET_ASIDE = "set_aside"
    OVER = "over"


class Deed(StrEnum):
    """What is done with a step: by those who answer, by the person, or (`RUN_OUT`) by its day."""

    CONFIRM = "confirm"
    DROP = "drop"
    TAKE_BACK = "take_back"
    KEEP = "keep"
    END = "end"
    CLOSE = "close"
    SAY = "say"
    AGREE = "agree"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    OVERTURN = "overturn"
    RUN_OUT = "run_out"


class Must(StrEnum):
    """What must hold for a row."""

    ANSWERS = "lead, deputy or director, not the person, and not excluded"
    SECOND = "another one than the first, and the first still answers"
    DECIDED_IT = "whoever decided it"
    SOMEBODY_ELSE = "nobody who decided it"
    ANEW = "nobody who decided it or looked at it again"
    REASON = "a reason, in words for the person"
    THE_PERSON = "the person themselves"
    OWN_WORDS = "their own words"
    AGREEMENT = "a written agreement"
    WORDS_ALONE = "a talk or a written agreement"
    IN_TIME = "within ten working days after they were told"
    DAY_OVER = "its day is over, for an ending the time to appeal, for a talk or an agreement half a year"


# After these times, counted from telling the person and from the appeal.
APPEAL_WITHIN = Span(working_days=10)
DECIDED_WITHIN = Span(working_days=10)
# A talk or an agreement is over by itself so long after the person was told; it is looked at again before.
OVER_AFTER = timedelta(weeks=26)
# Only after an earlier step, and signed by two.
NEEDS_TWO = frozenset({Rung.ENDING})


@dataclass(frozen=True, slots=True)
class Rule:
    """From any of these places, by this deed, with these needs, to that place (or the same)."""

    before: tuple[Place, ...]
    deed: Deed
    after: Place | None
    needs: tuple[Must, ...]


_VALID = (Place.STANDING, Place.UPHELD)
_TOLD = (Place.STANDING, Place.APPEALED, Place.UPHELD, Place.SET_ASIDE, Place.OVER)
M = Must

LADDER: tuple[Rule, ...] = (
    Rule((Place.PROPOSED,), Deed.CONFIRM, Place.STANDING, (M.ANSWERS, M.SECOND)),
    Rule((Place.PROPOSED,), Deed.DROP, Place.SET_ASIDE, (M.ANSWERS,)),
    Rule((*_VALID, Place.APPEALED), Deed.TAKE_BACK, Place.SET_ASIDE, (M.ANSWERS, M.DECIDED_IT, M.REASON)),
    Rule(_VALID, Deed.KEEP, None, (M.ANSWERS, M.SOMEBODY_ELSE, M.REASON)),
    Rule(_VALID, Deed.END, Place.SET_ASIDE, (M.ANSWERS, M.SOMEBODY_ELSE, M.REASON)),
    Rule(_VALID, Deed.CLOSE, Place.OVER, (M.ANSWERS, M.WORDS_ALONE, M.REASON)),
    Rule(_TOLD, Deed.SAY, None, (M.THE_PERSON, M.OWN_WORDS)),
    Rule(_VALID, Deed.AGREE, None, (M.THE_PERSON, M.AGREEMENT)),
    Rule((Place.STANDING,), Deed.APPEAL, Place.APPEALED, (M.THE_PERSON, M.IN_TIME)),
    Rule((Place.APPEALED,), Deed.UPHOLD, Place.UPHELD, (M.ANSWERS, M.ANEW, M.REASON)),
    Rule((Place.APPEALED,), Deed.OVERTURN, Place.SET_ASIDE, (M.ANSWERS, M.ANEW, M.REASON)),
    Rule(_VALID, Deed.RUN_OUT, Place.OVER, (M.DAY_OVER,)),
)


class NotFollowing(Exception):  # noqa: N818  an answer to a person, not a fault
    """The table has no such row from here, or something is missing: `lacking`."""

    def __init__(self, *lacking: Must) -> None:
        """What is missing; nothing where no row begins here."""
        super().__init__(", ".join(lacking))
        self.lacking = lacking


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `signed`: who decided it; `looked`: who looked at it again."""

    rung: Rung
    place: Place
    signed: frozenset[str] = frozenset()
    looked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Given:
    """Who does it and what they bring. `readers`: those who may read and decide it now, never the person."""

    actor: str = ""
    is_the_person: bool = False
    readers: frozenset[str] = frozenset()
    filled: frozenset[str] = field(default_factory=frozenset)
    in_time: bool = False
    day_over: bool = False


def begin(rung: Rung, actor: str, *, earlier: bool) -> Step:
    """A new step. `earlier`: whether the person was told of one before it. Error: `NotFollowing`."""
    if rung in NEEDS_TWO and not earlier:
        raise NotFollowing
    return Step(rung, Place.PROPOSED if rung in NEEDS_TWO else Place.STANDING, frozenset({actor}))


def follow(step: Step, deed: Deed, given: Given) -> Step:
    """The step after a deed. Error: `NotFollowing`, and nothing has changed."""
    rules = [rule for rule in LADDER if rule.deed == deed and step.place in rule.before]
    if not rules:
        raise NotFollowing
    lacking = tuple(need for need in rules[0].needs if not _HOLDS[need](step, given))
    if lacking:
        raise NotFollowing(*lacking)
    after = replace(step, place=rules[0].after or step.place)
    if deed == Deed.CONFIRM:
        return replace(after, signed=step.signed | {given.actor})
    if deed in {Deed.KEEP, Deed.END}:
        return replace(after, looked=step.looked | {given.actor})
    return after


def open_to(step: Step, given: Given) -> list[Deed]:
    """What somebody may do now, whatever words they will bring along."""
    able = replace(given, filled=frozenset({"reason", "words"}))
    found = []
    for deed in Deed:
        try:
            follow(step, deed, able)
        except NotFollowing:
            continue
        found.append(deed)
    return found


def _filled(name: str) -> Callable[[Step, Given], bool]:
    return lambda _step, given: name in given.filled


def _second(step: Step, given: Given) -> bool:
    return given.actor not in step.signed and step.signed <= given.readers


_HOLDS: dict[Must, Callable[[Step, Given], bool]] = {
    Must.ANSWERS: lambda _step, given: given.actor in given.readers and not given.is_the_person,
    Must.SECOND: _second,
    Must.DECIDED_IT: lambda step, given: given.actor in step.signed,
    Must.SOMEBODY_ELSE: lambda step, given: given.actor not in step.signed,
    Must.ANEW: lambda step, given: given.actor not in step.signed | step.looked,
    Must.REASON: _filled("reason"),
    Must.THE_PERSON: lambda _step, given: given.is_the_person,
    Must.OWN_WORDS: _filled("words"),
    Must.AGREEMENT: lambda step, _given: step.rung == Rung.AGREEMENT,
    Must.WORDS_ALONE: lambda step, _given: step.rung in {Rung.TALK, Rung.AGREEMENT},
    Must.IN_TIME: lambda _step, given: given.in_time,
    Must.DAY_OVER: lambda _step, given: given.day_over,
}
