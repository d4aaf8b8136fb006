from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conftest import Acting, SignedIn
from wayhouse.blueprints.actions import start_cycle
from wayhouse.blueprints.forms import StartCycleForm, monday_of
from wayhouse.blueprints.pack import shipped
from wayhouse.groups.models import Cycle
from wayhouse.meetings.models import Guide
from wayhouse.people.models import Person

MONDAY = date(2027, 1, 4)


def test_a_coordinator_starts_a_cycle_with_its_guides(acting: Acting, ana: Person) -> None:
    with acting(ana):
        cycle = start_cycle(shipped("twelve-evenings"), MONDAY, language="de", actor=ana)
    assert (cycle.title, cycle.weeks, cycle.pack_version) == ("Zwölf Abende", 14, "1.0.0")
    assert Guide.objects.filter(cycle=cycle).count() == 45
    assert Guide.objects.get(cycle=cycle, language="en", week=1).key == "arriving"


def test_a_cycle_begins_on_a_monday(acting: Acting, ana: Person) -> None:
    with acting(ana), pytest.raises(ValueError, match="Monday"):
        start_cycle(shipped("twelve-evenings"), MONDAY + timedelta(days=1), language="en", actor=ana)
    assert not Cycle.objects.exists()


def test_dee_may_not_start_a_cycle(acting: Acting, dee: Person) -> None:
    with acting(dee), pytest.raises(PermissionDenied):
        start_cycle(shipped("twelve-evenings"), MONDAY, language="en", actor=dee)
    assert not Cycle.objects.exists()


@pytest.mark.parametrize(
    ("days", "valid"), [(0, True), (7, True), (-7, False), (400, False)], ids=["this", "next", "last", "far"]
)
def test_weeks_that_can_be_chosen(days: int, *, valid: bool) -> None:
    day = monday_of(timezone.localdate()) + timedelta(days=days)
    assert StartCycleForm({"starts_on": day}).is_valid() == valid


def test_any_day_of_the_week_means_its_monday() -> None:
    thursday = monday_of(timezone.localdate()) + timedelta(days=10)
    form = StartCycleForm({"starts_on": thursday})
    assert form.is_valid()
    assert form.cleaned_data["starts_on"] == thursday - timedelta(days=3)


def test_the_library_is_for_who_carries_the_programme(
    signed_in: SignedIn, ana: Person, bo: Person, dee: Person
) -> None:
    for address in ("/library/", "/library/twelve-evenings/", "/library/twelve-evenings/arriving/"):
        found = {person: signed_in(person).get(address).status_code for person in (ana, bo, dee)}
        assert found == {ana: 200, bo: 200, dee: 404}


def test_only_coordinators_find_the_form(signed_in: SignedIn, ana: Person, bo: Person) -> None:
    address = "/library/twelve-evenings/"
    assert "starts_on" in signed_in(ana).get(address).content.decode()
    assert "starts_on" not in signed_in(bo).get(address).content.decode()
    assert signed_in(bo).post(address, {"starts_on": "2027-01-04"}).status_code == 200
    assert not Cycle.objects.exists()


def test_what_does_not_exist(signed_in: SignedIn, ana: Person) -> None:
    for address in ("/library/no-such/", "/library/twelve-evenings/no-such/"):
        assert signed_in(ana).get(address).status_code == 404
