"""What a way back is guarded by: people who are known, a name that is not guessed, and an end when somebody goes."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import Cast
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.models import Scope
from wayhouse.groups.models import Group
from wayhouse.home.tests.conftest import MET, NEW, back, vouched
from wayhouse.leaving.actions import erase, leave
from wayhouse.notices.kinds import Kind
from wayhouse.notices.models import Delivery, Notice
from wayhouse.people.invitations import found
from wayhouse.people.models import Person, WayBack
from wayhouse.people.way_back import (
    WayBackClosed,
    ask_way_back,
    confirm_way_back,
    name_in,
    stop_way_back,
    take_way_back,
)


def test_a_second_whom_the_first_made_up_is_no_second(
    cast: Cast, lost: Person, ana: Person, eve: Person, tuesday: Group
) -> None:
    """Somebody invited today, with a role given today, may be the first one under another name."""
    eve.roles.update(since_on=timezone.localdate() - timedelta(days=6))
    with cast.acting(ana):
        way_back = ask_way_back(lost, MET, actor=ana)
    young = Person.objects.get(pk=eve.pk)
    with cast.acting(young), pytest.raises(PermissionDenied):
        confirm_way_back(way_back, MET, actor=young)
    with cast.acting(young), pytest.raises(PermissionDenied):
        ask_way_back(lost, MET, actor=young)
    eve.roles.update(since_on=timezone.localdate() - timedelta(days=7))
    known = Person.objects.get(pk=eve.pk)
    with cast.acting(known):
        assert confirm_way_back(way_back, MET, actor=known)


def test_an_account_that_opens_another_programme_is_not_begun_again_here(cast: Cast, lost: Person, ana: Person) -> None:
    other, _token = found("Harbour (invented)", "Second", "Noa", time_zone="Europe/Berlin")
    Person.objects.create(programme=other, user=lost.user)
    with cast.acting(ana), pytest.raises(PermissionDenied):
        ask_way_back(lost, MET, actor=ana)


def test_five_wrong_names_from_anywhere_close_it(cast: Cast, lost: Person, ana: Person, bo: Person) -> None:
    token = vouched(cast, lost, ana, bo)
    page = reverse("people:way_back", args=[token])
    said = {"handle": "not her", "new": NEW, "again": NEW, "name": "Cass"}
    for number in range(5):
        Client(REMOTE_ADDR=f"10.{number}.0.1").post(page, said)
    assert WayBack.objects.get().end == WayBack.End.STOPPED
    with pytest.raises(WayBackClosed):
        take_way_back(token, "cass", NEW, "Cass")


def test_whoever_leaves_takes_what_was_open_for_them_and_by_their_word_along(
    cast: Cast, lost: Person, ana: Person, bo: Person
) -> None:
    token = vouched(cast, lost, ana, bo)
    leave(bo, actor=bo)
    assert WayBack.objects.get().end == WayBack.End.STOPPED
    assert not Scope.objects.filter(kind="way-back").exclude(memberships=None).exists()
    with pytest.raises(WayBackClosed):
        take_way_back(token, "cass", NEW, "Cass")


def test_what_was_begun_for_somebody_is_still_told_when_a_colleague_is_erased(
    cast: Cast, lost: Person, ana: Person, bo: Person
) -> None:
    back(cast, lost, ana, bo)
    erase(bo, actor=bo)
    kept = WayBack.objects.get()
    assert (kept.end, kept.confirmed_by, kept.asked_by) == (WayBack.End.USED, None, ana)


def test_a_facilitator_who_leaves_reads_the_name_no_more(cast: Cast, lost: Person, ana: Person, bo: Person) -> None:
    with cast.acting(ana):
        way_back = ask_way_back(lost, MET, actor=ana)
    with cast.acting(bo):
        assert name_in(WayBack.objects.get()) == "Cass"
    leave(bo, actor=bo)
    with cast.acting(bo), pytest.raises(CannotOpen):
        name_in(WayBack.objects.get())
    assert WayBack.objects.get() == way_back


def test_the_person_is_told_at_once_by_their_own_way_and_no_more_once_it_was_stopped(
    cast: Cast, lost: Person, ana: Person, bo: Person
) -> None:
    def waiting() -> list[tuple[object, str]]:
        rows = Notice.objects.filter(deliveries__state=Delivery.State.DUE)
        return list(rows.values_list("person_id", "kind"))

    with cast.acting(ana):
        way_back = ask_way_back(lost, MET, actor=ana)
    # Before anybody has confirmed it, so that there is time to stop it.
    assert waiting() == [(lost.pk, Kind.CHANGED)]
    stop_way_back(way_back, actor=lost)
    assert waiting() == []
    token = vouched(cast, lost, ana, bo)
    assert waiting() == [(lost.pk, Kind.CHANGED)]
    take_way_back(token, "cass", NEW, "Cass")
    # If it was not they who took it, this is the only word they get.
    assert waiting() == [(lost.pk, Kind.CHANGED)]
