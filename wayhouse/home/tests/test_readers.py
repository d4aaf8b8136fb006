"""Who can see this? Counted from the keys that are there, for everybody about themselves."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from conftest import Acting, Cast, SignedIn
from wayhouse.crypto import items, scopes
from wayhouse.crypto.models import Membership
from wayhouse.crypto.shred import add_subject
from wayhouse.groups.actions import leave_group
from wayhouse.groups.models import Group
from wayhouse.home.readers import OPENED, things_around
from wayhouse.meetings.models import Meeting
from wayhouse.people.actions import give_role
from wayhouse.people.invitations import invite
from wayhouse.people.models import Person, Role
from wayhouse.people.readers import readers_of
from wayhouse.safeguarding.models import ConductStep
from wayhouse.safeguarding.protocol.conduct import Place


def said(person: Person) -> dict[str, list[str]]:
    return {thing.anchor: thing.readers.words() for thing in things_around(person)}


def test_a_member_reads_who_holds_keys(cass: Person, sol: Person, meeting: Meeting) -> None:
    assert said(cass) == {
        "own": ["you"],
        "group": ["you", "1 facilitator", "1 coordinator"],
        "evening": ["1 facilitator", "1 coordinator"],
        "roster": ["1 coordinator"],
    }
    assert said(sol) == {"own": ["you"], "roster": ["1 coordinator"]}


def test_whatever_opens_with_keys_of_ones_own_is_there(bo: Person, sol: Person, cass: Person) -> None:
    holders = [person.user.holder for person in (bo, sol) if person.user]
    for kind in sorted(OPENED):
        scopes.create_scope(kind, holders)
    both = {anchor: ["you", "1 facilitator"] for anchor in OPENED.values()}
    assert {anchor: words for anchor, words in said(sol).items() if anchor in both} == both
    assert [anchor for anchor in said(cass) if anchor in both] == []


def test_a_step_that_waits_for_its_second_signature_is_not_there(acting: Acting, sol: Person, cass: Person) -> None:
    holders = [person.user.holder for person in (cass, sol) if person.user]
    with acting(sol):
        scope = scopes.create_scope("conduct", holders)
        item = items.seal(scope, "conduct", {"rung": "ending"}, subject_id=cass.pk)
        whose = {"person": cass, "programme": cass.programme, "signed_by": sol.pk}
        step = ConductStep.objects.create(item=item, scope=scope, place=Place.PROPOSED, by_two=True, **whose)
    assert ("step" in said(cass), "step" in said(sol)) == (False, True)
    ConductStep.objects.filter(pk=step.pk).update(place=Place.STANDING, second_by=uuid4(), told_at=timezone.now())
    assert ("step" in said(cass), "step" in said(sol)) == (True, True)


def test_nobody_learns_how_many_have_a_copy_for_emergencies(sol: Person, cass: Person) -> None:
    holders = [person.user.holder for person in (cass, sol) if person.user]
    for kind in ("plan-half", "break-glass"):
        scopes.create_scope(kind, holders)
    assert "emergency" not in said(sol)


def test_a_facilitator_and_a_coordinator_read_theirs(ana: Person, bo: Person, meeting: Meeting) -> None:
    assert said(bo)["evening"] == ["you", "1 coordinator"]
    assert said(ana) == {"own": ["you"], "roster": ["you"]}


def test_somebody_invited_counts_before_they_come(cast: Cast, ana: Person, programme: Any) -> None:
    person = Person.objects.create(programme=programme)
    add_subject(person.pk)
    with cast.acting(ana):
        cast_scope = scopes.create_scope("group", [programme.desk])
        token = invite(person, "Quiet Fox", actor=ana)
        holder = person.invitations.get().holder
        assert holder is not None
        assert token
        Membership.objects.create(scope=cast_scope, holder=holder)
    found = readers_of({"group": [cast_scope.pk], "nothing": []}, ana)
    assert {name: readers.words() for name, readers in found.items()} == {
        "group": ["you", "1 person who is invited"],
        "nothing": ["nobody"],
    }


def test_who_leaves_is_counted_no_longer(acting: Acting, cass: Person, bo: Person, tuesday: Group) -> None:
    assert said(bo)["group"] == ["you", "1 member", "1 coordinator"]
    with acting(cass):
        leave_group(tuesday.seats.get(person=cass), actor=cass)
    assert said(bo)["group"] == ["you", "1 coordinator"]
    assert "group" not in said(cass)


def test_of_several_roles_one_counts(cast: Cast, ana: Person, bo: Person, cass: Person, tuesday: Group) -> None:
    with cast.acting(ana):
        give_role(bo, Role.Kind.MENTOR, actor=ana)
    assert said(cass)["group"] == ["you", "1 facilitator", "1 coordinator"]


@pytest.mark.parametrize("name", ["ana", "bo", "cass", "sol", "max", "aud", "pat"])
def test_everybody_has_the_page(
    name: str, request: pytest.FixtureRequest, signed_in: SignedIn, meeting: Meeting, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(request.getfixturevalue(name))
    client.get("/readers/")
    with django_assert_max_num_queries(8):
        page = client.get("/readers/")
    assert (page.status_code, b"Who can see this?" in page.content) == (200, True)


def test_pages_lead_to_it(signed_in: SignedIn, ana: Person, cass: Person, tuesday: Group, meeting: Meeting) -> None:
    client = signed_in(cass)
    for address, anchor in (
        ("/people/me/", ""),
        (f"/groups/{tuesday.pk}/", "#group"),
        (f"/evenings/{meeting.pk}/", "#evening"),
    ):
        assert f'href="/readers/{anchor}"' in client.get(address).content.decode()
    assert 'href="/readers/#roster"' in signed_in(ana).get(f"/people/{cass.pk}/").content.decode()
