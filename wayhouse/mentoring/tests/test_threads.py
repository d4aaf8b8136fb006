"""Threads of two: who reads them, when words wait, how they end, and what goes with whom."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from conftest import Acting, Cast, SignedIn
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.models import Envelope, Item
from wayhouse.groups.actions import take_seat
from wayhouse.groups.models import Group, Seat
from wayhouse.meetings.models import Meeting, Shift
from wayhouse.mentoring import offering, parting, rules, writing
from wayhouse.mentoring.models import Letter, Pair
from wayhouse.mentoring.reading import threads_of
from wayhouse.mentoring.telling import tell_letters
from wayhouse.mentoring.tests.conftest import EVENINGS
from wayhouse.notices.hours import Hours
from wayhouse.notices.models import Notice
from wayhouse.people import actions as people
from wayhouse.people.models import Person, Role

QUERIES = 8
# A Monday at noon, and the Tuesday after it in Max's hours, as the clock of the server has it.
MONDAY, IN_HOURS = datetime(2030, 7, 1, 10, tzinfo=UTC), datetime(2030, 7, 2, 16, 30, tzinfo=UTC)
LIST = "mentoring:threads"


def at(pair: Pair) -> str:
    return reverse("mentoring:thread", args=[pair.pk])


def told() -> set[Any]:
    return set(Notice.objects.filter(once__startswith="two:").values_list("person_id", flat=True))


@pytest.mark.abuse(1, 4)
def test_a_member_begins_with_a_mentor_of_their_group_and_only_these_two_read(
    cast: Cast, signed_in: SignedIn, acting: Acting, mentored: Group, request: Any
) -> None:
    ana, bo, cass, dee, max_ = (request.getfixturevalue(who) for who in ("ana", "bo", "cass", "dee", "max"))
    eli = cast.enter("eli", Role.Kind.MEMBER, ana)
    with acting(ana):
        take_seat(mentored, eli, "Eli", Seat.Role.MEMBER, actor=ana)
    begin = reverse("mentoring:begin_pair", args=[max_.office_hours.pk])
    # Dee sits in no group to which Max comes: for her there is no such mentor, as there is none with another id.
    strange = signed_in(dee).get(begin), signed_in(dee).get(reverse("mentoring:begin_pair", args=[uuid4()]))
    assert [page.status_code for page in strange] == [404, 404]
    assert "Max" not in signed_in(dee).get(reverse(LIST)).content.decode()
    mine = signed_in(cass)
    shifts, there = Shift.objects.filter(person=max_), Meeting.objects.filter(shifts__person=max_)
    shifts.update(reserve=True)
    assert "Max" not in mine.get(reverse(LIST)).content.decode()
    shifts.update(reserve=False)
    with time_machine.travel(there.latest("ends_at").ends_at, tick=False):
        assert offering.mentors_for(cass) == []
    assert "Max" in mine.get(reverse(LIST)).content.decode()
    assert mine.post(begin, {"name": "Cassie", "text": "Hello, it is me."}).status_code == 200
    begun = {"name": "Cassie", "text": "Hello, it is me.", "quiet_weeks": "0", "if_missed": "0"}
    assert mine.post(begin, begun).status_code == 302
    pair = Pair.objects.get()
    # Whatever the day of this test, Max reads now.
    Letter.objects.update(waits_until=None)
    assert mine.post(begin)["Location"] == at(pair)
    with acting(cass):
        assert writing.begin_pair(max_.pk, "Cassie", "Once more.", quiet_weeks=0, actor=cass) == pair
    assert signed_in(eli).get(begin).status_code == 404
    for who, name in ((cass, "Max"), (max_, "Cassie")):
        page = signed_in(who).get(at(pair)).content.decode()
        assert ("Hello, it is me." in page, name in page) == (True, True)
    for who in (ana, bo, dee, eli):
        assert [signed_in(who).get(at(pair)).status_code, signed_in(who).post(at(pair)).status_code] == [404, 404]
    letter = Letter.objects.select_related("item").get()
    for who in (ana, bo, dee):
        with acting(who), pytest.raises(CannotOpen):
            assert Letter.objects.select_related("item").get(pk=letter.pk).text
    assert Envelope.objects.filter(scope=pair.scope).values("holder").distinct().count() == 2


def test_outside_of_their_hours_words_wait_for_the_mentor_and_the_member_is_told_until_when(
    signed_in: SignedIn, acting: Acting, cass: Person, max: Person, pair: Pair, django_assert_max_num_queries: Any
) -> None:
    Letter.objects.update(waits_until=None)
    with time_machine.travel(MONDAY, tick=False):
        # New to the mentor, outside of their hours.
        assert (tell_letters(), told()) == (0, set())
        page = signed_in(cass).get(at(pair)).content.decode()
        assert "it will be read from Tuesday, 2 July, 18:00 on" in page
        key = uuid4()
        for _again in range(2):
            signed_in(cass).post(at(pair), {"text": "Monday was long.", "key": key})
        page = signed_in(cass).get(at(pair)).content.decode()
        assert "It waits, and will be read from Tuesday, 2 July, 18:00 on." in page
        with acting(max):
            writing.write_letter(pair, "See you.", actor=max)
        page = signed_in(max).get(at(pair)).content.decode()
        assert ("Monday was long." in page, "See you." in page, "It waits" in page) == (False, True, False)
        assert (tell_letters(), told()) == (0, set())
    with time_machine.travel(MONDAY.replace(hour=17), tick=False):
        assert (tell_letters(), told()) == (1, {cass.pk})
    with time_machine.travel(IN_HOURS, tick=False):
        waiting = Letter.objects.filter(waits_until__gt=MONDAY)
        # The mentor moved their hours meanwhile: what waits for others is no news.
        assert (waiting.update(waits_until=IN_HOURS + timedelta(hours=1)), tell_letters(), told()) == (1, 0, {cass.pk})
        waiting.update(waits_until=IN_HOURS)
        assert [tell_letters(), tell_letters(), told()] == [1, 0, {cass.pk, max.pk}]
        assert signed_in(max).get(reverse(LIST)).content.decode().count("1 new") == 1
        reads = signed_in(max)
        with django_assert_max_num_queries(QUERIES):
            page = reads.get(at(pair)).content.decode()
        assert page.count("Monday was long.") == 1
        assert "1 new" not in signed_in(max).get(reverse(LIST)).content.decode()
        # That it was read stands on no page of the other.
        under_it = signed_in(cass).get(at(pair)).content.decode().split("Monday was long.")[1].split("</article>")[0]
        assert "read" not in under_it


def test_what_waits_has_its_own_turn_and_shows_in_no_list_before(
    acting: Acting, mentored: Group, cass: Person, dee: Person, max: Person
) -> None:
    offering.keep_hours(EVENINGS, takes=2, answers=False, actor=max)
    with time_machine.travel(IN_HOURS - timedelta(days=7), tick=False), acting(max):
        other = writing.open_pair(dee, max, {dee.pk: "Dee", max.pk: "Max"})
    with time_machine.travel(MONDAY, tick=False):
        with acting(cass):
            pair = writing.open_pair(cass, max, {cass.pk: "Cassie", max.pk: "Max"})
            writing.write_letter(pair, "Hello.", actor=cass)
        with acting(max):
            assert [thread.pair for thread in threads_of(max)] == [other]
    # Hours that begin sooner: a later letter comes before the one that waits, which is told all the same.
    offering.keep_hours(Hours(time(0), time(23), (0,), "UTC"), takes=2, answers=False, actor=max)
    with time_machine.travel(MONDAY, tick=False), acting(cass):
        writing.write_letter(pair, "Still Monday.", actor=cass)
        assert [tell_letters(), tell_letters()] == [1, 0]
    offering.keep_hours(EVENINGS, takes=2, answers=False, actor=max)
    with time_machine.travel(IN_HOURS, tick=False):
        assert [tell_letters(), tell_letters()] == [1, 0]
        with acting(max):
            assert [thread.pair for thread in threads_of(max)] == [pair, other]
        # What a break took back is told after it, in the next hour.
        people.pause(max, actor=max)
        people.come_back(max, actor=max)
    with time_machine.travel(IN_HOURS + timedelta(hours=1), tick=False):
        assert [tell_letters(), tell_letters(), told()] == [1, 0, {max.pk}]


def test_either_ends_it_at_once_and_may_take_all_their_words_along(
    signed_in: SignedIn, acting: Acting, cass: Person, max: Person, dee: Person, pair: Pair
) -> None:
    with acting(max):
        writing.write_letter(pair, "And hello to you.", actor=max)
    ending = reverse("mentoring:end_pair", args=[pair.pk])
    assert signed_in(dee).post(ending).status_code == 404
    with pytest.raises(PermissionDenied):
        writing.end_pair(pair, actor=dee)
    for _again in range(2):
        assert signed_in(cass).post(ending, {"words": "take"}).status_code == 302
    page = signed_in(max).get(at(pair)).content.decode()
    assert ("Hello." in page, "And hello to you." in page, "This has ended." in page) == (False, True, True)
    assert Item.objects.filter(scope=pair.scope, kind="letter").count() == 1
    signed_in(max).post(ending, {"words": "take"})
    assert not Item.objects.filter(scope=pair.scope, kind="letter").exists()
    with acting(max), pytest.raises(PermissionDenied):
        writing.write_letter(pair, "One more.", actor=max)
    # The mentor's one place is free for the next.
    with acting(cass):
        assert writing.begin_pair(max.pk, "C", "Again.", quiet_weeks=0, actor=cass).pk != pair.pk
    with time_machine.travel(datetime.now(UTC) + parting.KEPT_FOR, tick=False):
        assert parting.drop_old_pairs() == 1
    assert not Item.objects.filter(scope=pair.scope_id).exists()


@pytest.mark.abuse(29)
def test_a_break_a_role_that_ends_and_leaving(
    signed_in: SignedIn, acting: Acting, ana: Person, cass: Person, max: Person, pair: Pair, mentored: Group
) -> None:
    people.pause(cass, actor=cass)
    assert not rules.may_write(max, pair)
    assert "break" in signed_in(max).get(at(pair)).content.decode()
    assert signed_in(cass).get(at(pair)).status_code == 200
    people.come_back(cass, actor=cass)
    assert rules.may_write(max, pair)
    role = max.roles.get(kind=Role.Kind.MENTOR)
    people.give_role(max, Role.Kind.MEMBER, actor=ana)
    people.end_role(role, actor=ana)
    gone = Person.objects.get(pk=max.pk)
    assert (rules.may_write(cass, pair), signed_in(gone).get(at(pair)).status_code) == (False, 404)
    with acting(gone), pytest.raises(CannotOpen):
        assert Letter.objects.select_related("item").get().text
    assert "This has ended." in signed_in(cass).get(at(pair)).content.decode()
    assert [parting.end_threads(), parting.end_threads()] == [1, 0]
    people.leave(cass, actor=cass)
    assert signed_in(cass).get(at(pair)).status_code == 404
    assert not Envelope.objects.filter(scope=pair.scope).exists()
    with time_machine.travel(datetime.now(UTC) + parting.KEPT_FOR, tick=False):
        assert parting.drop_old_pairs() == 1


def test_what_is_silent_for_half_a_year_ends_by_itself(pair: Pair) -> None:
    with time_machine.travel(datetime.now(UTC) + parting.SILENT_FOR - timedelta(days=1), tick=False):
        assert parting.end_threads() == 0
    with time_machine.travel(datetime.now(UTC) + parting.SILENT_FOR, tick=False):
        assert parting.end_threads() == 1
