"""The parts of the search, each by itself."""

import math
import os
import subprocess
import sys
import threading

import pytest
from hypothesis import given, settings

from benchmarks.planning.rota import generate
from wayhouse.core.background import Work
from wayhouse.meetings.rota import Group, Problem
from wayhouse.meetings.rota import bounder as bounders
from wayhouse.meetings.rota.bound import CycleProgram
from wayhouse.meetings.rota.bounder import Bounder, _blocks
from wayhouse.meetings.rota.engine import Engine, Limits
from wayhouse.meetings.rota.greedy import fill, greedy
from wayhouse.meetings.rota.model import WeekModel
from wayhouse.meetings.rota.neighbourhoods import Neighbourhoods
from wayhouse.meetings.rota.objective import evaluate
from wayhouse.meetings.rota.program import Program, Watch, run
from wayhouse.meetings.rota.reach import most_in_group, most_meetings, most_weeks
from wayhouse.meetings.rota.search import Search
from wayhouse.meetings.rota.shortage import shortage
from wayhouse.meetings.rota.staffing import Staffing
from wayhouse.meetings.rota.tables import Tables
from wayhouse.meetings.rota.tests.tiny import best_price, problems
from wayhouse.meetings.rota.tests.town import ALSO_TUESDAY, TUESDAY, person, rota, town


def searching(problem: Problem) -> Search:
    tables = Tables.of(problem)
    return Search(tables, time_limit=60, work_limit=math.inf, on_progress=None, should_stop=None)


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    heavy = {"django", "ortools", "highspy", "numpy", "numba"}
    asks = f"import sys, wayhouse.meetings.rota; print({heavy} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"


@settings(max_examples=25, deadline=None)
@given(problems(announced=True))
def test_no_rota_is_below_the_bound_of_any_blocks(problem: Problem) -> None:
    best, tables = best_price(problem), Tables.of(problem)
    for length in {1, 2, 4, problem.weeks} if problem.fixed_weeks < problem.weeks else ():
        program, watch = CycleProgram(tables, length, shortage(tables)), Watch()
        program.run(watch, seconds=60)
        assert 0 <= program.bound(watch) <= best


@pytest.mark.parametrize("weeks", [1, 2, 3, 4, 5])
def test_the_bound_holds_for_fewer_weeks_than_anybody_may_serve_in_a_row(weeks: int) -> None:
    """Two groups at one time, two who lead: each stays with one group, and two faces are all it takes."""
    groups = [Group(name, "tue", 1, 1, 0) for name in "gh"]
    leaders = [person(name, "gh", target=weeks) for name in ("f1", "f2")]
    problem = town(*leaders, groups=groups, weeks=weeks, max_consecutive_weeks=5)
    program, watch = CycleProgram(Tables.of(problem), weeks), Watch()
    program.run(watch, seconds=60)
    assert program.bound(watch) == best_price(problem)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_the_bound_knows_who_is_kept_apart(length: int) -> None:
    problem = town(person("f1"), person("m1"), weeks=3, keep_apart=(("m1", "f1"),))
    program, watch = CycleProgram(Tables.of(problem), length), Watch()
    program.run(watch, seconds=60)
    assert program.bound(watch) == best_price(problem) > 3 * problem.weights.uncovered


@settings(max_examples=40, deadline=None)
@given(problems(announced=True))
def test_the_model_prices_a_rota_as_it_is(problem: Problem) -> None:
    """What a better rota saves in the model, it saves in the objective."""
    staffing = greedy(Tables.of(problem))
    before = sum(evaluate(problem, staffing.meetings()).values())
    model = WeekModel(staffing, staffing.empty(staffing.tables.ahead))
    engine = Engine(model, Limits(60), seed=1)
    outcome = engine.run(lambda: False)
    assert outcome.proven
    assert before - model.start_cost + (engine.bound or 0) == best_price(problem)


def test_the_solver_without_presolve_finds_what_its_presolve_cuts_off() -> None:
    """min 2x + 3z, x + z >= 4.5, z whole: HiGHS 1.14.0 says 15 with its presolve."""
    program, watch = Program(), Watch()
    terms = [(program.variable(2, most=10), 1.0), (program.variable(3, most=10, whole=True), 1.0)]
    program.row(terms, least=4.5)
    assert run(program, watch, seconds=10) == [4.5, 0.0]
    assert watch.bound == 9


def test_a_program_without_whole_variables_has_its_bound() -> None:
    program, watch = Program(), Watch()
    program.variable(-3, most=2)
    assert (run(program, watch, seconds=10), watch.bound) == ([2.0], -6)


def test_a_program_can_be_stopped_before_it_starts() -> None:
    tables, watch = Tables.of(Problem.from_json(generate(12))), Watch()
    watch.stop.set()
    program = CycleProgram(tables, 2)
    program.run(watch, seconds=60)
    assert program.bound(watch) < 200


def test_blocks_are_finer_for_smaller_problems() -> None:
    sizes = (generate(1), generate(40), generate(60))
    assert [_blocks(Tables.of(Problem.from_json(raw))) for raw in sizes] == [[2, 1], [2], [4]]


def test_faces_are_suggested_and_the_bound_rises() -> None:
    search = searching(Problem.from_json(generate(3, weeks=8)))
    bounder = Bounder(search)
    faces = bounder.faces(60)
    first = search.bound
    assert faces is not None
    assert {group for _, group in faces} == {0, 1, 2}
    bounder.go_on()
    with bounder:
        assert not search.over()
        assert bounder._run is not None
        bounder._run.wait(search.over)
        assert not search.over()
        assert bounder.take_faces()
        assert not bounder.has_faces
    assert 0 < first <= search.bound


@pytest.mark.parametrize(
    ("cores", "sizes", "expected"),
    [
        (2, {}, True),
        (1, {}, True),
        (2, {"QUICK": 1}, True),
        (1, {"QUICK": 1}, False),
        (2, {"QUICK": 1, "LARGEST": 1}, False),
    ],
)
def test_finer_programs_run_beside_annealing_where_there_is_a_processor_for_them(
    monkeypatch: pytest.MonkeyPatch, cores: int, sizes: dict[str, int], *, expected: bool
) -> None:
    for name, most in sizes.items():
        monkeypatch.setattr(bounders, name, most)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    bounder = Bounder(searching(Problem.from_json(generate(1))))
    with bounder:
        bounder.begin()
        assert bounder._run is not None
        bounder._run.wait(lambda: False)
        bounder._search.over()
        assert (bounder._run is not None) == expected


@pytest.mark.parametrize(
    ("here", "run_of", "in_span", "most"),
    [("1111111", 7, 4, 7), ("1111111", 2, 4, 5), ("1111111", 7, 1, 2), ("1101011", 2, 4, 5), ("0000", 3, 4, 0)],
)
def test_how_often_one_person_could_lead_one_group(here: str, run_of: int, in_span: int, most: int) -> None:
    away = tuple(week for week, mark in enumerate(here, start=1) if mark == "0")
    problem = town(person("f1", away=away, max_per_4_weeks=in_span), weeks=len(here), max_consecutive_weeks=run_of)
    assert most_in_group(Tables.of(problem), 0, 0, range(len(here))) == most


def test_how_often_one_person_could_lead_anything() -> None:
    tables = Tables.of(town(person("f1", max_per_week=2, max_per_4_weeks=3, away=(2,)), weeks=8))
    assert most_weeks(tables, 0, range(8)) == 6  # four weeks in a row at most
    assert most_meetings(tables, 0, range(8)) == 6
    assert most_meetings(tables, 0, range(3)) == 3
    assert most_meetings(Tables.of(town(person("f1", max_per_week=2), weeks=3)), 0, range(3)) == 6


def test_intensity_limits_how_often_too() -> None:
    tables = Tables.of(town(person("f1", intensity_per_4_weeks=5), weeks=8))
    assert most_in_group(tables, 0, 0, range(8)) == 4
    assert most_in_group(Tables.of(town(person("f1", max_per_week=0))), 0, 0, range(1)) == 0


@pytest.mark.parametrize(
    ("name", "hindrance"),
    [
        ("f1", "hour"),
        ("f2", "away"),
        ("f3", "option"),
        ("f4", "week"),
        ("f5", "load"),
        ("f6", "intensity"),
        ("f7", "rest"),
        ("f8", "apart"),
        ("f9", None),
        ("m1", "role"),
    ],
)
def test_what_keeps_somebody_from_a_meeting(name: str, hindrance: str | None) -> None:
    third = Group("k", "thu", 5, 9, 1)
    staff = (
        person("f1", "gh"),
        person("f2", away=(2,)),
        person("f3", ""),
        person("f4", "gk", max_per_week=1),
        person("f5", "gk", max_per_4_weeks=1),
        person("f6", "gk", intensity_per_4_weeks=6),
        person("f7", "gk"),
        person("f8"),
        person("f9"),
        person("m1"),
        person("m2"),
    )
    groups = (TUESDAY, ALSO_TUESDAY, third)
    problem = town(*staff, groups=groups, weeks=4, max_consecutive_weeks=2, keep_apart=(("f8", "m2"),))
    tables = Tables.of(problem)
    led = rota({"g2": "m2", "h2": "f1", "k2": "f4", "k3": "f5 f6 f7", "k1": "f7"})
    place = [one.id for one in staff].index(name)
    assert Staffing.of(tables, led).hindrance(place, (0, 1)) == hindrance


def test_by_hand_the_week_before_counts_first_then_the_load() -> None:
    staff = (person("f1"), person("f2"), person("m1", target=9))
    problem = town(*staff, weeks=3, max_consecutive_weeks=2)
    assert [meeting.staff for meeting in greedy(Tables.of(problem)).meetings()] == [("f1", "m1"), ("f1", "m1"), ("f2",)]


def test_filling_only_gaps_brings_no_second_mentor() -> None:
    group = Group("g", "tue", 1, 1, 2)
    tables = Tables.of(town(person("f1"), person("m1"), person("m2"), groups=[group]))
    staffing = Staffing(tables)
    fill(staffing, only_gaps=True)
    assert [meeting.staff for meeting in staffing.meetings()] == [("f1", "m1")]
    fill(staffing)
    assert [meeting.staff for meeting in staffing.meetings()] == [("f1", "m1", "m2")]


def test_neighbourhoods_grow_with_proofs_and_shrink_with_lost_time() -> None:
    tables = Tables.of(Problem.from_json(generate(8)))
    choice, staffing = Neighbourhoods(tables, 1, groups=2), greedy(tables)
    kind = choice.choose(staffing).kind
    before = kind.size
    choice.learn(kind, proven=True, better=False)
    assert before < kind.size < 2 * before
    for _ in range(200):
        choice.learn(kind, proven=False, better=False)
    assert kind.size == kind.least
    for _ in range(200):
        choice.learn(kind, proven=True, better=True)
    assert len(choice.choose(staffing).places) <= kind.size == len(tables.ahead)


def test_neighbourhoods_are_meetings_ahead_with_those_who_lead_them() -> None:
    raw = generate(8)
    tables = Tables.of(Problem.from_json({**raw, "fixed_weeks": 5}))
    staffing = greedy(tables)
    choice = Neighbourhoods(tables, 7, groups=2)
    for _ in range(40):
        chosen = choice.choose(staffing)
        assert set(chosen.places) <= set(tables.ahead)
        assert {(one, place[0]) for place in chosen.places for one in staffing.at[place]} <= set(chosen.faces)


def test_work_ends_in_its_own_thread_and_brings_its_result() -> None:
    work = Work(threading.get_ident)
    work.wait(lambda: False)
    assert work.ended
    assert work.result() != threading.get_ident()


def test_a_fault_in_the_work_comes_out() -> None:
    with pytest.raises(ZeroDivisionError):
        Work(lambda: 1 // 0).result()


def test_waiting_can_be_broken_off() -> None:
    go = threading.Event()
    work = Work(go.wait)
    work.wait(lambda: True)
    assert not work.ended
    go.set()
    assert work.result()
