"""A Tuesday group that writes: Cass and Eli attend it, Bo facilitates. All are invented."""

from collections.abc import Callable

import pytest

from conftest import Acting, Cast
from wayhouse.conversations import writing
from wayhouse.conversations.models import Post, Thread
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.groups.actions import take_seat
from wayhouse.groups.models import Group, Seat
from wayhouse.people.models import Person, Role

Begin = Callable[..., Thread]
Answer = Callable[..., Post]


@pytest.fixture
def begin(acting: Acting, tuesday: Group) -> Begin:
    def write(who: Person, text: str, *, kind: Thread.Kind = Thread.Kind.TALK) -> Thread:
        with acting(who):
            return writing.begin_thread(Group.objects.get(pk=tuesday.pk), text, kind=kind, actor=who)

    return write


@pytest.fixture
def answer(acting: Acting, tuesday: Group) -> Answer:
    def write(who: Person, thread: Thread, text: str) -> Post:
        with acting(who):
            return writing.answer(thread, Group.objects.get(pk=tuesday.pk), text, actor=who)

    return write


@pytest.fixture
@rehearsed
def eli(cast: Cast, ana: Person, tuesday: Group) -> Person:
    """Comes later than the others."""
    person = cast.enter("eli", Role.Kind.MEMBER, ana)
    with cast.acting(ana):
        take_seat(tuesday, person, "Eli", Seat.Role.MEMBER, actor=ana)
    return person
