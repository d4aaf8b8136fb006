from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conftest import Acting, Cast, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.blueprints.actions import start_cycle
from wayhouse.blueprints.forms import StartCycleForm, monday_of
from wayhouse.blueprints.pack import shipped
from wayhouse.groups.models import Cycle
from wayhouse.meetings.models import Guide
from wayhouse.people.invitations import found
from wayhouse.people.models import Person

MONDAY = date(2027, 1, 4)
LIBRARY = "/library/twelve-evenings/"


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
    assert StartCycleForm({"starts_on": day, "key": uuid4()}).is_valid() == valid


def test_pressed_twice_one_cycle_begins_and_is_said_once(signed_in: SignedIn, ana: Person) -> None:
    client = signed_in(ana)
    form = client.get(LIBRARY).context["form"]
    words = {"starts_on": str(monday_of(timezone.localdate()) + timedelta(weeks=2)), "key": form["key"].value()}
    answers = [client.post(LIBRARY, words) for _time in range(2)]
    assert [answer.headers["Location"] for answer in answers] == ["/groups/"] * 2
    assert Guide.objects.filter(cycle=Cycle.objects.get()).count() == 45
    assert AuditLeaf.objects.filter(kind__in=("cycle.begun", "cycle.started")).count() == 2
    page = client.get("/groups/")
    assert [str(message) for message in page.context["messages"]] == ["The cycle has begun. Form its groups next."]


def test_each_form_that_is_shown_begins_a_cycle_of_its_own(signed_in: SignedIn, ana: Person) -> None:
    client = signed_in(ana)
    keys = [client.get(LIBRARY).context["form"]["key"].value() for _time in range(2)]
    for key in keys:
        client.post(LIBRARY, {"starts_on": str(monday_of(timezone.localdate())), "key": key})
    assert set(Cycle.objects.values_list("pk", flat=True)) == {UUID(key) for key in keys}


def test_the_key_of_a_cycle_elsewhere_gives_nothing_of_it(cast: Cast, ana: Person) -> None:
    _programme, token = found("Another Trust (invented)", "Elsewhere", "Eve", time_zone="Europe/Berlin")
    eve = cast.accept(token, "eve")
    pack = shipped("twelve-evenings")
    with cast.acting(ana):
        theirs = start_cycle(pack, MONDAY, language="en", actor=ana, key=uuid4())
    with cast.acting(eve):
        made = start_cycle(pack, MONDAY, language="en", actor=eve, key=theirs.pk)
    assert (made.programme, made.pk == theirs.pk) == (eve.programme, False)


def test_any_day_of_the_week_means_its_monday() -> None:
    thursday = monday_of(timezone.localdate()) + timedelta(days=10)
    form = StartCycleForm({"starts_on": thursday, "key": uuid4()})
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
