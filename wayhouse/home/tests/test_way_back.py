"""The way back after everything was lost: two of the staff, one token, and what comes back by itself."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import LONG_AGO, PASSPHRASE, Acting, Cast, SignedIn
from wayhouse.accounts.models import Session, User
from wayhouse.crypto import items, slots
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.models import Item, PendingGrant, Scope
from wayhouse.groups.models import Group
from wayhouse.home.readers import things_around
from wayhouse.home.tests.conftest import MET, NEW, back, kinds, vouched
from wayhouse.people import actions
from wayhouse.people.invitations import found
from wayhouse.people.models import Person, Profile, Role, WayBack
from wayhouse.people.way_back import (
    AnotherName,
    WayBackClosed,
    ask_way_back,
    close_expired_ways_back,
    confirm_way_back,
    stop_way_back,
    take_way_back,
)


def test_she_begins_again_and_what_others_hold_comes_back(
    cast: Cast, lost: Person, tuesday: Group, ana: Person, bo: Person
) -> None:
    user, old = lost.user, cast.secrets[lost.pk]
    assert user is not None
    with cast.acting(ana):
        later = items.seal(tuesday.scope, "note", {"name": "Kestrel"}, standing=False)
    roles, seats = list(lost.roles.values_list("kind")), tuesday.seats.count()
    fresh = back(cast, lost, ana, bo)
    lost.refresh_from_db()
    # The same account, person, roles and seat; other keys.
    assert (lost.user, list(lost.roles.values_list("kind")), tuesday.seats.count()) == (user, roles, seats)
    before = bytes(user.holder.public_key)
    user.holder.refresh_from_db()
    assert bytes(user.holder.public_key) != before
    assert slots.open_with_passphrase(user.holder, NEW, user.username) == cast.secrets[lost.pk]
    with use(Keyring(user.holder_id, old)), pytest.raises(CannotOpen):
        items.words_of(Item.objects.get(pk=later.pk))
    with use(fresh):
        assert Profile.objects.get(person=lost).name == "Cass"
        with pytest.raises(CannotOpen):
            items.words_of(Item.objects.get(pk=later.pk))
    # Bo holds the keys, too; he only has to be there.
    assert PendingGrant.objects.count() == 1
    assert cast.sign_in(bo).get("/people/me/").status_code == 200
    assert PendingGrant.objects.count() == 0
    with use(Keyring(user.holder_id, cast.secrets[lost.pk])):
        assert items.words_of(Item.objects.get(pk=later.pk)) == {"name": "Kestrel"}
    assert kinds() == [
        "way_back.asked", "way_back.confirmed", "account.begun_again", "way_back.used", "keys.granted",
    ]  # fmt: skip


def test_one_alone_never_can_nor_the_person_nor_anybody_else(
    acting: Acting, lost: Person, ana: Person, bo: Person, dee: Person, max: Person, sol: Person
) -> None:
    for who in (bo, lost, dee, max, sol):
        with acting(who), pytest.raises(PermissionDenied):
            ask_way_back(lost, MET, actor=who)
    with acting(ana), pytest.raises(PermissionDenied):
        ask_way_back(ana, MET, actor=ana)
    with acting(ana):
        way_back = ask_way_back(lost, MET, actor=ana)
    for who in (ana, lost, dee, max, sol):
        with acting(who), pytest.raises(PermissionDenied):
            confirm_way_back(way_back, MET, actor=who)
    # Bo could say so for others of his group, but not for himself.
    with acting(ana):
        of_bo = ask_way_back(bo, MET, actor=ana)
    with acting(bo), pytest.raises(PermissionDenied):
        confirm_way_back(of_bo, MET, actor=bo)
    assert not WayBack.objects.exclude(token_hash=None).exists()
    assert kinds() == ["way_back.asked", "way_back.asked"]


def test_a_coordinator_who_facilitates_is_still_one_person(cast: Cast, lost: Person, ana: Person, bo: Person) -> None:
    with cast.acting(ana):
        actions.give_role(bo, Role.Kind.COORDINATOR, actor=ana)
    bo.roles.update(since_on=LONG_AGO)
    bo = Person.objects.get(pk=bo.pk)
    with cast.acting(bo):
        way_back = ask_way_back(lost, MET, actor=bo)
        with pytest.raises(PermissionDenied):
            confirm_way_back(way_back, MET, actor=bo)


def test_another_organisations_coordinator_has_no_word(cast: Cast, lost: Person, ana: Person) -> None:
    _programme, token = found("Harbour (invented)", "Other", "Zoe", time_zone="Europe/Berlin")
    zoe = cast.accept(token, "zoe")
    with cast.acting(zoe), pytest.raises(PermissionDenied):
        ask_way_back(lost, MET, actor=zoe)
    with cast.acting(ana):
        way_back = ask_way_back(lost, MET, actor=ana)
    with cast.acting(zoe), pytest.raises(PermissionDenied):
        confirm_way_back(way_back, MET, actor=zoe)
    assert cast.sign_in(zoe).get(f"/people/back/{way_back.pk}/").status_code == 404


@pytest.mark.abuse(3)
def test_the_token_works_once_for_three_days_and_with_the_right_name_only(
    cast: Cast, lost: Person, ana: Person, bo: Person
) -> None:
    token = vouched(cast, lost, ana, bo)
    with pytest.raises(AnotherName):
        take_way_back(token, "bo", NEW, "Cass")
    with time_machine.travel(timezone.now() + timedelta(hours=72, seconds=1), tick=False), pytest.raises(WayBackClosed):
        take_way_back(token, "cass", NEW, "Cass")
    take_way_back(token, "cass", NEW, "Cass")
    with pytest.raises(WayBackClosed):
        take_way_back(token, "cass", NEW, "Cass")
    answers = [Client().get(reverse("people:way_back", args=[tried])) for tried in (token, "t" * 22)]
    told = [answer.content.decode().partition("<main")[2].partition("</section>")[0] for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert told == [told[0]] * 2
    assert "This one cannot be used" in told[0]


def test_a_role_that_ended_takes_its_word_along(cast: Cast, lost: Person, ana: Person, bo: Person) -> None:
    token = vouched(cast, lost, ana, bo)
    with cast.acting(ana):
        actions.end_role(bo.roles.get(kind=Role.Kind.FACILITATOR), actor=ana)
    with pytest.raises(WayBackClosed):
        take_way_back(token, "cass", NEW, "Cass")


def test_it_can_be_stopped_by_the_person_and_runs_out(cast: Cast, lost: Person, ana: Person, bo: Person) -> None:
    token = vouched(cast, lost, ana, bo)
    browser = cast.sign_in(lost)
    assert "A way back is being made for you" in browser.get("/people/me/").content.decode()
    browser.post(reverse("people:stop_way_back", args=[WayBack.objects.get().pk]))
    with pytest.raises(WayBackClosed):
        take_way_back(token, "cass", NEW, "Cass")
    with cast.acting(ana):
        second = ask_way_back(lost, MET, actor=ana)
    with time_machine.travel(timezone.now() + timedelta(hours=73), tick=False):
        assert (close_expired_ways_back(), close_expired_ways_back()) == (1, 0)
    with cast.acting(bo), pytest.raises(WayBackClosed):
        confirm_way_back(second, MET, actor=bo)
    assert kinds() == [
        "way_back.asked", "way_back.confirmed", "way_back.stopped", "way_back.asked", "way_back.ran_out",
    ]  # fmt: skip
    assert not Scope.objects.filter(kind="way-back").exists()


def test_dee_does_not_stop_it(cast: Cast, lost: Person, ana: Person, bo: Person, dee: Person) -> None:
    with cast.acting(ana):
        way_back = ask_way_back(lost, MET, actor=ana)
    with cast.acting(dee), pytest.raises(PermissionDenied):
        stop_way_back(way_back, actor=dee)
    assert cast.sign_in(dee).post(f"/people/back/{way_back.pk}/stop/").status_code == 404
    assert WayBack.objects.get().is_open is True


def begins_again(link: str) -> Client:
    """Cass opens the link, types her name wrong once, and writes down the new code; her browser."""
    newcomer = Client()
    assert b"What is gone for good" in newcomer.get(link).content
    typed = {"handle": "Cass", "name": "Cass", "new": NEW, "again": NEW}
    assert newcomer.post(link, {**typed, "handle": "bo"}).status_code == 200
    assert kinds()[-1] == "way_back.refused"
    code = newcomer.post(link, typed, follow=True)
    assert code.resolver_match.view_name == "people:welcome_code"
    groups = code.context["code"].split("-")
    asked = {name: groups[int(name.removeprefix("group_")) - 1] for name in code.context["form"].fields}
    assert newcomer.post(reverse("people:welcome_code"), asked).headers["Location"] == "/"
    return newcomer


def test_by_pages_with_the_passphrase_of_each(
    cast: Cast, signed_in: SignedIn, lost: Person, ana: Person, bo: Person, django_assert_max_num_queries: Any
) -> None:
    old, holder = signed_in(lost), User.objects.get(people=lost).holder
    slots.set_passkey(holder, cast.secrets[lost.pk], b"a passkey", bytes(32))
    Authenticator.objects.create(user=lost.user, type="totp", data={})
    first, second = signed_in(ana), signed_in(bo)
    ask = f"/people/{lost.pk}/back/"
    first.get("/people/me/")
    with django_assert_max_num_queries(8):
        assert "Cass" in first.get(ask).content.decode()
    refused = first.post(ask, {"how": "met", "passphrase": "not these words at all"})
    assert (refused.status_code, WayBack.objects.count()) == (200, 0)
    page = first.post(ask, {"how": "met", "passphrase": PASSPHRASE}).headers["Location"]
    assert first.get(page).context["may"] is False
    assert "Somebody needs a second person" in second.get("/people/me/").content.decode()
    with django_assert_max_num_queries(8):
        assert "Cass" in second.get(page).content.decode()
    shown = second.post(page, {"how": "spoke", "passphrase": PASSPHRASE})
    link = shown.context["link"]
    assert link in shown.content.decode()
    assert second.get(page).context["may"] is False
    newcomer = begins_again(link)
    assert newcomer.get("/groups/mine/").status_code == 409
    me = newcomer.get("/people/me/").content.decode()
    assert "We sat together" in me
    assert "I know the voice" in me
    assert old.get("/people/me/").status_code == 302
    assert not Authenticator.objects.filter(user=lost.user).exists()
    assert sorted(holder.slots.values_list("kind", flat=True)) == ["passphrase", "recovery"]
    assert Session.objects.filter(user=lost.user).count() == 1
    second.get("/people/me/")
    assert newcomer.get("/groups/mine/").status_code == 200


def test_who_can_see_this_stays_true(cast: Cast, lost: Person, ana: Person, bo: Person, meeting: Any) -> None:
    def said() -> dict[str, list[str]]:
        return {thing.anchor: thing.readers.words() for thing in things_around(Person.objects.get(pk=lost.pk))}

    usual = said()
    token = vouched(cast, lost, ana, bo)
    assert said()["own"] == ["you", "1 facilitator", "1 coordinator"]
    _user, cast.secrets[lost.pk], _code = take_way_back(token, "cass", NEW, "Cass")
    waits = "you, as soon as somebody else who holds the keys was here"
    assert said() == {**usual, "group": [waits, *usual["group"][1:]]}
    cast.sign_in(ana).get("/people/me/")
    assert said() == usual


def test_pages_cost_no_more_while_nothing_waits(
    cast: Cast, lost: Person, bo: Person, django_assert_num_queries: Any
) -> None:
    for who, questions in ((lost, 4), (bo, 5)):
        client = cast.sign_in(who)
        with django_assert_num_queries(questions):
            client.get("/people/me/")


def test_it_is_told_on_the_first_screen_until_it_is_stopped(
    signed_in: SignedIn, cass: Person, dee: Person, ana: Person, acting: Acting
) -> None:
    with acting(ana):
        begun = ask_way_back(cass, MET, actor=ana)
    stop = reverse("people:stop_way_back", args=[begun.pk])
    cass_here, dee_here = signed_in(cass), signed_in(dee)
    assert [stop in browser.get("/").content.decode() for browser in (cass_here, dee_here)] == [True, False]
    cass_here.post(stop)
    assert stop not in cass_here.get("/").content.decode()
