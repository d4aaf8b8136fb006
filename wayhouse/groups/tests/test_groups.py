"""Groups and seats: opened, renamed, filled by hand; their pages for those who sit there and for the desk."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.actions import end_leading, leave_group, open_group, rename_group, take_seat
from wayhouse.groups.models import Cycle, Group, Seat, Venue
from wayhouse.groups.refusals import Unsuitable
from wayhouse.groups.seating import give_seat
from wayhouse.groups.tests.conftest import Apart, Enrol, told
from wayhouse.people.models import Person

Counted = Callable[..., Any]
REFUSED = "That group is not suitable. Nothing was changed."


@pytest.fixture
def desk(signed_in: SignedIn, ana: Person) -> Client:
    client = signed_in(ana)
    client.get(reverse("groups:cycles"))
    return client


@pytest.fixture
def group(acting: Acting, ana: Person, cycle: Cycle, library: Venue, enrol: Enrol) -> Group:
    """Six people at the library on Tuesday evenings, as a plan would open it."""
    words = {
        "name": "Heron", "venue": "Library", "address": "1 Quay Lane", "online": False, "slot": "tue-evening",
        "language": "en", "kind": "mixed", "cell": f"{library.pk}:tue-evening:en:mixed",
    }  # fmt: skip
    names = ("Mina", "Omar", "Zoe", "Kim", "Lou", "Ned")
    members = dict(zip(enrol(*names), names, strict=True))
    with acting(ana):
        return open_group(cycle, words, facilitators={}, members=members, actor=ana)


def address(name: str, group: Group) -> str:
    return reverse(f"groups:{name}", args=[group.pk])


def seats(group: Group) -> int:
    return group.seats.current().count()


def test_a_coordinator_opens_a_group_that_its_people_read(
    acting: Acting, ana: Person, bo: Person, cass: Person, dee: Person, tuesday: Group
) -> None:
    for person in (ana, bo, cass):
        with acting(person):
            opened = Group.objects.get(pk=tuesday.pk)
            assert (opened.name, sorted(seat.name for seat in opened.seats.all())) == ("Kestrel", ["Bo", "Cass"])
    with acting(dee), pytest.raises(CannotOpen):
        _ = Group.objects.get(pk=tuesday.pk).name


def test_dee_may_not_open_a_group(acting: Acting, dee: Person, cycle: Cycle) -> None:
    with acting(dee), pytest.raises(PermissionDenied):
        open_group(cycle, {"name": "Mine"}, facilitators={}, members={dee: "Dee"}, actor=dee)
    assert not Group.objects.exists()


def test_nothing_is_opened_in_a_cycle_that_has_ended(acting: Acting, ana: Person, cycle: Cycle) -> None:
    Cycle.objects.update(state=Cycle.State.ENDED)
    with acting(ana), pytest.raises(PermissionDenied):
        open_group(Cycle.objects.get(), {"name": "Late"}, facilitators={}, members={}, actor=ana)
    assert not Group.objects.exists()


def test_whoever_takes_a_seat_reads_the_group_from_then_on(
    acting: Acting, ana: Person, dee: Person, tuesday: Group
) -> None:
    with acting(ana):
        take_seat(tuesday, dee, "Dee", Seat.Role.MEMBER, actor=ana)
    with acting(dee):
        assert Group.objects.with_current_seat(dee).get().name == "Kestrel"


def test_dee_may_not_take_a_seat_for_herself(acting: Acting, dee: Person, tuesday: Group) -> None:
    with acting(dee), pytest.raises(PermissionDenied):
        take_seat(tuesday, dee, "Dee", Seat.Role.MEMBER, actor=dee)
    assert not Seat.objects.filter(person=dee).exists()


def test_a_group_is_renamed_for_everybody_in_it(acting: Acting, ana: Person, cass: Person, tuesday: Group) -> None:
    with acting(ana):
        rename_group(tuesday, "Osprey", actor=ana)
    with acting(cass):
        found = Group.objects.get(pk=tuesday.pk)
        assert (found.name, found.slot) == ("Osprey", "tue-evening")
    assert AuditLeaf.objects.filter(kind="group.renamed").count() == 1


def test_dee_may_not_rename_a_group(acting: Acting, ana: Person, dee: Person, tuesday: Group) -> None:
    with acting(dee), pytest.raises(PermissionDenied):
        rename_group(tuesday, "Mine", actor=dee)
    with acting(ana):
        assert Group.objects.get(pk=tuesday.pk).name == "Kestrel"


def test_a_seat_by_hand_may_go_against_wishes_and_between_the_weeks_needs_a_reason(
    acting: Acting, signed_in: SignedIn, ana: Person, group: Group, enrol: Enrol
) -> None:
    (new,) = enrol("Newt", slots=["tue-evening", "sat-morning"], preferred_slots=["sat-morning"], kinds=["mixed"])
    with acting(ana):
        assert give_seat(group, new, actor=ana).name == "Newt"
    assert seats(group) == 7
    Cycle.objects.update(entry_weeks=[9])
    (later,) = enrol("Nia")
    page, here = f"/groups/{group.pk}/", signed_in(ana)
    assert "again in week 9" in here.get(page).content.decode()
    # The reason is not called optional, and who was chosen stays chosen where it is missing.
    asked = here.post(f"{page}seat/", {"person": later.pk})
    chosen = f'<option value="{later.pk}" selected>' in asked.content.decode()
    assert (seats(group), chosen, asked.context["seat"].fields["late"].required) == (7, True, True)
    here.post(f"{page}seat/", {"person": later.pk, "late": "waiting"})
    assert seats(group) == 8
    assert here.get(page).context["came_late"] == [("Nia", "They cannot wait for the next time.")]


@pytest.mark.parametrize(
    "words",
    [
        {"slots": ["thu-evening"]},
        {"languages": ["fr"]},
        {"kinds": ["women"]},
        {"needs": ["childcare"]},
        {"mode": "online"},
        {"area": "Applewick/Market"},
    ],
)
def test_a_seat_by_hand_never_goes_against_a_hard_rule(
    acting: Acting, ana: Person, group: Group, enrol: Enrol, words: dict[str, Any]
) -> None:
    (new,) = enrol("Newt", **words)
    with acting(ana), pytest.raises(Unsuitable) as answer:
        give_seat(group, new, actor=ana)
    assert (answer.value.args, seats(group)) == ((), 6)


def test_kept_apart_full_seated_or_pausing_is_refused_alike(
    acting: Acting, ana: Person, group: Group, enrol: Enrol, keep_apart: Apart
) -> None:
    apart, pausing, *others = enrol("A", "P", *[f"N{number}" for number in range(7)])
    keep_apart(apart, group.seats.all()[0].person)
    Person.objects.filter(pk=pausing.pk).update(status=Person.Status.PAUSED)
    with acting(ana):
        refused = []
        for person in (apart, pausing, group.seats.all()[0].person):
            with pytest.raises(Unsuitable) as answer:
                give_seat(group, person, actor=ana)
            refused.append(answer.value.args)
        for person in others[:6]:
            give_seat(group, person, actor=ana)
        with pytest.raises(Unsuitable) as answer:
            give_seat(group, others[6], actor=ana)
    assert [*refused, answer.value.args] == [()] * 4
    assert seats(group) == 12


def test_whoever_must_not_meet_the_one_who_leads_is_refused_alike(
    acting: Acting, ana: Person, bo: Person, group: Group, enrol: Enrol, keep_apart: Apart
) -> None:
    (apart,) = enrol("A")
    keep_apart(apart, bo)
    with acting(ana):
        take_seat(group, bo, "Bo", Seat.Role.FACILITATOR, actor=ana)
        with pytest.raises(Unsuitable) as answer:
            give_seat(group, apart, actor=ana)
        assert (answer.value.args, seats(group)) == ((), 7)
        end_leading(group, list(group.seats.filter(person=bo)), actor=ana)
        give_seat(group, apart, actor=ana)


def test_who_left_gets_a_seat_again_by_hand(
    acting: Acting, ana: Person, cass: Person, group: Group, desk: Client
) -> None:
    with acting(ana):
        give_seat(group, cass, actor=ana)
    with acting(cass):
        leave_group(Seat.objects.current().get(person=cass), actor=cass)
    choices = desk.get(address("group", group)).context["seat"].fields["person"].choices
    assert choices[1:] == [(str(cass.pk), "Cass – left a group; only if they ask for it")]
    assert told(desk.post(address("give_seat", group), {"person": str(cass.pk)})) == [
        "Cass has a seat in this group now."
    ]
    with acting(cass):
        assert Group.objects.with_current_seat(cass).get().name == "Heron"


def test_dee_may_not_give_seats(acting: Acting, dee: Person, group: Group) -> None:
    with acting(dee), pytest.raises(PermissionDenied):
        give_seat(group, dee, actor=dee)
    assert seats(group) == 6


def test_the_desk_sees_seats_and_gives_one(desk: Client, group: Group, enrol: Enrol) -> None:
    (new,) = enrol("Newt")
    page = desk.get(address("group", group))
    assert page.context["members"] == ["Kim", "Lou", "Mina", "Ned", "Omar", "Zoe"]
    assert len(page.context["free"]) == 6
    assert "<title>Group – Open Circle</title>" in page.content.decode()
    answer = desk.post(address("give_seat", group), {"person": str(new.pk)})
    assert (answer["Location"], told(answer)) == (address("group", group), ["Newt has a seat in this group now."])
    assert seats(group) == 7


def test_the_desk_cannot_end_a_seat(desk: Client, group: Group) -> None:
    assert desk.post(address("leave_group", group)).status_code == 404
    assert address("leave_group", group) not in desk.get(address("group", group)).content.decode()
    assert seats(group) == 6


def test_a_seat_that_does_not_suit_is_refused_on_the_page(desk: Client, group: Group, enrol: Enrol) -> None:
    (new,) = enrol("Newt", slots=["thu-evening"])
    assert told(desk.post(address("give_seat", group), {"person": str(new.pk)})) == [REFUSED]


@pytest.mark.parametrize("who", ["", "x", "11111111-1111-4111-8111-111111111111"])
def test_a_seat_for_nobody_is_asked_again(desk: Client, group: Group, enrol: Enrol, who: str) -> None:
    enrol("Newt")
    answer = desk.post(address("give_seat", group), {"person": who})
    assert list(answer.context["seat"].errors) == ["person"]


def test_the_desk_renames_a_group(desk: Client, acting: Acting, ana: Person, group: Group) -> None:
    answer = desk.post(address("rename_group", group), {"name": "  Osprey "})
    assert (answer["Location"], told(answer)) == (address("group", group), ["The group has its new name."])
    with acting(ana):
        assert Group.objects.get(pk=group.pk).name == "Osprey"


@pytest.mark.parametrize("name", ["", "x" * 41, "Os\u200bprey", "<b>"])
def test_a_name_must_be_one(desk: Client, acting: Acting, ana: Person, group: Group, name: str) -> None:
    answer = desk.post(address("rename_group", group), {"name": name})
    assert list(answer.context["rename"].errors) == ["name"]
    with acting(ana):
        assert Group.objects.get(pk=group.pk).name == "Heron"


def test_the_desk_page_asks_the_database_the_same_at_any_size(
    acting: Acting, ana: Person, desk: Client, group: Group, enrol: Enrol, django_assert_num_queries: Counted
) -> None:
    for first, last in ((0, 2), (2, 20)):
        for number in range(first, last):
            new, _waiting = enrol(f"N{number}", f"W{number}")
            with acting(ana):
                take_seat(group, new, f"N{number}", Seat.Role.MEMBER, actor=ana)
        with django_assert_num_queries(7):
            page = desk.get(address("group", group)).context
        assert (len(page["members"]), len(page["seat"].fields["person"].choices)) == (6 + last, 1 + last)
