"""Whoever was welcomed after a first contact and does not come in is forgotten; nobody else is."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from conftest import Acting, Cast
from wayhouse.arrivals import welcoming, writing
from wayhouse.arrivals.models import Contact, Voice, Welcome
from wayhouse.arrivals.writing import Opened
from wayhouse.crypto.models import Item
from wayhouse.leaving.erasing import erase_never_came
from wayhouse.people import invitations
from wayhouse.people.entries import enter_person
from wayhouse.people.models import Person, Programme


@pytest.fixture
def note(programme: Programme, ana: Person, bo: Person) -> Opened:
    """Somebody wrote without a name, and two would welcome them."""
    opened, _code = writing.write_first(programme, Contact.Kind.FIRST, "Can I come?", language="en")
    writing.send(opened.contact)
    for person in (ana, bo):
        welcoming.give_voice(opened.contact, Voice.Reason.MET, actor=person)
    return opened


def test_whoever_was_welcomed_and_never_came_in_is_erased_after_thirty_days(
    note: Opened, acting: Acting, cast: Cast, ana: Person
) -> None:
    with acting(ana):
        person = welcoming.welcome_contact(note.contact, "Fox", ["en"], actor=ana)
    began = timezone.now()
    with time_machine.travel(began + timedelta(days=20)), acting(ana):
        writing.write_again(note, "Still there?", language="en")
        welcoming.renew_welcome(note.contact, actor=ana)
        token = Welcome.objects.get().token
    with time_machine.travel(began + timedelta(days=50), tick=False):
        assert erase_never_came() == 0
    with time_machine.travel(began + timedelta(days=51), tick=False):
        assert erase_never_came() == 1
    left = [Person.objects.filter(pk=person.pk), Item.objects.filter(subject_id=person.pk)]
    assert [rows.count() for rows in left] == [0, 0]
    assert not invitations.is_open(token)


def test_whoever_came_in_stays_as_does_whoever_was_entered_by_hand(
    note: Opened, acting: Acting, cast: Cast, ana: Person
) -> None:
    with acting(ana):
        welcoming.welcome_contact(note.contact, "Fox", ["en"], actor=ana)
        token = Welcome.objects.get().token
        enter_person(ana.programme, {"name": "Hen", "role": "member", "languages": ["en"]}, actor=ana)
    cast.accept(token, "fox")
    with time_machine.travel(timezone.now() + timedelta(days=90), tick=False):
        assert erase_never_came() == 0
