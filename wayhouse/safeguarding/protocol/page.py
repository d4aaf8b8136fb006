"""The page of reference, written from the tables: `python -m wayhouse.safeguarding.protocol`."""

from collections.abc import Iterable, Iterator, Sequence

from wayhouse.safeguarding.protocol.conduct import APPEAL_WITHIN, DECIDED_WITHIN, LADDER, Place
from wayhouse.safeguarding.protocol.demands import DEMANDS, Stage
from wayhouse.safeguarding.protocol.kinds import KINDS
from wayhouse.safeguarding.protocol.levels import (
    DUTIES,
    LADDERS,
    LEVELS,
    LIMITS,
    OF_KIND,
    PAGED,
    READERS,
    REVIEWS,
    Duty,
    Level,
)
from wayhouse.safeguarding.protocol.table import TABLE, Row, State

_HEAD = """# The protocol of a concern

Written from `wayhouse/safeguarding/protocol` (`python -m wayhouse.safeguarding.protocol`); a test holds both equal.
A level says how fast *we* act. It never rates a person. Nothing ever leaves the house by itself: every row below is
done by a person, except for the one in which a limit is over, and that one pages ours, without a word of content.
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([_HEAD, *_kinds(), *_levels(), *_states(), *_demands(), *_ladder(), ""])


def _kinds() -> Iterator[str]:
    yield "## Kinds\n"
    yield from _table(("kind", "about"), ((kind.upper(), words) for kind, words in KINDS.items()))


def _levels() -> Iterator[str]:
    yield "\n## Levels and their limits\n"
    rows = [("", *(LEVELS[level] for level in Level)), *_acknowledging()]
    duties = [duty for duty in Duty if any(duty in limits for limits in LIMITS.values())]
    rows += [(DUTIES[duty], *(str(LIMITS[level].get(duty, "–")) for level in Level)) for duty in duties]
    rows += [(DUTIES[Duty.REVIEW], *(", ".join(map(str, REVIEWS[level])) for level in Level))]
    rows += [(f"{DUTIES[Duty.SECOND_READER]} (counted from then)", *(str(READERS[level]) for level in Level))]
    rows += [("paged when any of these is missed", *(", ".join(PAGED[level]) for level in Level))]
    yield from _table(("", *(f"L{level}" for level in Level)), rows)
    yield "\nCounted from the moment of raising. Working days are Monday to Friday without closed days. An organisation"
    yield "shortens a limit as it likes, and lengthens it to at most twice as much, with a reason in the log."
    yield "\nSome kinds ask for more:\n"
    more = ((kind.upper(), DUTIES[duty], str(span)) for kind, of in OF_KIND.items() for duty, span in of.items())
    yield from _table(("kind", "what", "limit"), more)


def _acknowledging() -> Iterator[tuple[str, ...]]:
    for number, who in enumerate(("on call", "second on call, after that", "director, after that")):
        yield (f"{DUTIES[Duty.ACKNOWLEDGE]}: {who}", *(str(LADDERS[level][number]) for level in Level))


def _states() -> Iterator[str]:
    yield "\n## States\n"
    yield "`ESCALATED` and `HANDED_OVER` stand beside a state and go back to it.\n"
    yield from _table(("from", "by", "to", "only with"), map(_row, TABLE))
    reached = {row.after for row in TABLE if row.after}
    yield f"\n{len(reached | {State.DRAFT})} states, {len(TABLE)} rows. What is not in the table cannot happen."


def _demands() -> Iterator[str]:
    yield "\n## A demand of an authority\n"
    yield "Entered by whoever answers, never by the authority. Each row is done by a person; the house sends nothing."
    yield "Two different people sign a decision, a hold and its end; both still answer for it at that moment.\n"
    lines = ((_stages(line.before), line.move, _stage(line.after), "; ".join(line.needs)) for line in DEMANDS)
    yield from _table(("from", "by", "to", "only with"), lines)


def _ladder() -> Iterator[str]:
    yield "\n## The conduct ladder\n"
    yield "A talk, a written agreement, time away, an ending. All but the ending hold once decided and told;"
    yield f"an ending needs an earlier step and a second person. Appeal within {APPEAL_WITHIN}, decided within"
    yield f"{DECIDED_WITHIN}. Time away ends by itself; an ending is carried out when the time to appeal is over.\n"
    rules = ((_places(rule.before), rule.deed, _place(rule.after), "; ".join(rule.needs)) for rule in LADDER)
    yield from _table(("from", "by", "to", "only with"), rules)


def _places(places: Sequence[Place]) -> str:
    return ", ".join(map(_place, places))


def _place(place: Place | None) -> str:
    return place.upper() if place else "the same"


def _stages(stages: Sequence[Stage]) -> str:
    return "any" if len(stages) == len(Stage) else ", ".join(map(_stage, stages))


def _stage(stage: Stage | None) -> str:
    return stage.upper() if stage else "the same"


def _row(row: Row) -> Sequence[str]:
    after = row.after.upper() if row.after else "the same"
    beside = f", beside it {row.beside.upper()}" if row.beside else ""
    ends = f", no more {' or '.join(side.upper() for side in row.ends)}" if row.ends else ""
    before = ", ".join(state.upper() for state in row.before)
    return before, row.event, after + beside + ends, "; ".join(row.guards)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _line(head)
    yield _line(["---"] * len(head))
    yield from map(_line, rows)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
