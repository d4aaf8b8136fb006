"""A kernel at work: watched, stopped, killed; and what it answers, sealed until a coordinator looks."""

import json
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import Acting, SignedIn
from wayhouse.core.child import ChildError
from wayhouse.crypto import desks
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Locked, use
from wayhouse.crypto.letters import close_letter
from wayhouse.groups import drawing
from wayhouse.groups.actions import keep_venue
from wayhouse.groups.drawing import fingerprint, stop_drawing
from wayhouse.groups.models import Cycle, Drawing, Proposal, Venue
from wayhouse.groups.placing import draw_up_groups, plan_of, propose_groups, take_groups
from wayhouse.groups.refusals import AlreadyDrawing
from wayhouse.groups.tests.conftest import LIBRARY, Kernel, Propose, told
from wayhouse.people.models import Person

pytestmark = pytest.mark.usefixtures("same_process")


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Kernels that were started and have not run yet; call one to let it run."""
    works: list[Any] = []
    monkeypatch.setattr(drawing, "in_background", works.append)
    return works


@pytest.fixture
def begun(acting: Acting, ana: Person, cycle: Cycle, six: list[Person], waits: list[Any]) -> Drawing:
    with acting(ana):
        return draw_up_groups(cycle, actor=ana, seconds=60)


@pytest.fixture
def desk(signed_in: SignedIn, ana: Person) -> Client:
    return signed_in(ana)


def silent(row: Drawing, seconds: int) -> None:
    Drawing.objects.filter(pk=row.pk).update(heard_at=timezone.now() - timedelta(seconds=seconds))


def test_its_figures_are_shown_while_it_works(
    monkeypatch: pytest.MonkeyPatch, begun: Drawing, waits: list[Any], cycle: Cycle, desk: Client, same_process: Kernel
) -> None:
    there, pages = reverse("groups:drawing", args=[cycle.pk]), []

    def slow(module: str, problem: dict[str, Any], *, on_tick: Any, **limits: Any) -> dict[str, Any]:
        for figures in ({}, {"seconds": 0.1, "objective": 200, "bound": 150, "unplaced": 1}):
            assert on_tick(figures) is False
            pages.append(desk.get(there))
        return same_process(module, problem, **limits)

    monkeypatch.setattr(drawing, "run_apart", slow)
    assert there in desk.get(reverse("groups:proposal", args=[cycle.pk])).content.decode()
    waits[0]()
    assert [page.context["gap"] for page in pages] == ["Not known yet", "At most 25 %"]
    text = pages[1].content.decode()
    parts = ('<meta http-equiv="refresh" content="3">', "Stop, and keep the best plan so far", "<dd>200</dd>")
    assert [part in text for part in parts] == [True] * 3
    assert desk.get(there)["Location"] == reverse("groups:kept_proposal", args=[Proposal.objects.get().pk])
    assert desk.get(there)["Location"] == reverse("groups:proposal", args=[cycle.pk])


def test_stopping_keeps_the_best_plan_so_far(
    monkeypatch: pytest.MonkeyPatch, begun: Drawing, waits: list[Any], cycle: Cycle, desk: Client, same_process: Kernel
) -> None:
    def stopped(module: str, problem: dict[str, Any], *, on_tick: Any, **limits: Any) -> dict[str, Any]:
        asked = [on_tick({})]
        answer = desk.post(reverse("groups:stop_drawing", args=[cycle.pk]))
        assert answer["Location"] == reverse("groups:drawing", args=[cycle.pk])
        assert [*asked, on_tick({})] == [False, True]
        return same_process(module, problem, **limits)

    monkeypatch.setattr(drawing, "run_apart", stopped)
    waits[0]()
    desk.get(reverse("groups:drawing", args=[cycle.pk]))
    assert Proposal.objects.open().count() == 1


def test_a_killed_kernel_changes_nothing_and_the_page_says_so(
    monkeypatch: pytest.MonkeyPatch, begun: Drawing, waits: list[Any], cycle: Cycle, desk: Client
) -> None:
    def killed(*_words: Any, **_limits: Any) -> dict[str, Any]:
        raise ChildError

    monkeypatch.setattr(drawing, "run_apart", killed)
    waits[0]()
    page = desk.get(reverse("groups:drawing", args=[cycle.pk])).content.decode()
    # The part that a page which watches puts in place of its own, and which watches no more.
    part = page[page.index('id="live"') :]
    words = "Nothing was changed: what was accepted counts as before"
    assert (words in part, "hx-trigger" in page) == (True, False)
    assert (words in page, "http-equiv" in page, Proposal.objects.exists()) == (True, False, False)


@pytest.mark.usefixtures("six")
@pytest.mark.parametrize("ends", ["killed", "stopped", "stopped before"])
def test_the_plan_is_kept_where_looking_further_is_cut_short(
    monkeypatch: pytest.MonkeyPatch,
    acting: Acting,
    ana: Person,
    cycle: Cycle,
    waits: list[Any],
    same_process: Kernel,
    ends: str,
) -> None:
    looked = []

    def run(module: str, problem: dict[str, Any], *, what_if: bool = False, **limits: Any) -> dict[str, Any]:
        if what_if and ends == "killed":
            raise ChildError
        if what_if or ends == "stopped before":
            Drawing.objects.update(stop_asked=True)
        looked.append(what_if)
        return same_process(module, problem, what_if=what_if, **limits)

    monkeypatch.setattr(drawing, "run_apart", run)
    with acting(ana):
        row = draw_up_groups(cycle, actor=ana, seconds=60, what_if=True)
        waits[0]()
        proposal = take_groups(row, actor=ana)
        assert proposal is not None
        plan = plan_of(proposal)
    assert (len(plan["groups"]), plan["what_if"]) == (1, None)
    assert looked == {"killed": [False], "stopped": [False, True], "stopped before": [False]}[ends]


@pytest.mark.parametrize("away", [2, 4])
def test_an_answer_outlives_a_database_that_is_away_for_a_moment(
    monkeypatch: pytest.MonkeyPatch, begun: Drawing, waits: list[Any], away: int
) -> None:
    left, paused, whole = [OperationalError() for _ in range(away)], list[int](), close_letter

    def close(*words: Any) -> bytes:
        if left:
            raise left.pop()
        return whole(*words)

    monkeypatch.setattr(drawing, "close_letter", close)
    monkeypatch.setattr(drawing, "sleep", paused.append)
    with pytest.raises(OperationalError) if away > len(drawing._WAITS) else nullcontext():
        waits[0]()
    state = Drawing.State.DONE if away == 2 else Drawing.State.RUNNING
    assert (paused, Drawing.objects.get().state) == ([1, 2, 4][:away], state)


def test_what_was_given_up_stays_given_up(begun: Drawing, waits: list[Any]) -> None:
    Drawing.objects.update(state=Drawing.State.BROKEN)
    waits[0]()
    row = Drawing.objects.get()
    assert (row.state, row.letter) == (Drawing.State.BROKEN, None)


def test_a_killed_server_is_told_by_its_silence_and_another_solve_may_begin(
    acting: Acting, ana: Person, begun: Drawing, cycle: Cycle, desk: Client, propose: Propose
) -> None:
    silent(begun, 10)
    with pytest.raises(AlreadyDrawing):
        propose()
    silent(begun, 30)
    assert "It was broken off" in desk.get(reverse("groups:drawing", args=[cycle.pk])).content.decode()
    with acting(ana), pytest.raises(ChildError):
        take_groups(begun, actor=ana)
    propose()
    assert (Proposal.objects.count(), Drawing.objects.exists()) == (1, False)


def test_nothing_about_people_lies_in_clear_and_no_key_is_kept(
    acting: Acting, ana: Person, begun: Drawing, waits: list[Any], six: list[Person]
) -> None:
    with use(None):
        waits[0]()
    row = Drawing.objects.get()
    kept = b"|".join(str(value).encode() for name, value in vars(row).items() if name != "letter") + bytes(row.letter)  # type: ignore[arg-type]
    assert [person.pk.hex.encode() in kept or str(person.pk).encode() in kept for person in six] == [False] * 6
    with use(None), pytest.raises(Locked):
        take_groups(row, actor=ana)
    assert Drawing.objects.count() == 1


@pytest.mark.parametrize("change", ["letter", "desk"])
def test_an_answer_that_does_not_open_is_no_answer(
    acting: Acting, ana: Person, begun: Drawing, waits: list[Any], cycle: Cycle, desk: Client, change: str
) -> None:
    waits[0]()
    row = Drawing.objects.get()
    if change == "letter":
        Drawing.objects.update(letter=bytes(row.letter)[:-1] + b"?")  # type: ignore[arg-type]
    else:
        with acting(ana):
            desks.renew(ana.programme.desk_item, ana.programme.desk)
    with acting(ana), pytest.raises(CannotOpen):
        take_groups(row, actor=ana)
    assert (Proposal.objects.exists(), Drawing.objects.exists()) == (False, False)


def test_what_changed_meanwhile_makes_it_void(
    acting: Acting, ana: Person, begun: Drawing, waits: list[Any], library: Venue, cycle: Cycle, desk: Client
) -> None:
    waits[0]()
    with acting(ana):
        keep_venue(ana.programme, {**LIBRARY, "rooms": 1}, actor=ana, venue=library)
    answer = desk.get(reverse("groups:drawing", args=[cycle.pk]))
    assert told(answer) == ["People or places changed while it was drawn up. Please draw it up again."]
    assert (Proposal.objects.exists(), Drawing.objects.exists()) == (False, False)
    with acting(ana):
        assert take_groups(begun, actor=ana) is None


def test_the_order_of_keep_apart_rules_changes_nothing() -> None:
    problems = [{"keep_apart": apart, "people": []} for apart in ([["a", "b"], ["c", "d"]], [["d", "c"], ["b", "a"]])]
    assert len({fingerprint(problem) for problem in problems}) == 1
    assert fingerprint({"keep_apart": []}) != json.dumps({"keep_apart": []})


def test_only_coordinators_start_watch_and_stop(
    acting: Acting, dee: Person, begun: Drawing, cycle: Cycle, signed_in: SignedIn
) -> None:
    with acting(dee):
        for begin in (propose_groups, draw_up_groups):
            with pytest.raises(PermissionDenied):
                begin(cycle, actor=dee)
        for end in (stop_drawing, take_groups):
            with pytest.raises(PermissionDenied):
                end(begun, actor=dee)
    client = signed_in(dee)
    assert client.get(reverse("groups:drawing", args=[cycle.pk])).status_code == 404
    assert client.post(reverse("groups:stop_drawing", args=[cycle.pk])).status_code == 404
    assert (Drawing.objects.get().stop_asked, Drawing.objects.get().state) == (False, Drawing.State.RUNNING)
