"""Whoever has a shift may ask to hand it over or step back; a coordinator answers; the keys go along."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from conftest import Acting
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.models import Group
from wayhouse.groups.refusals import Outdated, Unsuitable
from wayhouse.meetings.models import Change, EveningCard, Meeting, Shift, Swap
from wayhouse.meetings.reminding import write_times
from wayhouse.meetings.scheduling import move_meeting, skip_meeting
from wayhouse.meetings.swapping import ask_swap, decide_swap, takers_of, withdraw_swap
from wayhouse.meetings.tests.scenes import Town, on
from wayhouse.notices.calendars import calendar_of, share_calendar
from wayhouse.notices.tests.strict_calendar import wrong_with
from wayhouse.people.models import Person

Kinds = Callable[[], list[str]]


@pytest.fixture
@rehearsed
def town(town: Town, bo: Person, max: Person) -> Town:
    town.lasts(2)
    for person in (bo, max):
        town.says(person, meetings_a_week=2)
    return town


@pytest.fixture
@rehearsed
def kestrel(town: Town) -> Group:
    return town.group("Kestrel", *town.members("Cleo"))


@pytest.fixture
@rehearsed
def evening(town: Town, kestrel: Group, bo: Person, max: Person, mia: Person) -> Meeting:
    """Bo leads with Max, Zoe stands by; Mia has time."""
    town.leads("Zoe")
    return town.accepts({(kestrel, 1): [bo, max], (kestrel, 2): []})[0]


@pytest.fixture
def shift(evening: Meeting, max: Person) -> Shift:
    return Shift.objects.get(meeting=evening, person=max)


def asked(acting: Acting, shift: Shift, taker: Person | None = None) -> Swap:
    with acting(shift.person):
        return ask_swap(shift, taker, actor=shift.person)


# -- Asking ------------------------------------------------------------------------------------


def test_asking_changes_nothing_yet(
    acting: Acting, evening: Meeting, shift: Shift, max: Person, mia: Person, bo: Person, logged: Kinds
) -> None:
    swap = asked(acting, shift, mia)
    assert (swap.meeting, swap.asker, swap.taker, swap.state) == (evening, max, mia, Swap.State.ASKED)
    assert on(evening) == {bo, max}
    assert logged() == ["swap.asked"]


def test_asking_again_corrects(acting: Acting, shift: Shift, mia: Person) -> None:
    first, second = asked(acting, shift, mia), asked(acting, shift)
    assert first.pk == second.pk
    assert Swap.objects.get().taker is None


def test_only_people_whom_nothing_hinders_can_be_named(
    acting: Acting, town: Town, kestrel: Group, bo: Person, max: Person, mia: Person
) -> None:
    wren = town.group("Wren")
    away, apart, busy, zoe = [
        *town.mentors("Away", slots=["mon-evening"]),
        *town.mentors("Apart", "Busy"),
        *town.leads("Zoe"),
    ]
    with town.cast.acting(town.ana):
        (cleo,) = [seat.person for seat in kestrel.seats.members()]
    town.keeps_apart(apart, cleo)
    town.accepts({(kestrel, 1): [bo, max], (kestrel, 2): [], (wren, 1): [busy], (wren, 2): []})
    shift = Shift.objects.get(person=max)
    with acting(max):
        assert [taker.name for taker in takers_of(shift)] == ["Mia"]
        for other in (away, apart, busy, zoe, bo, max):
            with pytest.raises(Unsuitable):
                ask_swap(shift, other, actor=max)
    assert not Swap.objects.exists()


def test_who_leads_can_name_the_reserve_first(acting: Acting, town: Town, evening: Meeting, bo: Person) -> None:
    town.leads("Late", slots=["tue-evening"])
    with acting(bo):
        assert [taker.name for taker in takers_of(Shift.objects.get(meeting=evening, person=bo))] == ["Zoe"]


def test_not_for_others_and_not_once_it_began(
    acting: Acting, shift: Shift, dee: Person, bo: Person, max: Person
) -> None:
    for other in (dee, bo):
        with acting(other), pytest.raises(PermissionDenied):
            ask_swap(shift, None, actor=other)
    with time_machine.travel(shift.meeting.starts_at, tick=False), acting(max), pytest.raises(PermissionDenied):
        ask_swap(shift, None, actor=max)
    assert not Swap.objects.exists()


def test_kept_after_all(acting: Acting, shift: Shift, dee: Person, max: Person, logged: Kinds) -> None:
    swap = asked(acting, shift)
    with acting(dee), pytest.raises(PermissionDenied):
        withdraw_swap(swap, actor=dee)
    with acting(max):
        withdraw_swap(swap, actor=max)
    assert Swap.objects.get().state == Swap.State.WITHDRAWN
    assert logged() == ["swap.asked", "swap.withdrawn"]


# -- Answering ---------------------------------------------------------------------------------


def test_agreeing_hands_over_shift_and_keys(
    acting: Acting, evening: Meeting, shift: Shift, ana: Person, max: Person, mia: Person, logged: Kinds
) -> None:
    swap, others = asked(acting, shift, mia), on(evening) - {max}
    with acting(ana):
        decide_swap(swap, agree=True, taker=mia, actor=ana)
    assert on(evening) == {*others, mia}
    answered = Swap.objects.get()
    assert (answered.state, answered.taker) == (Swap.State.AGREED, mia)
    with acting(mia):
        assert EveningCard.objects.get(meeting=evening).group_name == "Kestrel"
    with acting(max), pytest.raises(CannotOpen):
        _ = EveningCard.objects.get(meeting=evening).group_name
    assert logged() == ["swap.asked", "meeting.staffed", "swap.decided"]


def test_the_coordinator_may_choose_somebody_else(
    acting: Acting, town: Town, evening: Meeting, shift: Shift, ana: Person, bo: Person, mia: Person
) -> None:
    (mo,) = town.mentors("Mo")
    swap = asked(acting, shift, mia)
    with acting(ana):
        decide_swap(swap, agree=True, taker=mo, actor=ana)
    assert on(evening) == {bo, mo}


def test_stepping_back_leaves_a_gap(
    acting: Acting, evening: Meeting, shift: Shift, ana: Person, bo: Person, max: Person
) -> None:
    swap = asked(acting, shift)
    with acting(ana):
        decide_swap(swap, agree=True, actor=ana)
    assert on(evening) == {bo}
    assert Swap.objects.get().state == Swap.State.AGREED
    with acting(max), pytest.raises(CannotOpen):
        _ = EveningCard.objects.get(meeting=evening).group_name


def test_a_reserve_hands_over_standing_by(
    acting: Acting, town: Town, evening: Meeting, ana: Person, bo: Person, max: Person
) -> None:
    (late,) = town.leads("Late")
    zoe = Shift.objects.get(meeting=evening, reserve=True)
    swap = Swap.objects.create(meeting=evening, asker=zoe.person)
    with acting(ana):
        decide_swap(swap, agree=True, taker=late, actor=ana)
    assert (on(evening), on(evening, reserve=True)) == ({bo, max}, {late})


def test_declining_changes_nothing(
    acting: Acting, evening: Meeting, shift: Shift, ana: Person, bo: Person, max: Person
) -> None:
    swap = asked(acting, shift)
    with acting(ana):
        decide_swap(swap, agree=False, actor=ana)
    assert on(evening) == {bo, max}
    assert Swap.objects.get().state == Swap.State.DECLINED


@pytest.mark.parametrize("rule", ["time", "kept apart", "limit", "role", "there already"])
def test_every_rule_refuses_in_the_same_way(
    acting: Acting, town: Town, shift: Shift, ana: Person, bo: Person, mia: Person, rule: str
) -> None:
    taker, swap = mia, asked(acting, shift, mia)
    if rule == "time":
        town.says(mia, slots=["mon-evening"])
    elif rule == "kept apart":
        town.keeps_apart(mia, bo)
    elif rule == "limit":
        town.says(mia, meetings_a_week=0)
    elif rule == "role":
        (taker,) = town.leads("Late")
    else:
        taker = bo
    with acting(ana), pytest.raises(Unsuitable) as refused:
        decide_swap(swap, agree=True, taker=taker, actor=ana)
    assert refused.value.args == ()
    assert Swap.objects.get().state == Swap.State.ASKED
    assert mia not in on(shift.meeting)


def test_what_was_answered_or_taken_back_is_not_answered_again(
    acting: Acting, shift: Shift, ana: Person, max: Person
) -> None:
    swap = asked(acting, shift)
    with acting(max):
        withdraw_swap(swap, actor=max)
    with acting(ana), pytest.raises(Outdated):
        decide_swap(swap, agree=True, actor=ana)


def test_who_is_taken_off_otherwise_need_not_ask_any_more(
    acting: Acting, town: Town, kestrel: Group, shift: Shift, bo: Person, mia: Person
) -> None:
    asked(acting, shift)
    town.accepts({(kestrel, 1): [bo, mia], (kestrel, 2): []})
    assert Swap.objects.get().state == Swap.State.WITHDRAWN


def test_dee_and_the_asker_do_not_answer(
    acting: Acting, evening: Meeting, shift: Shift, dee: Person, bo: Person, max: Person, mia: Person
) -> None:
    swap = asked(acting, shift, mia)
    for other in (dee, max):
        with acting(other), pytest.raises(PermissionDenied):
            decide_swap(swap, agree=True, taker=mia, actor=other)
    assert (Swap.objects.get().state, on(evening)) == (Swap.State.ASKED, {bo, max})


def arrives(token: str) -> list[tuple[datetime, int, str]]:
    """What a program that is not ours makes of a calendar, and a strict reader lets pass: begin, change, state."""
    file = calendar_of(token)
    assert file is not None
    assert wrong_with(file) == []
    events: list[Any] = icalendar.Calendar.from_ical(file).walk("VEVENT")
    return [(event["DTSTART"].dt, int(event["SEQUENCE"]), str(event["STATUS"])) for event in events]


def test_a_moved_a_swapped_and_a_cancelled_evening_arrive_in_the_calendars_of_all(
    acting: Acting, evening: Meeting, shift: Shift, ana: Person, bo: Person, max: Person, mia: Person
) -> None:
    bos, maxs, mias = (share_calendar("Choir", actor=person) for person in (bo, max, mia))
    write_times()
    first, later = evening.starts_at, evening.starts_at + timedelta(hours=1)
    assert [arrives(token) for token in (bos, maxs, mias)] == [[(first, 0, "CONFIRMED")]] * 2 + [[]]
    with acting(ana):
        move_meeting(evening, later, reason=Change.Reason.ROOM, actor=ana)
    write_times()
    assert [arrives(token) for token in (bos, maxs)] == [[(later, 1, "CONFIRMED")]] * 2
    swap = asked(acting, Shift.objects.get(pk=shift.pk), mia)
    with acting(ana):
        decide_swap(swap, agree=True, taker=mia, actor=ana)
    write_times()
    assert (arrives(maxs), arrives(mias)) == ([(later, 2, "CANCELLED")], [(later, 0, "CONFIRMED")])
    with acting(ana):
        skip_meeting(Meeting.objects.get(pk=evening.pk), reason=Change.Reason.ROOM, actor=ana)
    write_times()
    assert [arrives(token) for token in (bos, maxs, mias)] == [
        [(later, 2, "CANCELLED")], [(later, 2, "CANCELLED")], [(later, 1, "CANCELLED")]
    ]  # fmt: skip
