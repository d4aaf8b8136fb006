"""Nudges: to the mentor alone, twice in four weeks, never about somebody on a break, off when the member wants."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.groups.models import Group
from wayhouse.meetings.models import Answer, Attendance, Meeting
from wayhouse.mentoring import nudging, writing
from wayhouse.mentoring.models import Nudge, Pair
from wayhouse.mentoring.settling import begin_break
from wayhouse.notices.models import Notice
from wayhouse.people import actions as people
from wayhouse.people.models import Person

# Tuesdays in Max's hours, counted from one on which Cass wrote; and a Sunday after two weeks, outside of them.
WROTE = datetime(2030, 7, 2, 16, 30, tzinfo=UTC)
DAY = date(2030, 7, 2)
HELLO = "Would a hello be welcome?"


def asked() -> list[Any]:
    return list(Notice.objects.filter(once__startswith="hello:").values_list("person_id", flat=True))


def _waiting() -> int:
    return Notice.objects.filter(once__startswith="hello:", deliveries__state="due").count()


def days(*numbers: int) -> list[date]:
    return [DAY + timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("weeks", "told", "day", "due"),
    [
        (2, (), 13, False),
        (2, (), 14, True),
        (4, (), 27, False),
        (0, (), 300, False),
        (2, (14,), 27, False),
        (2, (14,), 28, True),
        # Twice since the last word: then silence, however long.
        (2, (14, 28), 300, False),
        # Twice within four weeks, also if a word came in between.
        (2, (-12, -1), 15, False),
        (2, (-12, -1), 16, True),
    ],
)
def test_when_a_mentor_may_be_asked(weeks: int, told: tuple[int, ...], day: int, due: bool) -> None:  # noqa: FBT001
    pair, (today,) = Pair(quiet_weeks=weeks, heard_on=DAY), days(day)
    assert (nudging.is_missed(pair, today) and nudging.is_due(pair, days(*told), today)) is due


def test_the_mentor_alone_is_asked_twice_in_their_hours_and_then_there_is_silence(
    signed_in: SignedIn, acting: Acting, ana: Person, cass: Person, max: Person, pair: Pair
) -> None:
    page, answer = (reverse(f"mentoring:{name}", args=[pair.pk]) for name in ("thread", "answer_nudge"))
    with time_machine.travel(WROTE, tick=False), acting(cass):
        writing.write_letter(pair, "Good night.", actor=cass)
    with time_machine.travel(WROTE + timedelta(days=15), tick=False):
        # A Wednesday, on which Max does not read.
        assert (nudging.ask_for_hellos(), asked()) == (0, [])
    with time_machine.travel(WROTE + timedelta(days=14), tick=False):
        people.pause(cass, actor=cass)
        assert nudging.ask_for_hellos() == 0
        people.come_back(cass, actor=cass)
        assert [nudging.ask_for_hellos(), nudging.ask_for_hellos(), asked()] == [1, 0, [max.pk]]
        # What a break took back before it arrived is no try, whoever takes it; it is asked again if it is still so.
        for who in (cass, max):
            people.pause(who, actor=who)
            assert (Nudge.objects.count(), _waiting()) == (0, 0)
            people.come_back(who, actor=who)
            assert [nudging.ask_for_hellos(), Nudge.objects.count(), _waiting()] == [1, 1, 1]
        Notice.objects.filter(once__startswith="hello:").exclude(deliveries__state="due").delete()
        assert [HELLO in signed_in(who).get(page).content.decode() for who in (max, cass)] == [True, False]
        assert [signed_in(who).post(answer).status_code for who in (ana, cass)] == [404, 404]
        for who in (ana, cass):
            with pytest.raises(PermissionDenied):
                nudging.answer_nudge(pair, in_touch=True, actor=who)
        assert signed_in(max).post(answer).status_code == 302
        assert HELLO not in signed_in(max).get(page).content.decode()
    with time_machine.travel(WROTE + timedelta(days=28), tick=False):
        assert (nudging.ask_for_hellos(), asked()) == (1, [max.pk, max.pk])
    with time_machine.travel(WROTE + timedelta(days=140), tick=False):
        assert nudging.ask_for_hellos() == 0
    with time_machine.travel(WROTE + timedelta(days=147), tick=False):
        with acting(cass):
            writing.write_letter(pair, "I am back.", actor=cass)
            with pytest.raises(PermissionDenied):
                writing.choose_nudge(pair, 0, actor=max)
        writing.choose_nudge(pair, 0, actor=cass)
    with time_machine.travel(WROTE + timedelta(days=182), tick=False):
        assert (nudging.ask_for_hellos(), Nudge.objects.filter(handled_on=None).count()) == (0, 0)


def test_two_evenings_missed_without_a_word_are_a_reason_if_the_member_chose_so(
    signed_in: SignedIn, cass: Person, max: Person, mentored: Group, pair: Pair
) -> None:
    evenings = list(Meeting.objects.filter(group=mentored).order_by("week")[:2])
    for evening, number in zip(evenings, (5, 12), strict=True):
        evening.starts_at = WROTE + timedelta(days=number)
        evening.save(update_fields=["starts_at"])
        Attendance.objects.create(meeting=evening, person=cass, presence=Attendance.Presence.AWAY)
    Person.objects.filter(pk=cass.pk).update(status_on=DAY)
    Pair.objects.update(heard_on=DAY, quiet_weeks=8)
    page = reverse("mentoring:choose_nudge", args=[pair.pk])
    with time_machine.travel(WROTE + timedelta(days=14), tick=False):
        # Not chosen yet. Then: it was said beforehand; one of the two was before the last word, before a break, or is
        # long ago; another of them was not missed.
        assert nudging.ask_for_hellos() == 0
        signed_in(cass).post(page, {"quiet_weeks": "0", "if_missed": "1"})
        said = Answer.objects.create(meeting=evenings[0], person=cass, coming=False)
        assert nudging.ask_for_hellos() == 0
        said.delete()
        for rows, change, back in (
            (Pair.objects.all(), {"heard_on": days(5)[0]}, {"heard_on": DAY}),
            (Person.objects.filter(pk=cass.pk), {"status_on": days(6)[0]}, {"status_on": DAY}),
            (cass.seats.all(), {"until_on": days(13)[0]}, {"until_on": None}),
            (Attendance.objects.filter(meeting=evenings[0]), {"presence": "phone"}, {"presence": "away"}),
        ):
            rows.update(**change)
            assert nudging.ask_for_hellos() == 0, change
            rows.update(**back)
    with time_machine.travel(WROTE + timedelta(days=42), tick=False):
        assert nudging.ask_for_hellos() == 0
    with time_machine.travel(WROTE + timedelta(days=14), tick=False):
        assert [nudging.ask_for_hellos(), asked()] == [1, [max.pk]]
        # No word of evenings.
        shown = signed_in(max).get(reverse("mentoring:thread", args=[pair.pk])).content.decode()
        card = shown.split(HELLO)[1].split("</article>")[0].split("</section>")[0]
        assert ("evening" in card, "missed" in card) == (False, False)


def test_a_nudge_that_an_earlier_release_named_by_its_day_keeps_nobody_from_a_break(pair: Pair, max: Person) -> None:
    nudge = Nudge.objects.create(pair=pair, told_on=WROTE)
    begin_break(person_id=max.pk, names=[f"hello:{pair.pk}:2026-10-06"])
    assert list(Nudge.objects.all()) == [nudge]
