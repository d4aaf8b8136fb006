"""A form that arrives twice at the same moment is taken once: whoever comes second finds what the first one wrote."""

from datetime import date
from uuid import uuid4

import pytest
from test_at_once import at_once

from conftest import Cast
from wayhouse.blueprints.actions import start_cycle
from wayhouse.blueprints.pack import shipped
from wayhouse.groups.models import Cycle
from wayhouse.groups.tests.conftest import real_database  # noqa: F401  a fixture
from wayhouse.people.entries import enter_person
from wayhouse.people.models import Person, RosterEntry

MONDAY = date(2027, 1, 4)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_database")
def test_somebody_new_is_written_down_once(cast: Cast, ana: Person) -> None:
    key = uuid4()

    def press() -> None:
        with cast.acting(ana):
            made.append(enter_person(ana.programme, {"name": "Quiet Fox"}, actor=ana, key=key))

    made: list[Person] = []
    assert at_once([[press]] * 4) == []
    assert made == [RosterEntry.objects.select_related("person").get().person] * 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_database")
def test_a_cycle_begins_once(cast: Cast, ana: Person) -> None:
    key = uuid4()

    def press() -> None:
        with cast.acting(ana):
            made.append(start_cycle(shipped("twelve-evenings"), MONDAY, language="en", actor=ana, key=key))

    made: list[Cycle] = []
    assert at_once([[press]] * 4) == []
    assert made == [Cycle.objects.get()] * 4
