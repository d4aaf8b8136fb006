"""Which options somebody gets, and what the problem says and does not say."""

import json
from datetime import timedelta
from typing import Any

import pytest

from conftest import Acting
from wayhouse.groups.actions import begin_cycle, leave_group, open_group
from wayhouse.groups.formation import Problem
from wayhouse.groups.forming import problem_of
from wayhouse.groups.models import Cycle, Group, Seat, Venue
from wayhouse.groups.roster import Roster
from wayhouse.groups.tests.conftest import AddVenue, Apart, Enrol
from wayhouse.people.models import Person

Built = dict[str, Any]


@pytest.fixture
def problem(acting: Acting, ana: Person, cycle: Cycle) -> Any:
    def build(**options: Any) -> Built:
        with acting(ana):
            built = problem_of(Roster(cycle, **options))
        Problem.from_json(built)
        return built

    return build


def options_of(built: Built, person: Person) -> list[tuple[str, int, str | None]]:
    """(slot:language:kind, cost, interpreter's pool) of each option."""
    (found,) = (one for one in built["people"] if one["id"] == str(person.pk))
    return [(one["cell"].partition(":")[2], one["cost"], one["interpreter"]) for one in found["options"]]


def costs_of(built: Built, person: Person) -> dict[str, int]:
    return {cell: cost for cell, cost, _pool in options_of(built, person)}


def pool(built: Built, name: str) -> int:
    (capacity,) = (pool["capacity"] for pool in built["pools"] if pool["id"] == name)
    return int(capacity)


def group_at(acting: Acting, ana: Person, cycle: Cycle, venue: Venue, *members: Person) -> Group:
    words = {"name": "Wren", "venue": "Library", "slot": "tue-evening", "language": "en", "kind": "mixed"}
    cell = f"{venue.pk}:tue-evening:en:mixed"
    with acting(ana):
        names = dict.fromkeys(members, "x")
        return open_group(cycle, {**words, "cell": cell}, facilitators={}, members=names, actor=ana)


def test_somebody_gets_the_cells_of_their_times(enrol: Enrol, leads: Enrol, library: Venue, problem: Any) -> None:
    (mina,) = enrol("Mina", slots=["tue-evening", "thu-evening", "sat-morning"])
    leads("Bo", slots=["tue-evening", "sat-morning"])
    assert options_of(problem(), mina) == [("tue-evening:en:mixed", 0, None)]


def test_preferred_times_cost_nothing_and_others_do(enrol: Enrol, leads: Enrol, library: Venue, problem: Any) -> None:
    (mina,) = enrol("Mina", slots=["tue-evening", "thu-evening"], preferred_slots=["thu-evening"])
    leads("Bo")
    assert costs_of(problem(), mina) == {"tue-evening:en:mixed": 6, "thu-evening:en:mixed": 0}


@pytest.mark.parametrize(
    ("words", "venue", "cost"),
    [
        ({"mode": "online"}, {}, None),
        ({"mode": "online"}, {"online": True}, 0),
        ({"mode": "in-person"}, {"online": True}, None),
        ({"mode": "in-person"}, {}, 0),
        ({"needs": ["step-free"]}, {"step_free": False}, None),
        ({"needs": ["step-free"]}, {"step_free": True}, 0),
        ({"needs": ["step-free"]}, {"step_free": False, "online": True}, 0),
        ({"needs": ["childcare"]}, {}, None),
        ({"needs": ["childcare"]}, {"childcare": True}, 0),
        ({"needs": ["phone-in", "step-free"], "mode": "online"}, {"step_free": False}, 8),
        ({"travel": "district"}, {"area": "Harbourton/Station"}, None),
        ({"travel": "town"}, {"area": "Harbourton/Station"}, 3),
        ({"travel": "town"}, {"area": "harbourton/old mill"}, 0),
        ({"travel": "town"}, {"area": "Applewick/Market"}, None),
        ({"travel": "anywhere"}, {"area": "Applewick/Market"}, 8),
        ({"travel": "district", "area": ""}, {"area": "Applewick/Market"}, 0),
    ],
)
def test_mode_needs_and_distance(
    enrol: Enrol,
    leads: Enrol,
    add_venue: AddVenue,
    problem: Any,
    words: dict[str, Any],
    venue: dict[str, Any],
    cost: int | None,
) -> None:
    add_venue(**venue)
    (mina,) = enrol("Mina", **words)
    leads("Bo")
    expected = [] if cost is None else [("tue-evening:en:mixed", cost, None)]
    assert options_of(problem(), mina) == expected


def test_only_kinds_that_suit_and_the_preferred_one_first(
    enrol: Enrol, leads: Enrol, library: Venue, problem: Any
) -> None:
    (mina,) = enrol("Mina", kinds=["mixed", "women"], preferred_kind="women")
    (omar,) = enrol("Omar", kinds=[])
    leads("Bo")
    built = problem()
    assert costs_of(built, mina) == {"tue-evening:en:mixed": 8, "tue-evening:en:women": 0}
    assert costs_of(built, omar) == {"tue-evening:en:mixed": 0}


def test_own_language_second_language_interpreter(enrol: Enrol, leads: Enrol, library: Venue, problem: Any) -> None:
    leads("Bo", languages=["en", "de"])
    (mina,) = enrol("Mina", languages=["de", "en"])
    (omar,) = enrol("Omar", languages=["ar"], needs=["interpreter"])
    (zoe,) = enrol("Zoe", languages=["ar"])
    built = problem(interpreters=3)
    ears = "interpreter:tue-evening:ar"
    assert costs_of(built, mina) == {"tue-evening:en:mixed": 4, "tue-evening:de:mixed": 0}
    assert options_of(built, omar) == [("tue-evening:de:mixed", 10, ears), ("tue-evening:en:mixed", 10, ears)]
    assert options_of(built, zoe) == []
    assert pool(built, ears) == 3


def test_without_interpreters_nobody_is_offered_one(enrol: Enrol, leads: Enrol, library: Venue, problem: Any) -> None:
    leads("Bo")
    (omar,) = enrol("Omar", languages=["ar"], needs=["interpreter"])
    assert options_of(problem(interpreters=0), omar) == []


def test_rooms_and_people_who_lead_are_counted(enrol: Enrol, leads: Enrol, library: Venue, problem: Any) -> None:
    enrol("Mina")
    leads("Bo", languages=["en", "de"], meetings_a_week=1)
    leads("Max", slots=["tue-evening"], meetings_a_week=2)
    built = problem()
    assert pool(built, f"room:{library.pk}:tue-evening") == 2
    assert (pool(built, "lead:tue-evening:en"), pool(built, "lead:tue-evening:de")) == (2, 1)
    assert (pool(built, "lead:tue-evening"), pool(built, "lead:thu-evening"), pool(built, "lead")) == (2, 1, 3)
    (cell,) = built["cells"]
    assert (cell["max_groups"], len(cell["uses"])) == (2, 4)


def test_the_problem_names_nobody_and_no_place(
    enrol: Enrol, leads: Enrol, library: Venue, keep_apart: Apart, problem: Any
) -> None:
    mina, omar = enrol("Mina", "Omar", mix="27-40")
    leads("Bo")
    keep_apart(mina, omar)
    text = json.dumps(problem())
    words = ["Mina", "Omar", "Bo", "Library", "Quay", "Harbourton", "Mill"]
    assert [word for word in words if word in text] == []


def test_keep_apart_is_passed_on_among_those_who_are_placed(
    enrol: Enrol, leads: Enrol, library: Venue, keep_apart: Apart, problem: Any
) -> None:
    mina, omar, zoe = enrol("Mina", "Omar", "Zoe")
    (bo,) = leads("Bo")
    keep_apart(mina, omar, bo)
    keep_apart(zoe, bo)
    assert problem()["keep_apart"] == [sorted([str(mina.pk), str(omar.pk)])]


def test_who_is_gone_or_pauses_is_not_planned_for(enrol: Enrol, leads: Enrol, library: Venue, problem: Any) -> None:
    mina, omar, zoe = enrol("Mina", "Omar", "Zoe")
    leads("Bo")
    Person.objects.filter(pk=omar.pk).update(status=Person.Status.LEFT)
    Person.objects.filter(pk=zoe.pk).update(status=Person.Status.PAUSED)
    assert [one["id"] for one in problem()["people"]] == [str(mina.pk)]


def test_a_venue_out_of_use_is_not_offered(enrol: Enrol, leads: Enrol, library: Venue, problem: Any) -> None:
    (mina,) = enrol("Mina")
    leads("Bo")
    Venue.objects.update(in_use=False)
    assert options_of(problem(), mina) == []


def test_running_groups_are_previous_and_their_people_can_go_nowhere_else(
    acting: Acting, ana: Person, cycle: Cycle, enrol: Enrol, leads: Enrol, library: Venue, problem: Any
) -> None:
    seated = enrol("Mina", "Omar", "Zoe", "Kim", "Lou", "Ned", slots=["tue-evening", "thu-evening"])
    (new,) = enrol("Newt", preferred_slots=["thu-evening"])
    leads("Bo")
    group = group_at(acting, ana, cycle, library, *seated)
    built = problem()
    home = str(group.pk)
    people = {one["id"]: one for one in built["people"]}
    assert [people[str(person.pk)] for person in seated] == [
        {
            "id": str(person.pk),
            "mix": None,
            "options": [{"cell": home, "cost": 0, "interpreter": None}],
            "previous": {"cell": home, "group": home},
        }
        for person in seated
    ]
    assert [one["cell"] for one in people[str(new.pk)]["options"]] == [home, f"{library.pk}:tue-evening:en:mixed"]
    assert {"id": home, "max_groups": 1, "uses": []} in built["cells"]
    # One of two rooms and of two evenings a week is taken.
    assert (pool(built, f"room:{library.pk}:tue-evening"), pool(built, "lead")) == (1, 1)
    assert (pool(built, "lead:tue-evening"), pool(built, "lead:thu-evening")) == (0, 1)


def test_a_group_goes_on_when_its_venue_is_out_of_use_and_its_people_changed_their_times(
    acting: Acting, ana: Person, cycle: Cycle, enrol: Enrol, leads: Enrol, library: Venue, problem: Any
) -> None:
    (mina, *others) = enrol("Mina", "Omar", "Zoe", "Kim", "Lou", "Ned", slots=["sun-morning"], languages=["fr"])
    group = group_at(acting, ana, cycle, library, mina, *others)
    Venue.objects.update(in_use=False)
    built = problem()
    assert [cell["id"] for cell in built["cells"]] == [str(group.pk)]
    assert [one["options"][0]["cell"] for one in built["people"]] == [str(group.pk)] * 6


def test_a_group_that_shrank_gets_chairs_up_to_the_least_size(
    acting: Acting, ana: Person, cycle: Cycle, enrol: Enrol, library: Venue, problem: Any
) -> None:
    group = group_at(acting, ana, cycle, library, *enrol("Mina", "Omar"))
    ids = [one["id"] for one in problem()["people"]]
    assert [one for one in ids if one.startswith("chair")] == [f"chair:{n}:{group.pk}" for n in range(4)]
    assert len(ids) == 6


def test_those_who_sit_together_already_are_not_the_kernels_to_part(
    acting: Acting, ana: Person, cycle: Cycle, enrol: Enrol, library: Venue, keep_apart: Apart, problem: Any
) -> None:
    mina, omar, new = enrol("Mina", "Omar", "Newt")
    group_at(acting, ana, cycle, library, mina, omar)
    keep_apart(mina, omar, new)
    pairs = [sorted([str(mina.pk), str(new.pk)]), sorted([str(omar.pk), str(new.pk)])]
    assert sorted(problem()["keep_apart"]) == sorted(pairs)


def test_who_left_a_group_is_planned_for_again_only_when_named(
    acting: Acting, ana: Person, cass: Person, cycle: Cycle, library: Venue, problem: Any
) -> None:
    group = group_at(acting, ana, cycle, library, cass)
    with acting(cass):
        leave_group(Seat.objects.get(person=cass), actor=cass)

    def people(**options: Any) -> list[str]:
        ids = [one["id"] for one in problem(**options)["people"]]
        return [one for one in ids if one == str(cass.pk)]

    assert people() == []
    assert people(also=[cass.pk]) == [str(cass.pk)]
    assert group.seats.count() == 1


def test_people_rooms_and_leaders_of_another_cycle_in_the_same_weeks_are_busy(
    acting: Acting, ana: Person, cycle: Cycle, enrol: Enrol, leads: Enrol, library: Venue, problem: Any
) -> None:
    mina, omar = enrol("Mina", "Omar")
    leads("Bo")
    with acting(ana):
        words: dict[str, Any] = {"pack": "twelve-evenings", "version": "1.0.0", "title": "Earlier", "weeks": 14}
        beside = begin_cycle(ana.programme, starts_on=cycle.starts_on - timedelta(weeks=13), actor=ana, **words)
        before = begin_cycle(ana.programme, starts_on=cycle.starts_on - timedelta(weeks=14), actor=ana, **words)
    group_at(acting, ana, beside, library, mina)
    group_at(acting, ana, before, library, omar)
    built = problem()
    assert [one["id"] for one in built["people"]] == [str(omar.pk)]
    assert (pool(built, f"room:{library.pk}:tue-evening"), pool(built, "lead")) == (1, 1)


def test_interpreters_at_work_stay_at_work(
    acting: Acting, ana: Person, cycle: Cycle, enrol: Enrol, leads: Enrol, library: Venue, problem: Any
) -> None:
    leads("Bo")
    five = enrol("A", "B", "C", "D", "E", languages=["ar"], needs=["interpreter"])
    group_at(acting, ana, cycle, library, *five)
    built = problem(interpreters=0)
    assert pool(built, "interpreter:tue-evening:ar") == 2
    assert options_of(built, five[0]) == [("", 0, "interpreter:tue-evening:ar")]
