from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from conftest import Acting, Cast, SignedIn
from wayhouse.arrivals import answering, rules, welcoming, writing
from wayhouse.arrivals.models import Contact, Voice, Welcome
from wayhouse.arrivals.removing import forget_voices
from wayhouse.arrivals.tests.conftest import WORDS, Stranger, writes
from wayhouse.audit.models import AuditDetail, AuditLeaf
from wayhouse.crypto import items
from wayhouse.crypto.models import Item, Scope
from wayhouse.groups.actions import take_seat
from wayhouse.groups.models import Group, Seat
from wayhouse.people import reach
from wayhouse.people.actions import end_role
from wayhouse.people.entries import known_people
from wayhouse.people.models import Invitation, Person, Programme, Role, RosterEntry

MET, TALK = Voice.Reason.MET, Voice.Reason.TALK


def two_agree(acting: Acting, stranger: Stranger, *people: Person) -> None:
    for person in people:
        says(acting, stranger, MET, person)


def says(acting: Acting, stranger: Stranger, reason: Voice.Reason, person: Person) -> None:
    with acting(person):
        welcoming.give_voice(stranger.contact, reason, actor=person)


def agreed(acting: Acting, stranger: Stranger, ana: Person) -> bool:
    with acting(ana):
        return rules.is_agreed(stranger.contact)


def test_from_two_voices_to_an_account(
    stranger: Stranger, signed_in: SignedIn, cast: Cast, ana: Person, bo: Person
) -> None:
    ana_here, page = signed_in(ana), f"/notes/{stranger.contact.pk}/"
    assert ana_here.get(f"{page}welcome/").status_code == 404
    ana_here.post(f"{page}decide/", {"reason": "met"})
    bo_here = signed_in(bo)
    assert stranger.contact.sign in bo_here.get("/notes/new/").content.decode()
    assert WORDS not in bo_here.get(f"{page}decide/").content.decode()
    # Each thinks for themselves: only coordinators read what the others said.
    assert "we met" not in bo_here.get(f"{page}decide/").content.decode().split("<form")[0]
    bo_here.post(f"{page}decide/", {"reason": "spoke"})
    assert [said in ana_here.get(f"{page}decide/").content.decode() for said in ("we met", "we spoke")] == [True] * 2
    assert bo_here.get(f"{page}welcome/").status_code == 404
    ana_here.post(f"{page}welcome/", {"name": "Quiet Fox", "language": "en"})
    writer = Client()
    writer.post("/hello/back/", {"code": stranger.code})
    there = writer.post("/hello/in/", follow=True)
    assert there.redirect_chain[-1][0].startswith("/people/welcome/")
    assert "contact" not in writer.session
    newcomer = cast.accept(there.redirect_chain[-1][0].split("/")[-2], "fox")
    assert (newcomer.profile.item.subject_id, newcomer.holds(Role.Kind.MEMBER)) == (newcomer.pk, True)
    assert "The invitation was used." in ana_here.get(page).content.decode()


def test_one_alone_cannot_welcome(stranger: Stranger, acting: Acting, ana: Person, bo: Person) -> None:
    two_agree(acting, stranger, ana, ana)
    assert not agreed(acting, stranger, ana)
    with acting(ana), pytest.raises(PermissionDenied):
        welcoming.welcome_contact(stranger.contact, "Fox", ["en"], actor=ana)
    says(acting, stranger, TALK, bo)
    assert not agreed(acting, stranger, ana)
    says(acting, stranger, MET, bo)
    assert agreed(acting, stranger, ana)


def test_not_now_of_a_third_stops_two(stranger: Stranger, acting: Acting, ana: Person, bo: Person, sol: Person) -> None:
    two_agree(acting, stranger, ana, bo)
    says(acting, stranger, TALK, sol)
    assert not agreed(acting, stranger, ana)


def test_a_second_whom_the_first_made_up_does_not_count(
    stranger: Stranger, acting: Acting, ana: Person, bo: Person
) -> None:
    bo.roles.update(since_on=timezone.localdate() - timedelta(days=6))
    newly = Person.objects.get(pk=bo.pk)
    with pytest.raises(PermissionDenied):
        says(acting, stranger, MET, newly)
    assert not agreed(acting, stranger, ana)


def test_who_lost_the_role_does_not_count_any_more(stranger: Stranger, acting: Acting, ana: Person, bo: Person) -> None:
    two_agree(acting, stranger, ana, bo)
    with acting(ana):
        end_role(Role.objects.get(person=bo, until_on=None), actor=ana)
    assert not agreed(acting, stranger, ana)


def test_members_mentors_and_partners_have_no_voice(
    stranger: Stranger, acting: Acting, signed_in: SignedIn, ana: Person, dee: Person, max: Person, pat: Person
) -> None:
    two_agree(acting, stranger, ana)
    for person in (dee, max, pat):
        answers = [signed_in(person).get(page) for page in ("/notes/new/", f"/notes/{stranger.contact.pk}/decide/")]
        assert [answer.status_code for answer in answers] == [404, 404]
        with pytest.raises(PermissionDenied):
            says(acting, stranger, MET, person)


def test_bo_knows_of_nobody_before_a_coordinator_began(stranger: Stranger, signed_in: SignedIn, bo: Person) -> None:
    assert signed_in(bo).get(f"/notes/{stranger.contact.pk}/decide/").status_code == 404


def test_nobody_is_welcomed_out_of_the_corner_of_family_and_friends(
    programme: Programme, acting: Acting, signed_in: SignedIn, ana: Person, bo: Person
) -> None:
    near = writes(programme, Contact.Kind.NEAR)
    with pytest.raises(PermissionDenied):
        two_agree(acting, near, ana)
    with acting(ana):
        for person in (ana, bo):
            item = items.seal(reach.share("voice", programme.desk, [person]), "voice", {"reason": MET})
            Voice.objects.create(contact=near.contact, person=person, item=item)
    with acting(ana), pytest.raises(PermissionDenied):
        welcoming.welcome_contact(near.contact, "Fox", ["en"], actor=ana)
    assert "Decide together" not in signed_in(ana).get(f"/notes/{near.contact.pk}/").content.decode()


def test_an_invitation_that_ran_out_is_made_anew_for_the_same_person(
    stranger: Stranger, acting: Acting, ana: Person, bo: Person, signed_in: SignedIn
) -> None:
    two_agree(acting, stranger, ana, bo)
    with acting(ana):
        person = welcoming.welcome_contact(stranger.contact, "Fox", ["en"], actor=ana)
        with pytest.raises(PermissionDenied):
            welcoming.welcome_contact(stranger.contact, "Fox two", ["en"], actor=ana)
    writer = Client()
    with time_machine.travel(timezone.now() + timedelta(days=4), tick=False):
        writer.post("/hello/back/", {"code": stranger.code})
        assert "/hello/in/" not in writer.get("/hello/notes/").content.decode()
        signed_in(ana).post(f"/notes/{stranger.contact.pk}/renew/")
        assert "/hello/in/" in writer.get("/hello/notes/").content.decode()
        with acting(ana):
            assert Welcome.objects.get().person == str(person.pk)
    assert Person.objects.filter(programme=ana.programme, user=None).count() == 1


def test_no_row_leads_from_the_note_to_the_person(
    stranger: Stranger, acting: Acting, ana: Person, bo: Person, cast: Cast
) -> None:
    two_agree(acting, stranger, ana, bo)
    with acting(ana):
        person = welcoming.welcome_contact(stranger.contact, "Fox", ["en"], actor=ana)
    row = Welcome.objects.select_related("item").get()
    assert row.item.subject_id == stranger.contact.scope_id != person.pk
    assert str(person.pk).encode() not in bytes(row.item.box)
    voice = Voice.objects.select_related("item").get(person=bo)
    with acting(bo):
        assert voice.is_yes
    writing.erase(stranger.opened)
    assert (Welcome.objects.count(), Voice.objects.count()) == (0, 0)
    assert not Scope.objects.filter(kind="voice").exists()


def test_ending_it_erases_whoever_was_welcomed_and_never_came_in(
    stranger: Stranger, acting: Acting, ana: Person, bo: Person
) -> None:
    two_agree(acting, stranger, ana, bo)
    with acting(ana):
        person = welcoming.welcome_contact(stranger.contact, "Fox", ["en"], actor=ana)
    writer = Client()
    writer.post("/hello/back/", {"code": stranger.code})
    assert "The invitation goes along" in writer.get("/hello/end/").content.decode()
    writer.post("/hello/end/")
    assert Invitation.objects.filter(person=person).count() == 0
    with acting(ana):
        assert str(person.pk) not in known_people(ana.programme).entries
    call_command("tidy", stdout=StringIO())
    left = [Person.objects.filter(pk=person.pk), Item.objects.filter(subject_id=person.pk)]
    assert [rows.count() for rows in left] == [0, 0]


def test_who_was_welcomed_and_never_came_in_goes_with_the_time_of_the_note(
    stranger: Stranger, acting: Acting, cast: Cast, ana: Person, bo: Person, tuesday: Group
) -> None:
    two_agree(acting, stranger, ana, bo)
    with acting(ana):
        fox = welcoming.welcome_contact(stranger.contact, "Fox", ["en"], actor=ana)
    today = timezone.now()

    def still_there(days: int) -> bool:
        with time_machine.travel(today + timedelta(days=days), tick=False):
            call_command("tidy", stdout=StringIO())
        return Person.objects.filter(pk=fox.pk).exists()

    # A word of either side keeps the note and the place; the day is a Monday, up to a week later than the note's.
    with time_machine.travel(today + timedelta(days=20), tick=False):
        writing.write_again(stranger.opened, WORDS, language="en")
    with time_machine.travel(today + timedelta(days=28), tick=False), acting(ana):
        answering.answer_contact(stranger.contact, "Come.", actor=ana)
    fox.refresh_from_db()
    assert fox.unused_until is not None
    assert fox.unused_until.weekday() == 0
    with acting(ana):
        take_seat(tuesday, fox, "Fox", Seat.Role.MEMBER, actor=ana)
    assert still_there(66)
    Seat.objects.filter(person=fox).update(until_on=timezone.localdate())
    assert still_there(57)
    assert not still_there(66)
    assert not Item.objects.filter(subject_id=fox.pk).exists()


def test_ending_it_leaves_the_account_that_was_opened(
    stranger: Stranger, acting: Acting, cast: Cast, ana: Person, bo: Person
) -> None:
    two_agree(acting, stranger, ana, bo)
    with acting(ana):
        welcoming.welcome_contact(stranger.contact, "Fox", ["en"], actor=ana)
        token = Welcome.objects.get().token
    fox = cast.accept(token, "fox")
    writing.erase(stranger.opened)
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
        call_command("tidy", stdout=StringIO())
    assert Person.objects.get(pk=fox.pk).status == Person.Status.ACTIVE


@pytest.mark.abuse(26)
def test_the_log_leads_neither_from_the_note_to_the_person_nor_says_what_was_thought(
    stranger: Stranger, acting: Acting, ana: Person, bo: Person
) -> None:
    two_agree(acting, stranger, ana, bo)
    with acting(ana):
        welcoming.welcome_contact(stranger.contact, "Fox", ["en"], actor=ana)
        welcoming.renew_welcome(stranger.contact, actor=ana)
    leaves = AuditLeaf.objects.filter(kind__startswith="welcome.").order_by("index")
    assert [(leaf.kind, leaf.object_tag is None) for leaf in leaves] == [
        ("welcome.voiced", False), ("welcome.voiced", False), ("welcome.given", True), ("welcome.renewed", True),
    ]  # fmt: skip
    assert set(AuditDetail.objects.filter(leaf__in=leaves).values_list("detail", flat=True)) == {"{}"}


def test_another_invitation_needs_two_who_still_agree_and_an_entry(
    stranger: Stranger, acting: Acting, ana: Person, bo: Person
) -> None:
    two_agree(acting, stranger, ana, bo)
    with acting(ana):
        person = welcoming.welcome_contact(stranger.contact, "Fox", ["en"], actor=ana)
        welcoming.give_voice(stranger.contact, TALK, actor=bo)
        with pytest.raises(PermissionDenied):
            welcoming.renew_welcome(stranger.contact, actor=ana)
        # Voices from before they were sealed are gone; the welcome that two gave stands.
        forget_voices(Voice.objects.all())
        welcoming.renew_welcome(stranger.contact, actor=ana)
        RosterEntry.objects.filter(person=person).delete()
        with pytest.raises(PermissionDenied):
            welcoming.renew_welcome(stranger.contact, actor=ana)
