"""The protocol as data: times, the page of reference, and events in any order."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from wayhouse.safeguarding.protocol import (
    TABLE,
    Case,
    Event,
    Facts,
    Level,
    NotAllowed,
    Outcome,
    Post,
    Span,
    State,
    step,
)
from wayhouse.safeguarding.protocol.levels import LADDERS, LIMITS, OF_KIND, PAGED, READERS, REVIEWS, Duty
from wayhouse.safeguarding.protocol.machine import GUARDS, allowed
from wayhouse.safeguarding.protocol.page import page
from wayhouse.safeguarding.protocol.table import NEEDS_TWO, Guard, Side

BERLIN = ZoneInfo("Europe/Berlin")
PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "safeguarding-states.md"
FIELDS = (
    "kind", "about", "wish", "reason", "near", "serious", "credible", "less_intrusive", "smallest", "told", "law_sheet",
    "plan", "found", "person_told", "raiser_told", "aftercare", "learning", "professional", "accepted_at", "proposal",
)  # fmt: skip
EVERYTHING = Facts(
    "sol", Post.LEAD, on_rota=True, filled=frozenset(FIELDS), level=Level.NOW, time_over=True, another_has_it=True
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def test_the_page_of_reference_is_what_the_table_says() -> None:
    assert PAGE.read_text("utf-8") == page()


def test_every_level_has_its_limits() -> None:
    for table in (LADDERS, LIMITS, REVIEWS, PAGED, READERS):
        assert set(table) == set(Level)


LATE = at("2026-12-01T22:00")
EVERY_SPAN = {
    **{f"L{level} acknowledge {n}": span for level, spans in LADDERS.items() for n, span in enumerate(spans)},
    **{f"L{level} {duty}": span for level, of in LIMITS.items() for duty, span in of.items()},
    **{f"{kind} {duty}": span for kind, of in OF_KIND.items() for duty, span in of.items()},
    **{f"L{level} review {n}": span for level, spans in REVIEWS.items() for n, span in enumerate(spans)},
    **{f"L{level} second reader": span for level, span in READERS.items()},
}
# What handbook 4.2 and 4.3 say of a Tuesday at 22:00, worked out by hand and not by this code.
DUE = {
    "2026-12-01T22:15": "L1 acknowledge 0, L1 acknowledge 1",
    "2026-12-01T22:30": "L1 acknowledge 2",
    "2026-12-01T23:00": "L1 safe_now, L1 contact, L1 second reader, L2 acknowledge 0, k7 contain",
    "2026-12-02T00:00": "L2 acknowledge 1, L2 acknowledge 2",
    "2026-12-02T02:00": "L2 safe_now, L2 contact, L2 second reader, k7 tell_officer",
    "2026-12-02T12:00": "L1 contact_again",
    "2026-12-02T22:00": "L1 plan, L3 acknowledge 0, L3 acknowledge 1, L3 acknowledge 2, L3 second reader, k6 authority",
    "2026-12-03T22:00": "L1 aftercare, L2 plan, L2 aftercare, L3 aftercare, L4 aftercare, L4 acknowledge 0,"
    " L4 acknowledge 1, L4 acknowledge 2, L4 second reader",
    "2026-12-04T22:00": "L1 review 0, L3 safe_now, L3 contact, k7 tell_authority",
    "2026-12-08T22:00": "L1 review 1, L2 review 0, L4 contact",
    "2026-12-10T22:00": "L3 plan",
    "2026-12-15T22:00": "L4 plan",
    "2026-12-29T22:00": "L1 review 2, L2 review 1, L3 review 0",
    "2027-02-23T22:00": "L4 review 0",
}


def test_every_time_of_the_table_is_known_by_hand_and_none_is_left_out() -> None:
    by_hand = {name.strip(): at(due) for due, names in DUE.items() for name in names.split(",")}
    assert {name: span.due(LATE, BERLIN) for name, span in EVERY_SPAN.items()} == by_hand
    # Whatever can be owed is in the table: no duty without its time.
    assert {name.split(" ")[1] for name in EVERY_SPAN} == {str(duty).split("_reader")[0] for duty in Duty}


def test_every_guard_is_checked_and_used() -> None:
    assert set(GUARDS) == set(Guard)
    assert {guard for row in TABLE for guard in row.guards} == set(Guard)


@pytest.mark.parametrize(
    ("span", "start", "due"),
    [
        (Span(minutes=15), "2026-11-27T22:00", "2026-11-27T22:15"),
        (Span(working_days=1), "2026-11-26T10:00", "2026-11-27T10:00"),
        # A Friday evening counts on to Monday, a Saturday from Monday.
        (Span(working_days=1), "2026-11-27T22:00", "2026-11-30T22:00"),
        (Span(working_days=1), "2026-11-28T09:00", "2026-12-01T00:00"),
        (Span(working_days=7), "2026-11-23T09:00", "2026-12-02T09:00"),
        (Span(until="noon"), "2026-11-27T22:00", "2026-11-28T12:00"),
        (Span(until="noon"), "2026-11-28T00:30", "2026-11-29T12:00"),
        (Span(until="day"), "2026-11-27T09:00", "2026-11-28T00:00"),
        (Span(until="day"), "2026-11-27T22:00", "2026-11-28T02:00"),
    ],
)
def test_when_a_limit_is_over(span: Span, start: str, due: str) -> None:
    assert span.due(at(start), BERLIN) == at(due)


def test_a_working_day_keeps_its_hour_when_the_clocks_change() -> None:
    # On Sunday, 25 October 2026, the clocks go back.
    friday = datetime(2026, 10, 23, 8, tzinfo=UTC)
    assert Span(working_days=1).due(friday, BERLIN) - friday == timedelta(days=3, hours=1)


def test_a_limit_is_shortened_freely_and_at_most_doubled() -> None:
    assert Span(minutes=15).scaled(1) == Span(minutes=1)
    assert Span(working_days=3).scaled(6) == Span(working_days=6)
    for span, amount in ((Span(minutes=15), 31), (Span(minutes=15), 0), (Span(until="noon"), 1)):
        with pytest.raises(ValueError, match="doubled"):
            span.scaled(amount)


def test_the_whole_way_of_a_concern() -> None:
    case = Case()
    for event, state in (
        (Event.RAISE, State.RAISED),
        (Event.ACKNOWLEDGE, State.ACKNOWLEDGED),
        (Event.FIND_SAFE, State.SAFE_NOW),
        (Event.DECIDE, State.DECIDED),
        (Event.PLAN, State.IN_PLAN),
        (Event.REVIEW, State.REVIEW),
        (Event.REVIEW, State.REVIEW),
        (Event.CLOSE, State.CLOSED),
        (Event.REOPEN, State.REOPENED),
    ):
        case = step(case, event, _deciding(Outcome.NO_SHARING) if event == Event.DECIDE else EVERYTHING)
        assert case.state == state


def test_nothing_is_shared_against_a_will_by_one_person() -> None:
    safe = Case(State.SAFE_NOW, Level.NOW)
    for outcome in NEEDS_TWO:
        with pytest.raises(NotAllowed):
            step(safe, Event.DECIDE, _deciding(outcome))
        proposed = step(safe, Event.PROPOSE, _deciding(outcome))
        assert proposed.state == State.SAFE_NOW
        with pytest.raises(NotAllowed) as refused:
            step(proposed, Event.CONFIRM, EVERYTHING)
        assert refused.value.lacking == (Guard.SECOND_PERSON,)
        with pytest.raises(NotAllowed) as refused:
            step(proposed, Event.CONFIRM, Facts("dot", Post.DEPUTY))
        assert refused.value.lacking == (Guard.AS_PROPOSED,)
        decided = step(proposed, Event.CONFIRM, Facts("dot", Post.DEPUTY, filled=frozenset({"proposal"})))
        assert decided == Case(State.DECIDED, Level.NOW, outcome=outcome, signed=frozenset({"sol", "dot"}))


_FACTS = some.builds(
    Facts,
    actor=some.sampled_from(["sol", "dot", "sol", ""]),
    post=some.sampled_from([*Post, *Post, None]),
    on_rota=some.booleans(),
    filled=some.one_of(
        some.just(frozenset(FIELDS)), some.just(frozenset(FIELDS)), some.frozensets(some.sampled_from(FIELDS))
    ),
    outcome=some.sampled_from([None, *Outcome]),
    level=some.sampled_from([None, *Level]),
    time_over=some.booleans(),
    another_has_it=some.booleans(),
)


@given(some.lists(some.tuples(some.integers(0, 100), some.sampled_from(Event), _FACTS), min_size=40, max_size=60))
@settings(max_examples=60, deadline=None)
@pytest.mark.soaked
def test_events_in_any_order_never_leave_the_table(events: list[tuple[int, Event, Facts]]) -> None:
    case, raised, proposed_by = Case(), False, ""
    moves = {(before, row.event): row.after or before for row in TABLE for before in row.before}
    for number, anything, facts in events:
        # Most of what happens is what can happen here, so that the walk gets far.
        possible = sorted(allowed(case))
        event = possible[number % len(possible)] if number % 8 and possible else anything
        try:
            after = step(case, event, facts)
        except NotAllowed:
            continue
        raised = raised or event == Event.RAISE
        assert raised
        assert after.state == moves[case.state, event]
        # Only the clock, and whoever raises it, does something without answering for it.
        assert facts.post or event in {Event.RAISE, Event.MISS}
        if event == Event.PROPOSE:
            proposed_by = facts.actor
        if after.outcome in NEEDS_TWO:
            assert len(after.signed) == 2
            assert "" not in after.signed
        if event == Event.CONFIRM:
            assert proposed_by in after.signed
        assert Side.ESCALATED not in after.sides or event == Event.MISS or Side.ESCALATED in case.sides
        assert after.pending is None or after.state not in {State.CLOSED, State.RAISED_IN_ERROR}
        case = after


def _deciding(outcome: Outcome) -> Facts:
    return Facts("sol", Post.LEAD, on_rota=True, filled=frozenset(FIELDS), outcome=outcome, level=Level.NOW)
