from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import Acting, SignedIn
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.actions import take_seat
from wayhouse.groups.models import Group, Seat
from wayhouse.meetings.actions import record_evening
from wayhouse.meetings.models import Answer, Attendance, Change, EveningCard, EveningRecord, Guide, Meeting
from wayhouse.meetings.tests.conftest import Crowd
from wayhouse.meetings.tonight import Tonight, evening_of, tonight_of
from wayhouse.people.models import Person, Role

PAGES = ("evening", "run", "guide", "seat_list")


def url(name: str, meeting: Meeting) -> str:
    return reverse(f"meetings:{name}", args=[meeting.pk])


def read(acting: Acting, person: Person, meeting: Meeting) -> Tonight:
    """The evening as somebody on shift reads it, with every word open."""
    with acting(person):
        found = evening_of(person, meeting.pk)
        assert found is not None
        assert found.expected is not None
    return found


def test_the_card_is_joined_with_the_answers(acting: Acting, bo: Person, meeting: Meeting, crowd: Crowd) -> None:
    first, second, _third = crowd(3)
    Answer.objects.create(meeting=meeting, person=first, coming=True)
    Answer.objects.create(meeting=meeting, person=second, coming=False)
    found = read(acting, bo, meeting)
    assert [(who.seat, who.name, who.coming) for who in found.expected] == [
        (1, "Cass", None),
        (2, "Person 1", True),
        (3, "Person 2", False),
        (4, "Person 3", None),
    ]
    assert (found.said_yes, found.said_no) == (1, 1)
    assert [(need, [who.name for who in people]) for need, people in found.arrangements] == [
        ("childcare", ["Person 1", "Person 2", "Person 3"])
    ]


def test_bo_reads_who_is_expected_and_who_serves(signed_in: SignedIn, bo: Person, with_max: Meeting) -> None:
    page = signed_in(bo).get(url("evening", with_max)).text
    wanted = ["Arriving", "Kestrel", "Library, room 2", "Cass", "no answer yet", "No photographs", "Max", "Sol"]
    assert [words for words in wanted if words not in page] == []
    assert "<title>Evening" in page


def test_those_on_shift_and_the_reserve_read_the_evening_and_nobody_else_does(
    signed_in: SignedIn,
    with_max: Meeting,
    *,
    ana: Person,
    bo: Person,
    cass: Person,
    dee: Person,
    max: Person,
    sol: Person,
) -> None:
    codes = {
        who.pk: [signed_in(who).get(url(name, with_max)).status_code for name in PAGES]
        for who in (bo, max, sol, ana, cass, dee)
    }
    assert codes == {
        **{who.pk: [200] * 4 for who in (bo, max, sol)},
        **{who.pk: [404] * 4 for who in (ana, cass, dee)},
    }


def test_a_mentor_reads_the_names_beside_them_without_the_keys_of_the_group(
    acting: Acting, max: Person, with_max: Meeting
) -> None:
    hosts = read(acting, max, with_max).hosts
    assert [(host.name, str(host.role), host.reserve, host.is_me) for host in hosts] == [
        ("Bo", "facilitator", False, False),
        ("Max", "mentor", False, True),
        ("Sol", "mentor", True, False),
    ]


def test_who_pauses_is_not_expected(acting: Acting, bo: Person, cass: Person, meeting: Meeting) -> None:
    Person.objects.filter(pk=cass.pk).update(status=Person.Status.PAUSED)
    assert read(acting, bo, meeting).expected == []


def test_who_sat_down_after_the_card_was_written_is_expected_too(
    acting: Acting, ana: Person, bo: Person, dee: Person, max: Person, with_max: Meeting, tuesday: Group
) -> None:
    with acting(ana):
        take_seat(tuesday, dee, "Delphi", Seat.Role.MEMBER, actor=ana)
    # Bo sits in the group and reads the name; Max does not.
    assert [who.name for who in read(acting, bo, with_max).expected] == ["Cass", "Delphi"]
    assert [who.name for who in read(acting, max, with_max).expected] == ["Cass", "Somebody new"]


def test_a_change_is_shown_with_its_reason(signed_in: SignedIn, bo: Person, meeting: Meeting) -> None:
    Change.objects.create(
        meeting=meeting,
        kind=Change.Kind.MOVED,
        reason=Change.Reason.ROOM,
        was_at=meeting.starts_at - timedelta(days=1),
    )
    page = signed_in(bo).get(url("evening", meeting)).text
    assert "This evening was moved." in page
    assert "The room is not available." in page


def test_an_evening_that_was_called_off_is_neither_run_nor_recorded(
    signed_in: SignedIn, bo: Person, begun: Meeting
) -> None:
    Meeting.objects.filter(pk=begun.pk).update(state=Meeting.State.SKIPPED)
    page = signed_in(bo).get(url("evening", begun)).text
    assert [name for name in ("run", "record", "seat_list") if url(name, begun) in page] == []


@pytest.mark.parametrize("more", [1, 19])
def test_no_more_queries_for_twenty_than_for_two(
    signed_in: SignedIn,
    bo: Person,
    begun: Meeting,
    crowd: Crowd,
    django_assert_num_queries: DjangoAssertNumQueries,
    more: int,
) -> None:
    crowd(more)
    client = signed_in(bo)
    with django_assert_num_queries(7):
        page = client.get(url("evening", begun)).text
    assert page.count("no answer yet") == more + 1


@pytest.mark.parametrize(("name", "queries"), [("run", 6), ("guide", 6), ("seat_list", 6)])
def test_the_other_pages_keep_the_budget(
    signed_in: SignedIn,
    bo: Person,
    begun: Meeting,
    django_assert_num_queries: DjangoAssertNumQueries,
    name: str,
    queries: int,
) -> None:
    client = signed_in(bo)
    with django_assert_num_queries(queries):
        assert client.get(url(name, begun)).status_code == 200


def test_once_it_is_over_the_names_are_gone(signed_in: SignedIn, bo: Person, meeting: Meeting) -> None:
    with time_machine.travel(meeting.ends_at, tick=False):
        client = signed_in(bo)
        page = client.get(url("evening", meeting)).text
        paper = client.get(url("seat_list", meeting))
    assert ("Write the record" in page, "Cass" in page) == (True, False)
    assert (paper.status_code, paper["Location"]) == (302, url("evening", meeting))


@pytest.mark.parametrize(
    ("minutes", "recorded", "closed", "first"),
    [
        (-60, False, False, "run"),
        (5, False, False, "run"),
        (95, False, False, "record"),
        (95, True, False, "debrief"),
        (95, True, True, None),
        (90 + 49 * 60, False, False, None),
    ],
)
def test_the_one_thing_to_do_next(
    signed_in: SignedIn,
    bo: Person,
    meeting: Meeting,
    *,
    minutes: int,
    recorded: bool,
    closed: bool,
    first: str | None,
) -> None:
    if recorded:
        EveningRecord.objects.create(meeting=meeting, held=True, closed=closed)
    with time_machine.travel(meeting.starts_at + timedelta(minutes=minutes), tick=False):
        page = signed_in(bo).get(url("evening", meeting)).text
    main = [name for name in ("run", "record", "debrief") if f'<a class="btn" href="{url(name, meeting)}"' in page]
    assert main == ([first] if first else [])


# -- The paper list ------------------------------------------------------------------------------


def test_the_paper_list_has_seats_and_neither_group_nor_place(
    signed_in: SignedIn, bo: Person, meeting: Meeting, crowd: Crowd
) -> None:
    crowd(2)
    page = signed_in(bo).get(url("seat_list", meeting)).text
    rows = [row.split("</tr>")[0] for row in page.split("<tbody>")[1].split("<tr>")[1:]]
    assert [("Cass" in row, "Person 1" in row, row.count("☐")) for row in rows] == [
        (True, False, 3),
        (False, True, 3),
        (False, False, 3),
        (False, False, 3),
        (False, False, 3),
    ]
    assert "Printed for Bo." in page
    assert [word for word in ("Kestrel", "Library") if word in page] == []


# -- The language of the guide ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("languages", "reader", "title"),
    [
        (["en", "de", "ar"], "de", "Topic de"),
        (["en", "ar"], "de", "Topic ar"),
        (["en", "de"], "de", "Topic de"),
        (["en"], "de", "Topic en"),
        (["fr"], "de", "Topic fr"),
    ],
)
def test_the_reader_s_language_comes_first_then_the_group_s_then_the_source(
    acting: Acting,
    signed_in: SignedIn,
    ana: Person,
    bo: Person,
    meeting: Meeting,
    *,
    languages: list[str],
    reader: str,
    title: str,
) -> None:
    source = Guide.objects.get(key=meeting.guide_key)
    Guide.objects.filter(key=meeting.guide_key).delete()
    for language in languages:
        content = {**source.content, "aim": f"Aim {language}."}
        source_of = {"cycle": source.cycle, "key": source.key, "week": source.week}
        Guide.objects.create(**source_of, language=language, title=f"Topic {language}", content=content)
    with acting(ana):
        EveningCard.objects.get(meeting=meeting).rewrite(language="ar")
    client = signed_in(bo)
    client.cookies["lang"] = reader
    page = client.get(url("guide", meeting)).text
    assert f"<h1>{title}</h1>" in page


# -- For the first screen --------------------------------------------------------------------------


def test_the_first_screen_gets_its_evening_in_few_queries(
    acting: Acting,
    bo: Person,
    meeting: Meeting,
    crowd: Crowd,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    crowd(2)
    with acting(bo):
        with django_assert_num_queries(2):
            found = tonight_of(bo)
        assert found is not None
        with django_assert_num_queries(1):
            open_all(found.sealed())
        with django_assert_num_queries(0):
            assert (found.title, found.card.group_name, len(found.expected)) == ("Arriving", "Kestrel", 3)


def test_the_next_evening_of_those_who_serve_or_stand_by(
    acting: Acting, bo: Person, max: Person, sol: Person, cass: Person, with_max: Meeting
) -> None:
    found = [tonight_of(who) for who in (bo, max, sol, cass)]
    assert [one and one.meeting.pk for one in found] == [with_max.pk, with_max.pk, with_max.pk, None]


def test_an_evening_without_a_record_stays_for_those_who_led_it(
    bo: Person, max: Person, cass: Person, with_max: Meeting
) -> None:
    def seen() -> list[bool]:
        return [tonight_of(who) is not None for who in (bo, max)]

    with time_machine.travel(with_max.ends_at + timedelta(hours=47), tick=False):
        assert seen() == [True, False]
        record_evening(with_max, {cass: Attendance.Presence.HERE}, held=True, mood=3, actor=bo)
        assert seen() == [False, False]
    with time_machine.travel(with_max.ends_at + timedelta(hours=49), tick=False):
        assert seen() == [False, False]


def test_a_facilitator_without_a_shift_has_no_evening(ana: Person, bo: Person, meeting: Meeting) -> None:
    meeting.shifts.all().delete()
    assert (tonight_of(bo), bo.holds(Role.Kind.FACILITATOR)) == (None, True)
