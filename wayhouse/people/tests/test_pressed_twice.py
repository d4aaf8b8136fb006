"""The form for somebody new writes one person down, however often it is sent."""

from uuid import uuid4

from conftest import Cast
from wayhouse.audit.models import AuditLeaf
from wayhouse.people.entries import enter_person
from wayhouse.people.invitations import found
from wayhouse.people.models import Person, RosterEntry
from wayhouse.people.tests.test_person import FORM, SAID


def test_pressed_twice_one_person_is_written_down_and_it_is_said_once(cast: Cast, ana: Person) -> None:
    client = cast.sign_in(ana)
    words = {**FORM, "key": client.get("/people/new/").context["form"]["key"].value()}
    answers = [client.post("/people/new/", words) for _time in range(2)]
    entry = RosterEntry.objects.select_related("person").get()
    assert [answer.headers["Location"] for answer in answers] == [f"/people/{entry.person_id}/"] * 2
    assert list(entry.person.roles.values_list("kind", flat=True)) == ["member"]
    assert AuditLeaf.objects.filter(kind="person.entered").count() == 1
    page = client.get(answers[1].headers["Location"])
    assert [str(message) for message in page.context["messages"]] == ["Written down. You can invite them now."]


def test_each_form_that_is_shown_enters_somebody_of_its_own(cast: Cast, ana: Person, cass: Person) -> None:
    client = cast.sign_in(ana)
    for name in ("Quiet Fox", "Amber Lantern"):
        key = client.get("/people/new/").context["form"]["key"].value()
        client.post("/people/new/", {**FORM, "name": name, "key": key})
    # Another form with the same name is no second press.
    page = client.post("/people/new/", {**FORM, "key": str(uuid4())})
    assert page.context["form"].errors["name"] == ["Somebody else on the roster has this name. Take another."]
    assert RosterEntry.objects.count() == 3


def test_a_key_of_somebody_elsewhere_gives_nothing_of_them(cast: Cast, ana: Person, cass: Person) -> None:
    _programme, token = found("Another Trust (invented)", "Elsewhere", "Eve", time_zone="Europe/Berlin")
    eve = cast.accept(token, "eve")
    with cast.acting(eve):
        fox = enter_person(eve.programme, SAID, actor=eve, key=cass.pk)
    assert (fox.programme, fox.pk == cass.pk) == (eve.programme, False)
