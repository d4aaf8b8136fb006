"""What a law holds: nothing of it is erased, everything else is; the person reads nothing untrue, told or not."""

import re
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from conftest import PASSPHRASE, Acting, SignedIn
from wayhouse.accounts.models import User
from wayhouse.conversations.finding import own_thread, post_for
from wayhouse.conversations.models import Post, Thread
from wayhouse.conversations.writing import begin_thread
from wayhouse.crypto.models import Item, Shred
from wayhouse.groups.models import Group
from wayhouse.leaving.actions import erase, leave
from wayhouse.leaving.clocks import CLOCKS, run_clocks
from wayhouse.leaving.due import due_in
from wayhouse.leaving.erasing import _erase_alone, overdue
from wayhouse.leaving.rules import KEPT_FOR
from wayhouse.meetings.models import Answer, Attendance, Meeting, Swap
from wayhouse.notices.models import Notice
from wayhouse.people import holds
from wayhouse.people.invitations import found
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding.demands import _let_go

AGAIN = date(2199, 6, 1)
_WHOSE = ((Answer, "person"), (Attendance, "person"), (Swap, "asker"), (Notice, "person_id"))
_NEW = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|<dd>\d+</dd>')


def hold(person: Person, *, told: bool = False) -> str:
    with transaction.atomic():
        return str(holds.place(holds.Terms(person.pk, AGAIN, told=told)))


def proven(signed_in: SignedIn, person: Person) -> Client:
    client = signed_in(person)
    client.post("/account/again/?next=/mine/erase/", {"password": PASSPHRASE})
    return client


def lift(hold_id: str) -> None:
    with transaction.atomic():
        _let_go({"hold": hold_id})


def test_clocks_stop_for_exactly_whose_records_are_held(
    acting: Acting, meeting: Meeting, ana: Person, cass: Person, dee: Person
) -> None:
    long_ago = timezone.now() - timedelta(days=500)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=long_ago, ends_at=long_ago)
    for person in (cass, dee):
        Answer.objects.create(meeting=meeting, person=person, coming=True)
        Attendance.objects.create(meeting=meeting, person=person, presence=Attendance.Presence.HERE)
        Swap.objects.create(meeting=meeting, asker=person)
        times = {"due_at": long_ago, "ends_at": long_ago}
        Notice.objects.create(person_id=person.pk, kind="note", once=f"old:{person.pk}", **times)
        with acting(person):
            leave(person, actor=person)
    Person.objects.filter(pk__in=[cass.pk, dee.pk]).update(status_on=timezone.localdate() - KEPT_FOR)
    held = hold(cass)
    due = {due.clock.kind: due.now for due in due_in(ana.programme) if due.clock.person and due.now}
    people = {Answer, Attendance, Person, Swap}
    ours = {clock.kind for clock in CLOCKS if clock.person and clock.rows(timezone.now()).model in people}
    assert due == dict.fromkeys(ours, 1)
    # Whoever looked before the hold was placed does not erase after it.
    assert not _erase_alone(cass.pk, overdue(timezone.now()))
    run_clocks()
    left = [rows.objects.values_list(whose, flat=True) for rows, whose in _WHOSE]
    assert [set(whose) for whose in left] == [{cass.pk}] * len(_WHOSE)
    assert not Person.objects.filter(pk=dee.pk).exists()
    # Ninety days are over: like everybody else they sign in no more, and on no page there is anything of them.
    kept = Person.objects.select_related("user").get(pk=cass.pk)
    assert (kept.user and kept.user.is_active, kept.roles.filter(until_on=None).exists()) == (False, False)
    lift(held)
    run_clocks()
    assert not Person.objects.filter(pk=cass.pk).exists()
    assert not Answer.objects.exists()


@pytest.mark.parametrize("told", [False, True])
def test_erasing_waits_and_says_so_to_whoever_may_know(
    acting: Acting,
    signed_in: SignedIn,
    tuesday: Group,
    bo: Person,
    cass: Person,
    told: bool,  # noqa: FBT001
) -> None:
    with acting(cass):
        thread = begin_thread(tuesday, "Hello.", kind=Thread.Kind.TALK, actor=cass)
    client, handle = proven(signed_in, cass), cass.user.username if cass.user else ""
    before = client.get("/mine/erase/").content.decode() if not told else ""
    held = hold(cass, told=told)
    page = client.get("/mine/erase/").content.decode()
    sealed = Item.objects.filter(subject_id=cass.pk).count()
    receipt = client.post("/mine/erase/", {"sure": "on"}).content.decode()
    # Everything that is sealed about them is there, and nobody gets at it.
    assert Item.objects.filter(subject_id=cass.pk).count() == sealed > 0
    assert Post.objects.get(person=cass).state == Post.State.CLOSED
    with acting(bo):
        assert own_thread(bo, thread.pk) == thread
        assert post_for(bo, Post.objects.get(person=cass).pk) is None
    assert Shred.objects.filter(pk=cass.pk).exists()
    account = User.objects.get(people=cass)
    assert (account.is_active, account.username == handle, account.sessions.count()) == (False, False, 0)
    assert Person.objects.get(pk=cass.pk).status == Person.Status.LEFT
    assert ("A law holds what is kept about you" in page, "June 1, 2199" in receipt) == (told, told)
    assert "if a law orders us to keep some of it" in receipt.lower()
    if not told:
        assert _NEW.sub("", page) == _NEW.sub("", before)
    run_clocks()
    assert Person.objects.filter(pk=cass.pk).exists()
    lift(held)
    run_clocks()
    assert not Person.objects.filter(pk=cass.pk).exists()
    assert not Item.objects.filter(subject_id=cass.pk).exists()
    assert not User.objects.filter(pk=account.pk).exists()


def test_a_receipt_is_alike_whether_a_law_holds_or_not(
    acting: Acting, signed_in: SignedIn, tuesday: Group, thursday: Group, cass: Person, dee: Person
) -> None:
    hold(dee)
    pages = []
    for person in (cass, dee):
        client = proven(signed_in, person)
        pages.append(_NEW.sub("", client.post("/mine/erase/", {"sure": "on"}).content.decode()))
    assert pages[0] == pages[1]
    assert (Person.objects.filter(pk=cass.pk).exists(), Person.objects.filter(pk=dee.pk).exists()) == (False, True)


def test_who_has_another_programme_keeps_the_account_and_one_hold_of_two_is_not_the_end(
    acting: Acting, cass: Person
) -> None:
    first, second = hold(cass), hold(cass)
    other, _token = found("Harbour (invented)", "Second", "Noa", time_zone="Europe/Berlin")
    Person.objects.create(programme=other, user=cass.user).roles.create(kind=Role.Kind.MEMBER)
    with acting(cass):
        erase(cass, actor=cass)
    account = User.objects.get(people__in=Person.objects.filter(programme=other))
    assert account.is_active
    lift(first)
    run_clocks()
    assert Person.objects.filter(pk=cass.pk).exists()
    lift(second)
    run_clocks()
    assert not Person.objects.filter(pk=cass.pk).exists()
    assert User.objects.get(pk=account.pk).is_active
