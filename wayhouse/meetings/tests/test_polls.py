"""Which time suits: asked, answered by each for themselves, read by all as counts once it is closed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from conftest import Acting, Cast, SignedIn
from wayhouse.crypto.models import Item
from wayhouse.groups.actions import take_seat
from wayhouse.groups.models import Seat
from wayhouse.groups.refusals import Outdated
from wayhouse.meetings import polling
from wayhouse.meetings.models import FIXED_FROM, Meeting, Poll, PollAnswer
from wayhouse.meetings.polls import POLLS_KEPT, Suits
from wayhouse.people.actions import pause
from wayhouse.people.models import Person, Role

YES, NEED, NO = Suits.YES, Suits.IF_NEED_BE, Suits.NO


@pytest.fixture
def second(meeting: Meeting) -> Meeting:
    """An evening far enough away to be asked about, two weeks after the first."""
    return Meeting.objects.select_related("group__scope", "group__programme").get(group=meeting.group, week=2)


@pytest.fixture
def max_queries(django_assert_max_num_queries: Any) -> Any:
    return django_assert_max_num_queries


@pytest.fixture
def others(cast: Cast, acting: Acting, ana: Person, second: Meeting) -> list[Person]:
    """Three who sit there beside Cass."""
    people = [cast.enter(name, Role.Kind.MEMBER, ana) for name in ("eli", "fay", "gil")]
    with acting(ana):
        for person in people:
            take_seat(second.group, person, "x", Seat.Role.MEMBER, actor=ana)
    return people


def asked(acting: Acting, who: Person, evening: Meeting) -> tuple[Poll, datetime]:
    other = evening.starts_at + timedelta(days=1)
    closes = evening.starts_at - FIXED_FROM
    with acting(who):
        return polling.ask_poll(evening, [other], closes, actor=who), other


def said(acting: Acting, who: Person, poll: Poll, *marks: Suits) -> None:
    with acting(who):
        polling.answer_poll(poll, marks, actor=who)


def test_a_group_is_asked_and_all_read_the_same_counts_once_it_is_closed(
    acting: Acting, signed_in: SignedIn, cass: Person, others: list[Person], second: Meeting, max_queries: Any
) -> None:
    ana, bo = (Person.objects.get(roles__kind=kind) for kind in (Role.Kind.COORDINATOR, Role.Kind.FACILITATOR))
    page = f"/evenings/{second.pk}/times/"
    day = (second.starts_at + timedelta(days=1)).date()
    until = second.starts_at - FIXED_FROM - timedelta(days=1)
    sent = {"day_1": day, "time_1": "18:30", "until": until.date()}
    late = signed_in(bo).post(f"{page}ask/", {**sent, "until": second.starts_at.date()})
    assert list(late.context["form"].errors) == ["until"]
    assert signed_in(cass).post(f"{page}ask/", sent).status_code == 404
    assert signed_in(bo).post(f"{page}ask/", sent).headers["Location"] == page
    poll = Poll.objects.select_related("item__scope", "meeting__group__scope").get()
    client = signed_in(cass)
    client.get("/")
    times = _times(acting, cass, poll)
    with max_queries(8):
        assert client.get(page).context["times"] == [(when, []) for when in times]
    for first in (NO, YES):
        client.post(page, {"time_0": first, "time_1": YES})
    assert [field.initial for field in client.get(page).context["form"].fields.values()] == [YES, YES]
    for person, marks in zip(others, ((YES, NEED), (NO, NO), (NEED, YES)), strict=True):
        said(acting, person, poll, *marks)
    with time_machine.travel(poll.closes_at, tick=False):
        pages = [signed_in(who).get(page) for who in (ana, bo, cass)]
        assert [answer.context["poll"].counts for answer in pages] == [[[2, 1], [2, 1]]] * 3
        # Only who may move it is led there, with the time that was chosen.
        assert [b"?to=" in answer.content for answer in pages] == [True, False, False]
        late_answer = signed_in(cass).post(page, {"time_0": NO, "time_1": NO})
        assert (late_answer.status_code, late_answer.context["form"]) == (200, None)
        move = signed_in(ana).get(f"/evenings/{second.pk}/schedule/", {"to": poll_time(pages[0], 1)})
        assert str(move.context["forms"]["move"].initial["day"]) == str(day)
    assert not PollAnswer.objects.exists()
    assert not Item.objects.filter(kind=polling.ANSWER).exists()
    # Nobody reads from the row who came by first.
    assert Poll.objects.get().item.author_id is None
    with time_machine.travel(second.ends_at + POLLS_KEPT, tick=False):
        assert polling.drop_old_polls() == 1
    assert not Item.objects.filter(kind=polling.KIND).exists()


def test_few_answers_make_no_numbers_and_who_pauses_is_not_counted(
    acting: Acting, signed_in: SignedIn, bo: Person, cass: Person, others: list[Person], second: Meeting
) -> None:
    poll, _other = asked(acting, bo, second)
    for person in (cass, *others):
        said(acting, person, poll, YES, YES)
    pause(others[0], actor=others[0])
    with pytest.raises(PermissionDenied):
        said(acting, others[0], poll, NO, NO)
    assert signed_in(others[0]).get(f"/evenings/{second.pk}/times/").status_code == 404
    with time_machine.travel(poll.closes_at, tick=False):
        shown = signed_in(cass).get(f"/evenings/{second.pk}/times/")
        assert (shown.context["poll"].counts, shown.context["form"]) == ([], None)
        with acting(bo), pytest.raises(Outdated):
            polling.withdraw_poll(poll, actor=bo)


def test_who_may_ask_and_take_back(
    acting: Acting, signed_in: SignedIn, ana: Person, bo: Person, cass: Person, dee: Person, second: Meeting
) -> None:
    other, closes = second.starts_at + timedelta(days=1), second.starts_at - FIXED_FROM
    for who, times, until in (
        (cass, [other], closes),
        (bo, [], closes),
        (bo, [second.starts_at], closes),
        (bo, [other], closes + timedelta(minutes=1)),
    ):
        with acting(who), pytest.raises(PermissionDenied):
            polling.ask_poll(second, times, until, actor=who)
    poll, _other = asked(acting, ana, second)
    with pytest.raises(Outdated):
        asked(acting, bo, second)
    said(acting, cass, poll, YES, NO)
    # For whoever sits elsewhere there is nothing; who joins since is asked, too.
    assert signed_in(dee).get(f"/evenings/{second.pk}/times/").status_code == 404
    with acting(ana):
        take_seat(second.group, dee, "Dee", Seat.Role.MEMBER, actor=ana)
    assert signed_in(dee).get(f"/evenings/{second.pk}/times/").context["form"] is not None
    with acting(cass):
        with pytest.raises(PermissionDenied):
            polling.answer_poll(poll, [YES], actor=cass)
        with pytest.raises(PermissionDenied):
            polling.withdraw_poll(poll, actor=cass)
    signed_in(bo).post(f"/evenings/{second.pk}/times/end/")
    assert not Poll.objects.exists()
    assert not Item.objects.filter(kind__in=(polling.KIND, polling.ANSWER)).exists()
    with pytest.raises(Outdated):
        said(acting, cass, poll, YES, NO)


def _times(acting: Acting, who: Person, poll: Poll) -> list[datetime]:
    with acting(who):
        return poll.options


def poll_time(page: Any, place: int) -> str:
    moment: datetime = page.context["times"][place][0]
    return moment.isoformat()
