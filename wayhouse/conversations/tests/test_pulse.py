"""The pulse: from five answers on, in whole numbers, and nobody can tell who answered, or what."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from conftest import Acting, Cast, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.conversations.models import PulseMark, PulseResult, PulseTally
from wayhouse.conversations.pulse import AnsweredBefore, answer_pulse
from wayhouse.conversations.telling import drop_old_marks
from wayhouse.groups.actions import take_seat
from wayhouse.groups.models import Group, Seat
from wayhouse.meetings.models import Meeting
from wayhouse.people.models import Person, Role

ALL = {"heard": 8, "safe": 9, "useful": 7, "again": 10}


@pytest.fixture
def five(cast: Cast, ana: Person, cass: Person, tuesday: Group) -> list[Person]:
    """Cass and four more."""
    others = [cast.enter(name, Role.Kind.MEMBER, ana) for name in ("eli", "fay", "gus", "hal")]
    with cast.acting(ana):
        for person in others:
            take_seat(tuesday, person, "Somebody", Seat.Role.MEMBER, actor=ana)
    return [cass, *others]


@pytest.fixture
def over(meeting: Meeting) -> Iterator[Meeting]:
    """The first evening, an hour after its end."""
    with time_machine.travel(meeting.ends_at + timedelta(hours=1), tick=False):
        yield Meeting.objects.select_related("group__scope").get(pk=meeting.pk)


def results(client: Any, group: Group) -> list[dict[str, int | None]]:
    shown = client.get(reverse("conversations:pulse", args=[group.pk])).context["results"]
    return [dict(means) for _result, means in shown]


def answered(acting: Acting, meeting: Meeting, people: list[Person], **words: int | None) -> None:
    for person in people:
        with acting(person):
            answer_pulse(meeting, {**ALL, **words}, actor=person)


def test_four_answers_show_nothing_and_add_up_with_those_of_the_next_evening(
    signed_in: SignedIn, acting: Acting, five: list[Person], over: Meeting, tuesday: Group
) -> None:
    answered(acting, over, five[:4])
    following = Meeting.objects.select_related("group__scope").get(group=tuesday, week=over.week + 1)
    with time_machine.travel(following.ends_at + timedelta(hours=1), tick=False):
        assert results(signed_in(five[0]), tuesday) == []
        answered(acting, following, five[:2], heard=3, safe=None)
        # The sixth answer is there, and nothing is shown while others may still come.
        assert results(signed_in(five[0]), tuesday) == []
    with time_machine.travel(following.ends_at + timedelta(days=6, hours=1), tick=False):
        (means,) = results(signed_in(five[0]), tuesday)
        assert list(means.values()) == [6, None, 7, 10]
        (result,) = PulseResult.objects.all()
        with acting(five[0]):
            assert (result.weeks, result.answers) == ([1, 2], 6)
        # Nothing of it is counted a second time, and who joins later does not read it.
        assert (results(signed_in(five[1]), tuesday), PulseTally.objects.count()) == ([means], 0)


def test_one_answer_for_one_evening_and_only_from_its_members_in_time(
    signed_in: SignedIn, acting: Acting, cass: Person, bo: Person, dee: Person, ana: Person, over: Meeting
) -> None:
    tuesday = over.group
    there = reverse("conversations:answer_pulse", args=[over.pk])
    client = signed_in(cass)
    assert there in client.get(reverse("conversations:circle", args=[tuesday.pk])).content.decode()
    assert there not in signed_in(bo).get(reverse("conversations:circle", args=[tuesday.pk])).content.decode()
    assert (client.post(there, {}).status_code, client.post(there, {"heard": "11"}).status_code) == (200, 200)
    assert [client.post(there, {"heard": "4"}).status_code for _time in range(2)] == [302, 302]
    assert PulseMark.objects.count() == 1
    with acting(cass), pytest.raises(AnsweredBefore):
        answer_pulse(over, ALL, actor=cass)
    assert [signed_in(who).get(there).status_code for who in (bo, dee, ana)] == [403, 404, 404]
    with time_machine.travel(over.ends_at + timedelta(days=6, minutes=1), tick=False):
        assert signed_in(cass).get(there).status_code == 403
        assert (drop_old_marks(), PulseMark.objects.count()) == (1, 0)


@pytest.mark.abuse(1, 40)
def test_the_database_does_not_say_who_answered_nor_what_nor_when(
    acting: Acting, five: list[Person], over: Meeting, django_assert_num_queries: Any
) -> None:
    leaves = AuditLeaf.objects.count()
    answered(acting, over, five[:3])
    marks, tally = list(PulseMark.objects.values()), PulseTally.objects.values().get()
    # Of an answer there is a tag and the evening; of all of them together one box, which names no moment of an answer.
    assert [sorted(mark) for mark in marks] == [["meeting_id", "tag"]] * 3
    assert sorted(tally) == ["box", "closes_at", "group_id", "id"]
    assert len({len(mark["tag"]) for mark in marks}) == 1
    assert AuditLeaf.objects.count() == leaves
    # The size of the box is that of one answer.
    sizes = {len(tally["box"])}
    answered(acting, over, five[3:])
    assert sizes == {len(PulseTally.objects.get().box)}
    # A tag is that of one holder and one evening: whoever lacks the key finds nobody by trying.
    tags = {mark["tag"] for mark in marks}
    for person in five:
        assert person.user is not None
        assert tags.isdisjoint({str(person.pk).replace("-", ""), str(person.user.holder_id).replace("-", "")})


def test_each_tag_needs_the_key_of_its_holder(acting: Acting, cast: Cast, cass: Person, bo: Person) -> None:
    one, other = cast.keyring(cass), cast.keyring(bo)
    assert one.blind_tag("pulse", b"1") == cast.keyring(cass).blind_tag("pulse", b"1")
    tags = {one.blind_tag("pulse", b"1"), one.blind_tag("pulse", b"2"), one.blind_tag("other", b"1")}
    assert len({*tags, other.blind_tag("pulse", b"1")}) == 4


@pytest.mark.abuse(40)
def test_a_result_names_neither_who_answered_first_nor_who_came_by(
    signed_in: SignedIn, acting: Acting, five: list[Person], over: Meeting, tuesday: Group
) -> None:
    answered(acting, over, five)
    following = Meeting.objects.select_related("group__scope").get(group=tuesday, week=over.week + 1)
    with time_machine.travel(following.ends_at + timedelta(hours=1), tick=False):
        # The result of the evening before waits, and does not come with the first answer after the next one.
        answered(acting, following, five[:1])
        assert PulseResult.objects.count() == 0
    with time_machine.travel(following.ends_at + timedelta(days=6, hours=1), tick=False):
        assert len(results(signed_in(five[1]), tuesday)) == 1
    assert PulseResult.objects.get().item.author_id is None
