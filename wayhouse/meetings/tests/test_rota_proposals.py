"""Several proposals of a rota: watched, compared, locked, put aside; and what each person carries in two cycles."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.groups import drawing
from wayhouse.groups.models import Cycle, Drawing, Group, Proposal
from wayhouse.groups.refusals import Unsuitable
from wayhouse.meetings.drawing_up import change_rota, draw_up_rota, locked_shifts, look_at_change, propose_rota
from wayhouse.meetings.rota import Problem, solve
from wayhouse.meetings.tests.scenes import Town
from wayhouse.people.models import Person


@pytest.fixture
@rehearsed
def town(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The kernel in this process, and at once."""

    def run(_module: str, problem: dict[str, Any], *, time_limit: float, **_more: Any) -> dict[str, Any]:
        return solve(Problem.from_json(problem), time_limit=min(2, time_limit)).to_json()

    monkeypatch.setattr(drawing, "run_apart", run)
    monkeypatch.setattr(drawing, "in_background", lambda work: work())
    town.lasts(3)
    return town


@pytest.fixture
@rehearsed
def kestrel(town: Town) -> Group:
    return town.group("Kestrel", *town.members("Cleo"))


@pytest.fixture
def crew(town: Town) -> list[Person]:
    return [*town.leads("Bea", "Zoe"), *town.mentors("Max", "Mia", "Mo")]


@pytest.fixture
def desk(signed_in: SignedIn, ana: Person) -> Client:
    return signed_in(ana)


def at(town: Town, name: str, *more: object) -> str:
    return reverse(f"meetings:{name}", args=[town.cycle.pk, *more])


def test_a_locked_shift_stays_when_the_rota_is_drawn_up_again(
    acting: Acting, town: Town, kestrel: Group, crew: list[Person], desk: Client
) -> None:
    bea, zoe, _max, mia, mo = crew
    with acting(town.ana):
        first = propose_rota(town.cycle, actor=town.ana)
        before = {entry["week"]: entry["staff"] for entry in dict(first.plan)["meetings"]}  # type: ignore[attr-defined]
    other = next(lead for lead in (bea, zoe) if str(lead.pk) not in before[2])
    chosen = {"facilitator": other.pk, "mentor": mo.pk, "second_mentor": mia.pk, "revision": 1, "stays": "on"}
    change = at(town, "change_rota", kestrel.pk, 2)
    asked = desk.post(change, chosen).context
    assert (asked["asked"], [str(row.label) for row in asked["rows"]] != []) == (True, True)
    assert 'type="hidden" name="stays" value="True"' in desk.post(change, chosen).content.decode()
    desk.post(change, {**chosen, "sure": "on"})
    desk.post(at(town, "propose_rota") + "?n=1", {"seconds": "15"}, follow=True)
    with acting(town.ana):
        second = Proposal.objects.get(number=2)
        week = next(entry["staff"] for entry in dict(second.plan)["meetings"] if entry["week"] == 2)  # type: ignore[attr-defined]
        assert set(week) == {str(one.pk) for one in (other, mo, mia)}
        assert len(locked_shifts(second)) == 3
    assert "lock" in desk.get(at(town, "rota")).content.decode()


def test_two_rotas_are_compared_and_one_is_put_aside(
    town: Town, kestrel: Group, crew: list[Person], desk: Client, django_assert_max_num_queries: Any
) -> None:
    bea, zoe, max_, mia, _mo = crew
    town.proposal({(kestrel, week): [bea, max_, mia] for week in (1, 2, 3)})
    assert desk.get(at(town, "compare_rotas"))["Location"] == at(town, "rota")
    town.proposal({(kestrel, 1): [bea, max_, mia], (kestrel, 2): [zoe, max_, mia], (kestrel, 3): [zoe, max_]})
    with django_assert_max_num_queries(8):
        page = desk.get(at(town, "compare_rotas") + "?one=1&other=2")
    found = page.context["comparison"]
    assert [(row.one, row.other) for row in found.figures] == [(0, 0), (0, 0), (0, 1), (None, None)]
    assert [(one.evening.week, one.one[0], one.other[0]) for one in found.evenings] == [
        (2, "Bea", "Zoe"), (3, "Bea", "Zoe"),
    ]  # fmt: skip
    assert [(row.label, row.one, row.other) for row in found.people] == [
        ("Bea", 3, 1), ("Mia", 3, 2), ("Zoe", 0, 2),
    ]  # fmt: skip
    assert desk.get(at(town, "rota") + "?n=1").context["proposal"].number == 1
    assert "1 other proposal is kept no longer." in desk.get(at(town, "accept_rota") + "?n=1").content.decode()
    desk.post(at(town, "drop_rota") + "?n=1")
    assert [one.number for one in Proposal.objects.open()] == [2]
    desk.post(at(town, "accept_rota") + "?n=2", {"revision": "1"})
    assert sorted(Proposal.objects.values_list("number", "state")) == [(1, "replaced"), (2, "accepted")]
    assert desk.post(at(town, "drop_rota"))["Location"] == at(town, "rota")


def test_a_rota_that_was_broken_off_says_so_and_one_that_runs_can_be_stopped(
    acting: Acting, town: Town, kestrel: Group, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "in_background", lambda _work: None)
    with acting(town.ana):
        begun = draw_up_rota(town.cycle, actor=town.ana, seconds=60)
    assert "Stop, and keep the best plan so far" in desk.get(at(town, "drawing")).content.decode()
    assert at(town, "drawing") in desk.get(at(town, "rota")).content.decode()
    assert "right now" in desk.post(at(town, "propose_rota"), {"seconds": "15"}, follow=True).content.decode()
    desk.post(at(town, "stop_drawing"))
    assert Drawing.objects.get(pk=begun.pk).stop_asked
    assert "Stop, and keep the best plan so far" not in desk.get(at(town, "drawing")).content.decode()
    Drawing.objects.update(state=Drawing.State.BROKEN)
    assert "It was broken off" in desk.get(at(town, "drawing")).content.decode()
    assert desk.post(at(town, "propose_rota"), {"seconds": "7"})["Location"] == at(town, "rota")


def test_who_served_in_the_cycle_before_and_what_is_fair_is_shown(
    town: Town, kestrel: Group, crew: list[Person], desk: Client
) -> None:
    bea, zoe, max_, mia, _mo = crew
    town.accepts({(kestrel, 1): [bea, max_, mia], (kestrel, 2): [bea, max_], (kestrel, 3): [zoe, max_]})
    later = Cycle.objects.create(
        programme=town.ana.programme, pack="p", pack_version="1", title="Later", weeks=4,
        starts_on=town.cycle.starts_on + timedelta(weeks=12),
    )  # fmt: skip
    wren = Town(town.cast, town.ana, later).group("Wren")
    Town(town.cast, town.ana, later).proposal({(wren, week): [zoe, max_, mia] for week in (1, 2, 3, 4)})
    loads = desk.get(reverse("meetings:rota", args=[later.pk]), {"carries": "yes"}).context["board"].loads
    found = {load.name: (load.evenings, load.before, load.both, load.fair, load.judged) for load in loads}
    assert {name: found[name] for name in ("Zoe", "Bea", "Max", "Mo")} == {
        "Zoe": (4, 1, 5, 2, "2 more"),
        "Bea": (0, 2, 2, 2, "2 fewer"),
        "Max": (4, 3, 7, 3, "fair"),
        "Mo": (0, 0, 0, 3, "3 fewer"),
    }


def test_only_coordinators_look_at_a_change_and_every_rule_refuses_alike(
    acting: Acting, town: Town, kestrel: Group, crew: list[Person], dee: Person
) -> None:
    bea, zoe, max_, mia, mo = crew
    proposal = town.proposal({(kestrel, week): [bea, max_] for week in (1, 2, 3)})
    town.keeps_apart(max_, mia)
    answers = []
    with acting(town.ana):
        for staff in ([bea, max_, mia], [bea, zoe, max_], [bea, max_, mo, mia]):
            for act in (look_at_change, change_rota):
                with pytest.raises(Unsuitable) as refused:
                    act(proposal, (kestrel.pk, 1), [one.pk for one in staff], revision=1, actor=town.ana)
                answers.append(refused.value.args)
        moved = look_at_change(proposal, (kestrel.pk, 1), [bea.pk, max_.pk, mo.pk], revision=1, actor=town.ana)
    assert (answers, moved.come, moved.go) == ([()] * len(answers), frozenset([str(mo.pk)]), frozenset())
    assert Proposal.objects.get().revision == 1
    with acting(dee), pytest.raises(PermissionDenied):
        look_at_change(proposal, (kestrel.pk, 1), [], revision=1, actor=dee)
    with acting(dee), pytest.raises(PermissionDenied):
        draw_up_rota(town.cycle, actor=dee)
