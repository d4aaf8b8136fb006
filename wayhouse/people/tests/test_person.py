import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from conftest import Acting, Cast
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto.sealed import open_all
from wayhouse.people import entries
from wayhouse.people.actions import end_role, give_role
from wayhouse.people.entries import EntryMoved, NameTaken, NobodyCalled, change_entry, enter_person, people_called
from wayhouse.people.invitations import is_open
from wayhouse.people.models import KeepApart, Person, Role, RosterEntry

SAID = {"name": "Quiet Fox", "languages": ["en"], "slots": ["tue-evening"]}
FORM = {
    "name": "Quiet Fox",
    "role": "member",
    "languages": "English, ar",
    "slots": ["mon-morning", "tue-evening"],
    "preferred_slots": ["tue-evening"],
    "needs": ["childcare"],
    "mode": "online",
    "area": "Harbourton/Old Mill",
    "travel": "town",
    "kinds": ["mixed", "women"],
    "preferred_kind": "women",
    "mix": "27-40",
    "meetings_a_week": "",
    "keep_apart": "",
    "version": "-1",
    "key": "6f0f1c1e-8a53-4a44-9a3a-52b4a3f0d6ae",
}


def version_of(person: Person) -> int:
    return RosterEntry.objects.select_related("item").get(person=person).item.seq


def pairs() -> list[set[str]]:
    rows = list(KeepApart.objects.select_related("item").order_by("pk"))
    open_all(rows)
    return [set(row.people) for row in rows]


def test_the_page_shows_the_entry_and_the_roles(cast: Cast, ana: Person, cass: Person) -> None:
    page = cast.sign_in(ana).get(f"/people/{cass.pk}/")
    words = {str(label): text for label, text in page.context["words"]}
    assert words == {
        "Role": "member",
        "Languages": "English",
        "Availability": "Tuesday evening",
        "Preferred times": "–",
        "Needs": "–",
        "In person or online": "either of them",
        "Area": "–",
        "How far": "in the district",
        "Kinds of group": "mixed",
        "Preferred kind": "–",
        "Mix label": "–",
    }
    assert [role.kind for role in page.context["roles"]] == ["member"]
    assert page.context["may_invite"] is False
    assert b"<title>One person" in page.content


def test_the_page_costs_at_most_eight_questions(
    cast: Cast, ana: Person, cass: Person, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    client = cast.sign_in(ana)
    client.get("/people/me/")
    for _turn in range(2):
        with django_assert_num_queries(7):
            client.get(f"/people/{cass.pk}/")


@pytest.mark.abuse(1, 4)
def test_for_others_nobody_exists(cast: Cast, ana: Person, bo: Person, cass: Person, dee: Person) -> None:
    for who in (bo, cass, dee):
        for address in ("", "change/", "role/", "role/member/"):
            assert cast.sign_in(who).get(f"/people/{cass.pk}/{address}").status_code == 404
        assert cast.sign_in(who).post(f"/people/{cass.pk}/invite/").status_code == 404
    assert cast.sign_in(ana).get(f"/people/{uuid4()}/").status_code == 404
    assert cast.sign_in(ana).get(f"/people/{cass.pk}/role/mentor/").status_code == 404


def test_one_person_is_put_on_the_roster_by_form(cast: Cast, ana: Person) -> None:
    client = cast.sign_in(ana)
    answer = client.post("/people/new/", FORM)
    entry = RosterEntry.objects.select_related("item", "person").get()
    assert answer.headers["Location"] == f"/people/{entry.person_id}/"
    with cast.acting(ana):
        assert entry.as_words() == {
            **{word: FORM[word] for word in ("name", "role", "slots", "preferred_slots", "needs", "mode", "area")},
            **{word: FORM[word] for word in ("travel", "kinds", "preferred_kind", "mix")},
            "languages": ["en", "ar"],
            "meetings_a_week": 1,
        }
    assert list(entry.person.roles.values_list("kind", flat=True)) == ["member"]


def test_a_form_with_mistakes_says_which(cast: Cast, ana: Person) -> None:
    wrong = {**FORM, "name": "Qui\u0435t", "languages": "Elvish", "area": "Mill Street", "slots": [], "mix": "a,b"}
    page = cast.sign_in(ana).post("/people/new/", wrong)
    errors = page.context["form"].errors
    assert sorted(errors) == ["area", "languages", "mix", "name", "slots"]
    assert errors["area"] == ["Write a town and a district only, never a street or a number."]
    assert not RosterEntry.objects.exists()


def test_an_entry_is_changed_by_form(cast: Cast, ana: Person, cass: Person) -> None:
    client = cast.sign_in(ana)
    form = client.get(f"/people/{cass.pk}/change/").context["form"]
    assert (form["name"].value(), form["languages"].value()) == ("Cass", "English")
    answer = client.post(f"/people/{cass.pk}/change/", {**FORM, "name": "Cass", "version": form["version"].value()})
    assert answer.headers["Location"] == f"/people/{cass.pk}/"
    with cast.acting(ana):
        entry = RosterEntry.objects.get(person=cass)
        assert (entry.name, entry.needs, entry.languages) == ("Cass", ["childcare"], ["en", "ar"])


@pytest.mark.abuse(37)
def test_the_second_of_two_who_change_an_entry_is_told_and_keeps_the_typed_words(
    cast: Cast, ana: Person, cass: Person
) -> None:
    client = cast.sign_in(ana)
    old = version_of(cass)
    with cast.acting(ana):
        change_entry(cass, {"mix": "27-40"}, version=old, actor=ana)
        with pytest.raises(EntryMoved):
            change_entry(cass, {"mix": "60+"}, version=old, actor=ana)
    page = client.post(f"/people/{cass.pk}/change/", {**FORM, "mix": "60+", "version": old})
    assert (page.status_code, page.context["form"]["mix"].value()) == (409, "60+")
    with cast.acting(ana):
        assert RosterEntry.objects.get(person=cass).mix == "27-40"


def test_a_role_that_no_table_gives_stays_in_the_form(cast: Cast, ana: Person, sol: Person) -> None:
    form = cast.sign_in(ana).get(f"/people/{sol.pk}/change/").context["form"]
    assert form["role"].value() == "safeguarding"
    assert form.fields["role"].choices[0] == ("safeguarding", "safeguarding lead")


def test_another_role_in_the_entry_is_another_role(acting: Acting, ana: Person, cass: Person) -> None:
    with acting(ana):
        change_entry(cass, {"role": "mentor"}, version=version_of(cass), actor=ana)
    assert list(cass.roles.filter(until_on=None).values_list("kind", flat=True)) == ["mentor"]


def test_two_people_cannot_have_one_name(cast: Cast, ana: Person, cass: Person) -> None:
    with cast.acting(ana):
        with pytest.raises(NameTaken):
            enter_person(ana.programme, {**SAID, "name": "CASS"}, actor=ana)
        person = enter_person(ana.programme, SAID, actor=ana)
        with pytest.raises(NameTaken):
            change_entry(person, {"name": "cass"}, version=version_of(person), actor=ana)
        change_entry(person, {"name": "QUIET FOX"}, version=version_of(person), actor=ana)
        assert RosterEntry.objects.get(person=person).name == "QUIET FOX"
    page = cast.sign_in(ana).post("/people/new/", {**FORM, "name": "Cass"})
    assert page.context["form"].errors["name"] == ["Somebody else on the roster has this name. Take another."]


def test_who_is_kept_apart_is_added_by_name_and_not_shown_again(
    cast: Cast, ana: Person, cass: Person, dee: Person
) -> None:
    client = cast.sign_in(ana)
    client.post(
        f"/people/{cass.pk}/change/", {**FORM, "name": "Cass", "keep_apart": "dee", "version": version_of(cass)}
    )
    with cast.acting(ana):
        assert pairs() == [{str(cass.pk), str(dee.pk)}]
        change_entry(dee, {}, version=version_of(dee), apart=[cass.pk, dee.pk], actor=ana)
        assert len(pairs()) == 1
    assert client.get(f"/people/{cass.pk}/change/").context["form"]["keep_apart"].value() is None


def test_a_name_that_nobody_has_is_refused_without_being_repeated(cast: Cast, ana: Person, cass: Person) -> None:
    with cast.acting(ana):
        assert people_called(ana.programme, []) == []
        assert people_called(ana.programme, ["CASS"]) == [cass.pk]
        with pytest.raises(NobodyCalled):
            people_called(ana.programme, ["Cass", "Nobody"])
    page = cast.sign_in(ana).post("/people/new/", {**FORM, "keep_apart": "Nobody"})
    message = "One of these names is not on the roster, or several people have it."
    assert page.context["form"].errors["keep_apart"] == [message]
    assert RosterEntry.objects.count() == 1


def test_somebody_without_an_entry_gets_one(cast: Cast, ana: Person) -> None:
    client = cast.sign_in(ana)
    assert b"There is no entry yet" in client.get(f"/people/{ana.pk}/").content
    client.post(f"/people/{ana.pk}/change/", {**FORM, "name": "Ana", "version": entries.NO_ENTRY})
    with cast.acting(ana):
        assert RosterEntry.objects.get(person=ana).name == "Ana"
    assert list(ana.roles.values_list("kind", flat=True)) == ["coordinator"]


def test_an_invitation_is_shown_once_with_how_to_hand_it_over(cast: Cast, ana: Person) -> None:
    with cast.acting(ana):
        person = enter_person(ana.programme, SAID, actor=ana)
    client = cast.sign_in(ana)
    page = client.post(f"/people/{person.pk}/invite/")
    link = page.context["link"]
    token = re.fullmatch(r"http://testserver/people/welcome/([\w-]{22})/", link)
    assert token
    assert is_open(token[1])
    assert link in page.content.decode()
    assert b"<svg" in page.content
    assert page.headers["Cache-Control"] == "no-store"
    assert token[1] not in client.get(f"/people/{person.pk}/").content.decode()
    client.post(f"/people/{person.pk}/invite/")
    assert not is_open(token[1])
    assert client.get(f"/people/{person.pk}/invite/").status_code == 405


def test_nobody_with_an_account_is_invited(cast: Cast, ana: Person, cass: Person) -> None:
    assert cast.sign_in(ana).post(f"/people/{cass.pk}/invite/").status_code == 403
    assert not cass.invitations.filter(accepted_on=None).exists()


def test_a_role_is_given_and_ended_after_a_yes(cast: Cast, ana: Person, cass: Person) -> None:
    client = cast.sign_in(ana)
    offered = [kind for kind, _label in client.get(f"/people/{cass.pk}/role/").context["form"].fields["kind"].choices]
    assert offered == ["mentor", "facilitator", "coordinator", "safeguarding", "auditor", "partner"]
    client.post(f"/people/{cass.pk}/role/", {"kind": "mentor"})
    held = cass.roles.filter(until_on=None).order_by("pk")
    assert list(held.values_list("kind", flat=True)) == ["member", "mentor"]
    client.get(f"/people/{cass.pk}/role/mentor/")
    assert held.count() == 2
    client.post(f"/people/{cass.pk}/role/mentor/")
    assert list(held.all().values_list("kind", flat=True)) == ["member"]


def test_the_role_of_a_coordinator_is_ended_by_another_one(
    cast: Cast, acting: Acting, ana: Person, sol: Person
) -> None:
    client = cast.sign_in(ana)
    assert b"Another coordinator does this for you" in client.get(f"/people/{ana.pk}/role/coordinator/").content
    client.post(f"/people/{ana.pk}/role/coordinator/")
    with acting(ana), pytest.raises(PermissionDenied):
        end_role(ana.roles.get(), actor=ana)
    assert ana.roles.get().until_on is None
    with acting(ana):
        give_role(sol, Role.Kind.COORDINATOR, actor=ana)
    sol = Person.objects.get(pk=sol.pk)
    with acting(sol):
        end_role(ana.roles.get(), actor=sol)
    assert ana.roles.get().until_on is not None
    with acting(sol):
        assert RosterEntry.objects.get(person=sol).name == "Sol"


def test_others_step_back_themselves(acting: Acting, bo: Person) -> None:
    with acting(bo):
        end_role(bo.roles.get(), actor=bo)
    assert bo.roles.get().until_on is not None


def test_dee_may_neither_enter_nor_change_anybody(acting: Acting, ana: Person, dee: Person) -> None:
    before = (Person.objects.count(), version_of(dee), AuditLeaf.objects.count())
    with acting(dee):
        with pytest.raises(PermissionDenied):
            enter_person(ana.programme, SAID, actor=dee)
        with pytest.raises(PermissionDenied):
            change_entry(dee, {"mix": "x"}, version=version_of(dee), actor=dee)
    assert (Person.objects.count(), version_of(dee), AuditLeaf.objects.count()) == before


def test_the_addresses_ask_visitors_to_sign_in(db: None) -> None:
    answer = Client().get(f"/people/{uuid4()}/")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/account/login/")
