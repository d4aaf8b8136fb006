"""An evening that has begun, and groups of any size."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine

from conftest import Acting, Cast
from wayhouse.audit.models import AuditLeaf
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.crypto import items
from wayhouse.crypto.shred import add_subject
from wayhouse.groups.actions import take_seat
from wayhouse.groups.models import Cycle, Group, Seat
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.planning import write_cards
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.meetings.tests.scenes import FREE, Town
from wayhouse.people.actions import give_role
from wayhouse.people.models import Person, Role, RosterEntry

Crowd = Callable[[int], list[Person]]
Kinds = Callable[[], list[str]]


@pytest.fixture
def begun(meeting: Meeting) -> Iterator[Meeting]:
    """Five minutes into the first evening of the Tuesday group."""
    with time_machine.travel(meeting.starts_at + timedelta(minutes=5), tick=False):
        yield meeting


@pytest.fixture
@rehearsed
def with_max(acting: Acting, ana: Person, bo: Person, max: Person, sol: Person, meeting: Meeting) -> Meeting:
    """Max mentors beside Bo, and Sol stands by."""
    serving = {bo: ("Bo", Role.Kind.FACILITATOR), max: ("Max", Role.Kind.MENTOR)}
    with acting(ana):
        give_role(sol, Role.Kind.MENTOR, actor=ana)
        staff_meeting(meeting, serving, reserve={sol: ("Sol", Role.Kind.MENTOR)}, actor=ana)
    return meeting


@pytest.fixture
def crowd(acting: Acting, ana: Person, tuesday: Group) -> Crowd:
    """Seat so many more members, called Person 1 and so on, and write the cards anew."""

    def seat(count: int) -> list[Person]:
        people = []
        with acting(ana):
            for number in range(1, count + 1):
                person = Person.objects.create(programme=ana.programme)
                add_subject(person.pk)
                words = {"name": f"Person {number}", "needs": ["childcare"]}
                item = items.seal(ana.programme.placement, "roster", words, subject_id=person.pk)
                RosterEntry.objects.create(person=person, item=item)
                take_seat(tuesday, person, f"Person {number}", Seat.Role.MEMBER, actor=ana)
                people.append(person)
            staffed = Meeting.objects.filter(group=tuesday, card__isnull=False).select_related("group__item")
            write_cards(staffed)
        return people

    return seat


@pytest.fixture
def logged(db: None) -> Kinds:
    """What the log says since the test began to look."""
    before = AuditLeaf.objects.count()

    def kinds() -> list[str]:
        return list(AuditLeaf.objects.order_by("index").values_list("kind", flat=True)[before:])

    return kinds


@pytest.fixture
@rehearsed
def town(cast: Cast, ana: Person, cycle: Cycle) -> Town:
    """The programme with as many colleagues and groups as a test wants; it says itself how many weeks it lasts."""
    return Town(cast, ana, cycle)


@pytest.fixture
@rehearsed
def mia(cast: Cast, town: Town) -> Person:
    """One more mentor; she has an account, so that a test sees whether keys reach her."""
    found = cast.enter("mia", Role.Kind.MENTOR, town.ana)
    town.says(found, slots=FREE, meetings_a_week=2)
    return found
