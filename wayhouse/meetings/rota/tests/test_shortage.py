"""What no rota can cover is proven, and never more than that."""

from dataclasses import replace
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from wayhouse.meetings.rota import Staff, Weights
from wayhouse.meetings.rota import shortage as shortages
from wayhouse.meetings.rota.bound import CycleProgram
from wayhouse.meetings.rota.program import Watch
from wayhouse.meetings.rota.shortage import Shortage, _scarce, shortage
from wayhouse.meetings.rota.tables import Tables
from wayhouse.meetings.rota.tests.tiny import best_price
from wayhouse.meetings.rota.tests.town import ALSO_TUESDAY, TUESDAY, person, town


@pytest.mark.parametrize(
    ("staff", "expected"),
    [
        ([person("f1", "gh", max_per_4_weeks=9), person("f2", "gh", away=(1, 2, 3, 4))], Shortage(4, 0)),
        # Over all four weeks these would be enough.
        ([person("f1", "gh"), *(person(name, "gh", away=(1,)) for name in ("f2", "f3"))], Shortage(1, 0)),
        ([person("f1", "gh", max_per_4_weeks=3), person("f2", "gh", away=(2,))], Shortage(2, 0)),
        ([person("f1"), person("f2", "h"), person("m3", "gh", away=(3,))], Shortage(0, 5)),
        ([person("f1"), person("f2", "h", intensity_per_4_weeks=6)], Shortage(2, 0)),
    ],
)
def test_where_too_few_can_come_at_once_meetings_are_sure_to_be_uncovered(
    staff: list[Staff], expected: Shortage
) -> None:
    """Two groups at one time for four weeks."""
    mentors = [] if expected.mentors else [person("m1"), person("m2", "h")]
    groups = (TUESDAY, ALSO_TUESDAY)
    problem = town(*staff, *mentors, groups=groups, weeks=4, max_consecutive_weeks=5)
    tables, watch = Tables.of(problem), Watch()
    assert shortage(tables) == expected
    program = CycleProgram(tables, 4, shortage(tables))
    program.run(watch, seconds=60)
    assert sum(expected) * problem.weights.uncovered <= program.bound(watch) <= best_price(problem)


def test_what_four_weeks_allow_counts_for_any_four_weeks() -> None:
    """Two of four meetings are led in weeks 3 to 6, and none before and after."""
    away = person("f1", max_per_4_weeks=2, away=(1, 2, 7, 8))
    assert shortage(Tables.of(town(away, person("m1"), weeks=8))) == Shortage(6, 0)


def test_what_is_stopped_proves_nothing() -> None:
    stop = Event()
    stop.set()
    assert shortage(Tables.of(town(weeks=8)), stop) == Shortage(0, 0) != shortage(Tables.of(town(weeks=8)))


@st.composite
def facilitators(draw: DrawFn, name: str) -> Staff:
    """Somebody who could lead most of what there is, but for a limit of theirs."""
    return person(
        name,
        draw(st.sampled_from(["gh", "gh", "g", "h"])),
        max_per_week=draw(st.integers(1, 2)),
        max_per_4_weeks=draw(st.integers(2, 7)),
        intensity_per_4_weeks=draw(st.integers(5, 18)),
        away=tuple(draw(st.lists(st.integers(1, 5), unique=True, max_size=2))),
    )


@settings(max_examples=60, deadline=None)
@given(facilitators("f1"), facilitators("f2"), st.sampled_from(["tue", "thu"]), st.sampled_from([1, 9, 10**6]))
def test_no_rota_leaves_less_uncovered_than_is_proven(one: Staff, other: Staff, slot: str, largest: int) -> None:
    """Also where only some of the meetings are looked at."""
    groups = (TUESDAY, replace(ALSO_TUESDAY, slot=slot))
    counts = Weights(uncovered=1, second_mentor=0, no_familiar_face=0, new_face=0, fairness=0, changed=0)
    problem = town(one, other, groups=groups, weeks=5, weights=counts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shortages, "LARGEST", largest)
        proven = shortage(Tables.of(problem))
    assert proven.mentors == 10
    assert 0 <= proven.facilitators <= best_price(problem) - 10


def test_the_meetings_with_the_fewest_are_looked_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody could lead the other group; whoever leads this one is enough, and is not looked at."""
    problem = town(*(person(name) for name in ("f1", "f2", "f3", "m1")), groups=(TUESDAY, ALSO_TUESDAY), weeks=4)
    monkeypatch.setattr(shortages, "LARGEST", 2)
    assert [people for _group, _week, people in _scarce(Tables.of(problem), facilitator=True)] == [[]] * 4
    assert shortage(Tables.of(problem)) == Shortage(4, 4)
