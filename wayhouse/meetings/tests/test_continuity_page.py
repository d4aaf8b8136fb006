from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import Acting, SignedIn
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.groups.models import Group
from wayhouse.meetings.chart import PLOT, WIDTH, chart_of
from wayhouse.meetings.continuity import Share
from wayhouse.meetings.models import Attendance, EveningRecord, Guide, Meeting
from wayhouse.meetings.planning import plan_meetings
from wayhouse.meetings.steadiness import Steadiness, steadiness_of
from wayhouse.meetings.tests.conftest import Crowd
from wayhouse.people.models import Person

LONG_AGO = timedelta(weeks=20)
PRESENCES = {"x": "here", "p": "phone", "-": "away"}


@pytest.fixture
@rehearsed
def evenings(acting: Acting, ana: Person, tuesday: Group, guides: list[Guide]) -> list[Meeting]:
    """Eight evenings of the Tuesday group, all of them over."""
    content = guides[0].content
    Guide.objects.bulk_create(
        Guide(cycle=tuesday.cycle, key=f"week-{week}", language="en", week=week, title=f"Topic {week}", content=content)
        for week in range(3, 9)
    )
    with acting(ana):
        plan_meetings(tuesday.cycle, actor=ana)
    found = list(Meeting.objects.filter(group=tuesday).order_by("week"))
    for meeting in found:
        meeting.starts_at, meeting.ends_at = meeting.starts_at - LONG_AGO, meeting.ends_at - LONG_AGO
        meeting.save()
    return found


def mark(evenings: list[Meeting], letters: Mapping[Person, str]) -> None:
    """One letter for each person and evening: x here, p by phone, - away, a space where nobody asked."""
    for place, meeting in enumerate(evenings):
        row = {person: PRESENCES[text[place]] for person, text in letters.items() if text[place : place + 1].strip()}
        if row:
            EveningRecord.objects.create(meeting=meeting, held=True, mood=1 + place % 5)
            Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.HELD)
        Attendance.objects.bulk_create(
            Attendance(meeting=meeting, person=person, presence=presence) for person, presence in row.items()
        )


def seen(acting: Acting, ana: Person, group: Group) -> Steadiness:
    with acting(ana):
        return steadiness_of(Group.objects.select_related("item").get(pk=group.pk))


def url(group: Group) -> str:
    return reverse("meetings:continuity", args=[group.pk])


def test_the_group_by_hand(
    acting: Acting, ana: Person, cass: Person, tuesday: Group, crowd: Crowd, evenings: list[Meeting]
) -> None:
    one, two, three, four = crowd(4)
    # After the first time: Cass 5 of 5, one 3 of 5, two 1 of 4 with three missed in a row, three 4 of 4 around a
    # pause, four nothing yet. By phone is coming.
    mark(evenings, {cass: "xpxxpx", one: "xx--xx", two: "-x---x", three: "xx xxp", four: "-----x"})
    found = seen(acting, ana, tuesday)
    assert found.rate == Share(part=13, whole=18, people=4)
    assert found.continuity == Share(part=3, whole=4, people=4)


def test_evening_by_evening(
    acting: Acting, ana: Person, cass: Person, tuesday: Group, crowd: Crowd, evenings: list[Meeting]
) -> None:
    one, two = crowd(2)
    mark(evenings, {cass: "x-", one: "p-", two: "-x"})
    Meeting.objects.filter(pk=evenings[2].pk).update(state=Meeting.State.SKIPPED)
    found = seen(acting, ana, tuesday).evenings
    assert [(one.meeting.week, one.title, one.attended.part, one.attended.whole) for one in found[:3]] == [
        (1, "Arriving", 2, 3),
        (2, "What we miss", 1, 3),
        (3, "Topic 3", 0, 0),
    ]
    assert [one.record.mood if one.record else None for one in found[:3]] == [1, 2, None]


def test_a_hello_may_be_welcome_by_name_and_without_a_number(
    signed_in: SignedIn, ana: Person, cass: Person, tuesday: Group, crowd: Crowd, evenings: list[Meeting]
) -> None:
    one, two, three = crowd(3)
    Person.objects.filter(pk=three.pk).update(status=Person.Status.PAUSED)
    mark(evenings, {cass: "xx--", one: "----", two: "--x-", three: "x---"})
    page = signed_in(ana).get(url(tuesday)).text
    hello = page.split("A hello may be welcome")[1].split("</section>")[0]
    assert [name in hello for name in ("Cass", "Person 1", "Person 2", "Person 3")] == [True, True, False, False]
    # Nowhere else on the page stands a name, and beside these stand the names alone.
    assert [page.count(name) for name in ("Cass", "Person 1")] == [1, 1]
    assert "<p><b>Cass</b>, <b>Person 1</b></p>" in hello


def test_with_fewer_than_five_people_there_is_no_figure(
    signed_in: SignedIn, ana: Person, cass: Person, tuesday: Group, crowd: Crowd, evenings: list[Meeting]
) -> None:
    people = [cass, *crowd(3)]
    mark(evenings, dict.fromkeys(people, "xx-xx"))
    few = signed_in(ana).get(url(tuesday)).text
    assert (few.count("Not enough people for a figure yet"), "75 %" in few) == (2, False)


def test_from_five_people_on_there_are_figures(
    signed_in: SignedIn, ana: Person, cass: Person, tuesday: Group, crowd: Crowd, evenings: list[Meeting]
) -> None:
    mark(evenings, dict.fromkeys([cass, *crowd(4)], "xx-xx"))
    page = signed_in(ana).get(url(tuesday)).text
    assert (page.count("Not enough people"), "75 %" in page, "At 5 evenings between 0 and 5 people came." in page) == (
        0,
        True,
        True,
    )


def test_before_the_first_evening_it_says_what_comes(signed_in: SignedIn, ana: Person, tuesday: Group) -> None:
    page = signed_in(ana).get(url(tuesday)).text
    assert ("No evening is over yet" in page, 'viewBox="-1 0 482' in page) == (True, False)


def test_only_coordinators_of_the_programme_see_it(
    signed_in: SignedIn, ana: Person, bo: Person, cass: Person, dee: Person, tuesday: Group
) -> None:
    codes = [signed_in(who).get(url(tuesday)).status_code for who in (ana, bo, cass, dee)]
    assert codes == [200, 404, 404, 404]


@pytest.mark.parametrize("more", [1, 19])
def test_no_more_queries_for_twenty_than_for_two(
    signed_in: SignedIn,
    ana: Person,
    cass: Person,
    tuesday: Group,
    crowd: Crowd,
    evenings: list[Meeting],
    django_assert_num_queries: DjangoAssertNumQueries,
    *,
    more: int,
) -> None:
    mark(evenings[: 2 if more == 1 else 8], dict.fromkeys([cass, *crowd(more)], "x-------"))
    client = signed_in(ana)
    client.get("/help/")
    with django_assert_num_queries(7):
        assert client.get(url(tuesday)).status_code == 200


def test_the_bars_stand_on_one_line_and_inside() -> None:
    chart = chart_of([(1, 3, 6), (2, 6, 6), (4, 0, 3)], right_to_left=False)
    assert [(bar.label, bar.asked, bar.came, bar.came_y + bar.came) for bar in chart.bars] == [
        (1, 118, 59, PLOT),
        (2, 118, 118, PLOT),
        (4, 59, 0, PLOT),
    ]
    assert [bar.x for bar in chart.bars] == [0, 60, 120]


def test_right_to_left_the_first_evening_stands_on_the_right() -> None:
    chart = chart_of([(1, 1, 1), (2, 1, 1)], right_to_left=True)
    assert [bar.x + bar.width for bar in chart.bars] == [WIDTH, WIDTH - 60]
