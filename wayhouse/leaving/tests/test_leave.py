"""Leaving: one tap and one question, no reason, and the door stays open."""

import pytest
from django.core.exceptions import PermissionDenied

from conftest import Acting, Cast, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.models import Item, Membership
from wayhouse.groups.actions import take_seat
from wayhouse.groups.models import Group, Seat
from wayhouse.leaving.actions import leave
from wayhouse.meetings.access import ask_access
from wayhouse.meetings.models import EveningCard, Meeting, Shift
from wayhouse.people.actions import come_back
from wayhouse.people.models import Person, Role, RosterEntry


def kinds_of(person: Person) -> set[str]:
    return set(Role.objects.filter(person=person, until_on=None).values_list("kind", flat=True))


def test_a_member_leaves_and_opens_nothing_of_others(
    acting: Acting, cass: Person, bo: Person, meeting: Meeting
) -> None:
    group = meeting.group
    with acting(cass):
        leave(cass, actor=cass)
    cass.refresh_from_db()
    assert cass.status == Person.Status.LEFT
    assert not Seat.objects.current().filter(person=cass).exists()
    assert cass.user is not None
    scopes = Membership.objects.filter(holder=cass.user.holder).values_list("scope__kind", flat=True)
    assert list(scopes) == ["personal"]
    with acting(bo):
        group.rewrite(name="Osprey")
    with acting(cass), pytest.raises(CannotOpen):
        _ = Group.objects.get(pk=group.pk).name
    left = AuditLeaf.objects.filter(kind__in=["evenings.given_up", "seat.left", "person.left"])
    assert left.count() == 3


def test_a_facilitator_leaves_evenings_group_and_role(
    acting: Acting, ana: Person, bo: Person, meeting: Meeting
) -> None:
    with acting(bo):
        leave(bo, actor=bo)
    assert not Shift.objects.filter(person=bo).exists()
    assert not Seat.objects.current().filter(person=bo).exists()
    assert kinds_of(bo) == {"member"}
    assert not RosterEntry.objects.visible_to(ana).filter(person=bo).exists()


@pytest.mark.parametrize("who", ["ana", "bo", "dee"])
def test_nobody_makes_somebody_leave(
    acting: Acting, who: str, cass: Person, tuesday: Group, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    with acting(actor), pytest.raises(PermissionDenied):
        leave(cass, actor=actor)
    assert Person.objects.get(pk=cass.pk).status == Person.Status.ACTIVE
    assert Seat.objects.current().filter(person=cass).count() == 1


def test_a_coordinator_hands_over_first(acting: Acting, signed_in: SignedIn, ana: Person) -> None:
    with acting(ana), pytest.raises(PermissionDenied):
        leave(ana, actor=ana)
    client = signed_in(ana)
    assert client.get("/mine/leave/").context["hands_over"] is True
    client.post("/mine/leave/")
    assert Person.objects.get(pk=ana.pk).status == Person.Status.ACTIVE


def test_the_name_goes_off_the_card_when_somebody_who_opens_it_is_here(
    acting: Acting, signed_in: SignedIn, cass: Person, bo: Person, meeting: Meeting
) -> None:
    with acting(bo):
        assert [entry["name"] for entry in EveningCard.objects.get(meeting=meeting).expected] == ["Cass"]
    with acting(cass):
        leave(cass, actor=cass)
    assert EveningCard.objects.get(meeting=meeting).outdated is True
    assert b"Cass" not in signed_in(bo).get(f"/evenings/{meeting.pk}/tonight/").content
    card = EveningCard.objects.select_related("item").get(meeting=meeting)
    with acting(bo):
        assert (card.outdated, card.expected, [entry["name"] for entry in card.serving]) == (False, [], ["Bo"])
    assert AuditLeaf.objects.filter(kind="cards.trimmed").count() == 1


def test_a_coordinators_first_screen_does_it_as_well(
    acting: Acting, signed_in: SignedIn, ana: Person, bo: Person, meeting: Meeting
) -> None:
    with acting(bo):
        leave(bo, actor=bo)
    signed_in(ana).get("/")
    card = EveningCard.objects.select_related("item").get(meeting=meeting)
    with acting(ana):
        assert (card.outdated, card.serving, [entry["name"] for entry in card.expected]) == (False, [], ["Cass"])


def test_one_question_then_the_ways_that_stay_open(signed_in: SignedIn, cass: Person, tuesday: Group) -> None:
    client = signed_in(cass)
    assert client.get("/mine/leave/").context["left"] is False
    # Whoever takes a break is not offered one, and what is on is not called off.
    breaks = ["Only tired?" in client.get("/mine/leave/").content.decode()]
    client.post("/people/me/pause/")
    breaks.append("Only tired?" in client.get("/mine/leave/").content.decode())
    client.post("/people/me/back/")
    calendars = ["Off until you want it." in client.get("/messages/calendar/").content.decode()]
    calendars.append("Off until" in client.post("/messages/calendar/", {"title": "Choir"}).content.decode())
    assert (breaks, calendars) == ([True, False], [True, False])
    page = client.post("/mine/leave/", follow=True)
    assert page.context["left"] is True
    thanks = "Thank you for the time you shared. You left, and nobody asks why."
    assert [str(message) for message in page.context["messages"]] == [thanks]
    assert client.post("/mine/leave/").status_code == 302
    assert AuditLeaf.objects.filter(kind="person.left").count() == 1
    for address in ("/", "/people/me/", "/mine/"):
        assert client.get(address).status_code == 200
    assert "shown to your group" not in client.get("/").content.decode()


def test_whoever_comes_back_asks_for_what_they_need_anew(
    acting: Acting, signed_in: SignedIn, ana: Person, cass: Person, meeting: Meeting
) -> None:
    with acting(cass):
        ask_access([meeting], "childcare", actor=cass)
        leave(cass, actor=cass)
    assert not Item.objects.filter(kind="access").exists()
    cass.refresh_from_db()
    come_back(cass, actor=cass)
    with acting(ana):
        take_seat(meeting.group, cass, "Cass", Seat.Role.MEMBER, actor=ana)
    client, page = signed_in(cass), f"/evenings/{meeting.pk}/needs/"
    assert client.get(page).context["tasks"] == []
    client.post(page, {"need": "childcare", "span": "one"})
    assert len(client.get(page).context["tasks"]) == 1


def test_whoever_left_comes_back_with_one_tap(cast: Cast, signed_in: SignedIn, ana: Person, cass: Person) -> None:
    client = signed_in(cass)
    client.post("/mine/leave/")
    client.post("/people/me/back/")
    cass.refresh_from_db()
    assert cass.status == Person.Status.ACTIVE
    assert RosterEntry.objects.visible_to(ana).filter(person=cass).count() == 1
