"""Erasing: for good, by oneself, with a receipt; and by itself, ninety days after somebody left."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import PASSPHRASE, Acting, Cast, SignedIn
from wayhouse.accounts.models import Session, User
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto import shred
from wayhouse.crypto.items import seal
from wayhouse.crypto.models import Erasure, Keyholder, Scope
from wayhouse.groups.actions import take_seat
from wayhouse.groups.forgetting import trim_lists
from wayhouse.groups.models import Drawing, Group, Proposal, Seat
from wayhouse.leaving.actions import erase, leave
from wayhouse.leaving.erasing import _erase_alone, erase_overdue, finish_erasures, overdue
from wayhouse.leaving.rules import KEPT_FOR
from wayhouse.meetings.models import Answer, Attendance, EveningCard, Meeting
from wayhouse.notices.actions import agree_contact, notify
from wayhouse.notices.kinds import Kind
from wayhouse.notices.plan import Plan
from wayhouse.people.actions import come_back, give_role
from wayhouse.people.invitations import found, invite
from wayhouse.people.models import Invitation, KeepApart, Person, Role, RosterEntry


def references_to(person_id: object) -> dict[str, int]:
    """How many rows of the whole house still point at somebody, by any column that can hold an id."""
    found = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            target = field.target_field if isinstance(field, models.ForeignKey) else field
            if isinstance(target, models.UUIDField) and (
                count := model._base_manager.filter(**{field.attname: person_id}).count()
            ):
                found[f"{model.__name__}.{field.name}"] = count
    return found


def test_nothing_points_at_somebody_erased(acting: Acting, cass: Person, bo: Person, meeting: Meeting) -> None:
    account = cass.user
    assert account is not None
    ids = (cass.pk, account.pk, account.holder_id)
    Answer.objects.create(meeting=meeting, person=cass, coming=True)
    meeting.mark(cass, Attendance.Presence.HERE)
    agree_contact(Plan(), actor=cass)
    with transaction.atomic():
        notify([cass.pk], Kind.NOTE, once="evening:1")
    known = references_to(cass.pk)
    assert {"ContactPlan.person_id", "Notice.person_id"} <= set(known)
    assert {"Item.subject_id", "Shred.subject_id", "Seat.person", "Answer.person", "Attendance.person"} <= set(known)
    with acting(cass):
        receipt = erase(cass, actor=cass)
    assert [references_to(pk) for pk in ids] == [{}, {}, {}]
    assert (receipt.number, receipt.records) == (Erasure.objects.get().pk, known["Item.subject_id"])
    assert not Scope.objects.filter(kind="personal", memberships=None).exists()
    assert AuditLeaf.objects.filter(kind__in=["person.erased", "account.closed"]).count() == 2


def test_the_next_coordinator_takes_the_id_off_lists_and_plans(
    acting: Acting, signed_in: SignedIn, ana: Person, bo: Person, cass: Person, dee: Person, tuesday: Group
) -> None:
    gone, left, placement = str(cass.pk), str(dee.pk), ana.programme.placement
    plan = {"groups": [{"name": "Kestrel", "cell": str(tuesday.pk), "members": [gone, left], "seated": [gone]}]}
    words = {"plan": plan, "reasons": [{"person": gone, "codes": ["full"]}, {"person": left, "codes": ["full"]}]}
    with acting(ana):
        for people in ([gone, left], [gone, left, str(bo.pk)]):
            item = seal(placement, "keep_apart", {"people": people})
            KeepApart.objects.create(programme=ana.programme, item=item)
        item = seal(placement, "proposal", words)
        numbers = {"objective": 0, "bound": 0, "optimal": True, "seconds": 0.0}
        Proposal.objects.create(item=item, cycle=tuesday.cycle, kind=Proposal.Kind.GROUPS, **numbers)
    with acting(cass):
        erase(cass, actor=cass)
    client = signed_in(ana)
    for _again in range(2):
        assert client.get("/").status_code == 200
    assert AuditLeaf.objects.filter(kind="lists.trimmed").count() == 1
    with acting(ana):
        assert [rule.people for rule in KeepApart.objects.all()] == [[left, str(bo.pk)]]
        found = Proposal.objects.get()
        assert found.plan == {"groups": [{**plan["groups"][0], "members": [left], "seated": []}]}
        assert found.reasons == [{"person": left, "codes": ["full"]}]
    with acting(bo), pytest.raises(PermissionDenied):
        trim_lists(ana.programme, actor=bo)


def test_what_is_being_drawn_up_goes_along_since_it_names_everybody(
    acting: Acting, cass: Person, tuesday: Group
) -> None:
    Drawing.objects.create(cycle=tuesday.cycle, kind=Proposal.Kind.GROUPS, seconds=20)
    with acting(cass):
        erase(cass, actor=cass)
    assert not Drawing.objects.exists()


def test_everybody_else_keeps_everything(
    acting: Acting, signed_in: SignedIn, ana: Person, cass: Person, bo: Person, meeting: Meeting
) -> None:
    with acting(cass):
        erase(cass, actor=cass)
    with acting(bo):
        assert Group.objects.get(pk=meeting.group_id).name == "Kestrel"
        assert [seat.name for seat in Seat.objects.current().filter(group=meeting.group)] == ["Bo"]
    for address in ("/", "/people/", "/evenings/", f"/groups/{meeting.group_id}/"):
        assert signed_in(ana).get(address).status_code == 200, address
    assert b"Cass" not in signed_in(bo).get(f"/evenings/{meeting.pk}/tonight/").content
    with acting(bo):
        assert EveningCard.objects.get(meeting=meeting).expected == []


def test_newcomers_are_let_in_after_somebody_was_erased(
    acting: Acting, ana: Person, cass: Person, dee: Person, tuesday: Group
) -> None:
    """Whoever is let in gets the standing words sealed anew: a row that does not open would stop it."""
    with acting(cass):
        erase(cass, actor=cass)
    with acting(ana):
        take_seat(tuesday, dee, "Dee", Seat.Role.MEMBER, actor=ana)
    with acting(dee):
        assert Group.objects.get(pk=tuesday.pk).name == "Kestrel"


@pytest.mark.parametrize("who", ["ana", "bo", "dee"])
def test_nobody_erases_somebody_else(acting: Acting, who: str, cass: Person, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(who)
    with acting(actor), pytest.raises(PermissionDenied):
        erase(cass, actor=actor)
    assert RosterEntry.objects.filter(person=cass).exists()


def test_a_coordinator_hands_over_first(acting: Acting, ana: Person, signed_in: SignedIn) -> None:
    with acting(ana), pytest.raises(PermissionDenied):
        erase(ana, actor=ana)
    assert Person.objects.filter(pk=ana.pk).exists()


def test_the_page_asks_again_who_it_is_then_for_a_tick(cast: Cast, cass: Person, tuesday: Group) -> None:
    client = cast.sign_in(cass)
    asked = client.get("/mine/erase/")
    assert (asked.status_code, asked.headers["Location"].split("?")[0]) == (302, "/account/again/")
    client.post("/account/again/?next=/mine/erase/", {"password": PASSPHRASE})
    assert client.get("/mine/erase/").status_code == 200
    unsure = client.post("/mine/erase/", {})
    assert unsure.context["form"].errors == {"sure": ["Tick the box if you want everything to be erased."]}
    assert Person.objects.filter(pk=cass.pk).exists()
    done = client.post("/mine/erase/", {"sure": "on"})
    assert done.context["receipt"].number == Erasure.objects.get().pk
    assert cass.user_id is not None
    assert not User.objects.filter(pk=cass.user_id).exists()
    assert not Session.objects.filter(user=cass.user_id).exists()
    assert client.get("/mine/").status_code == 302


def test_a_tick_alone_erases_nothing_until_one_proves_again_who_one_is(cast: Cast, cass: Person) -> None:
    client = cast.sign_in(cass)
    assert client.post("/mine/erase/", {"sure": "on"}).status_code == 302
    assert Person.objects.filter(pk=cass.pk).exists()
    client.post("/account/again/?next=/mine/erase/", {"password": "not the one at all"})
    assert Person.objects.filter(pk=cass.pk).exists()


def test_the_handle_is_free_again(cast: Cast, acting: Acting, ana: Person, cass: Person) -> None:
    with acting(cass):
        erase(cass, actor=cass)
    again = Person.objects.create(programme=ana.programme)
    shred.add_subject(again.pk)
    with acting(ana):
        token = invite(again, "Cass", actor=ana)
    assert cast.accept(token, "cass").pk == again.pk


def test_somebody_with_a_place_in_two_programmes_keeps_the_account(acting: Acting, cass: Person, ana: Person) -> None:
    other, _token = found("Harbour (invented)", "Second", "Noa", time_zone="Europe/Berlin")
    second = Person.objects.create(programme=other, user=cass.user)
    shred.add_subject(second.pk)
    with acting(cass):
        erase(cass, actor=cass)
    assert User.objects.filter(people=second).exists()


def test_an_open_invitation_goes_along(acting: Acting, ana: Person) -> None:
    person = Person.objects.create(programme=ana.programme, status=Person.Status.LEFT)
    shred.add_subject(person.pk)
    with acting(ana):
        invite(person, "Quiet Fox", actor=ana)
    Person.objects.filter(pk=person.pk).update(status_on=timezone.localdate() - KEPT_FOR)
    assert erase_overdue() == 1
    assert not Invitation.objects.exists() or not Keyholder.objects.filter(kind=Keyholder.Kind.INVITATION).exists()


def test_whoever_left_is_erased_after_ninety_days_and_not_before(
    acting: Acting, cass: Person, dee: Person, tuesday: Group
) -> None:
    with acting(cass):
        leave(cass, actor=cass)
    day = timezone.localdate()
    with time_machine.travel(day + KEPT_FOR - timedelta(days=1), tick=False):
        call_command("tidy", stdout=StringIO())
        assert Person.objects.filter(pk=cass.pk).exists()
    with time_machine.travel(day + KEPT_FOR, tick=False):
        assert erase_overdue() == 1
    assert references_to(cass.pk) == {}
    assert Person.objects.filter(pk=dee.pk).exists()


def test_whoever_came_back_meanwhile_or_coordinates_again_stays(acting: Acting, cass: Person, dee: Person) -> None:
    for person in (cass, dee):
        with acting(person):
            leave(person, actor=person)
    Person.objects.update(status_on=timezone.localdate() - KEPT_FOR)
    Role.objects.create(person=dee, kind=Role.Kind.COORDINATOR)
    come_back(cass, actor=Person.objects.get(pk=cass.pk))
    assert not _erase_alone(cass.pk, overdue(timezone.now()))
    assert erase_overdue() == 0
    assert Person.objects.filter(pk__in=[cass.pk, dee.pk]).count() == 2


def test_nobody_gives_a_role_to_somebody_who_left(acting: Acting, ana: Person, cass: Person) -> None:
    with acting(cass):
        leave(cass, actor=cass)
    with acting(ana), pytest.raises(PermissionDenied):
        give_role(Person.objects.get(pk=cass.pk), Role.Kind.COORDINATOR, actor=ana)


def test_what_a_restore_brought_back_goes_again(
    acting: Acting, signed_in: SignedIn, ana: Person, cass: Person, tuesday: Group
) -> None:
    tag = shred._tag(cass.pk)
    assert shred.replay(f"1 {tag} 2026-01-01\n") == 1
    assert finish_erasures() == 1
    assert references_to(cass.pk) == {}
    assert finish_erasures() == 0
    assert signed_in(ana).get("/people/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_is_erased_is_written_over_in_the_files_as_well(acting: Acting, cass: Person) -> None:
    with CaptureQueriesContext(connection) as asked, acting(cass):
        erase(cass, actor=cass)
    scrubbed = [query["sql"] for query in asked if "wal_checkpoint" in query["sql"]]
    assert scrubbed == ["PRAGMA wal_checkpoint(TRUNCATE)"] * (connection.vendor == "sqlite")
