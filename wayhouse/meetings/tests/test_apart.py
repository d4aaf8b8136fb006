"""Who must not meet a member comes off the evenings to come, also where the member or the entry came later."""

import pytest
from django.core.exceptions import PermissionDenied

from conftest import Acting, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.groups.actions import take_seat
from wayhouse.groups.models import Seat
from wayhouse.meetings.apart import check_shifts_again
from wayhouse.meetings.gaps import staffed
from wayhouse.meetings.models import EveningCard, Meeting
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.meetings.tests.scenes import Town, on
from wayhouse.people.entries import keep_apart
from wayhouse.people.models import Belonging, Person, Programme, Role


def test_a_shift_is_looked_at_again_when_somebody_joins_or_is_kept_apart(
    acting: Acting, signed_in: SignedIn, town: Town, ana: Person, bo: Person, cass: Person
) -> None:
    town.lasts(3)
    mia, sam, tom = town.mentors("Mia", "Sam", "Tom")
    (newt,) = town.members("Newt")
    town.says(bo, meetings_a_week=2, slots=["tue-evening", "thu-evening"])
    kestrel, wren = town.group("Kestrel", cass), town.group("Wren", slot="thu-evening")
    town.accepts({(kestrel, week): [bo, mia, sam] for week in (1, 2, 3)} | {(wren, 1): [bo, mia]})
    town.keeps_apart(mia, newt)
    town.keeps_apart(tom, newt)
    here = signed_in(ana)
    with acting(ana):
        take_seat(kestrel, newt, "Newt", Seat.Role.MEMBER, actor=ana)
    before = AuditLeaf.objects.count()
    page = here.get("/").content.decode()
    evenings = list(Meeting.objects.filter(group=kestrel).select_related("group__cycle", "scope").order_by("week"))
    assert [on(one) for one in evenings] == [{bo, sam}] * 3
    assert on(Meeting.objects.get(group=wren, week=1)) == {bo, mia}
    assert not Belonging.objects.filter(person=mia, scope__meeting__in=evenings).exists()
    with acting(ana):
        cards = list(EveningCard.objects.filter(meeting__in=evenings).select_related("item"))
        assert {words["name"] for card in cards for words in card.cover}.isdisjoint({"Mia", "Tom"})
    # A gap like any other: neither page nor log says why.
    assert staffed(Meeting.objects.filter(pk=evenings[0].pk))[0].gaps == ["second-mentor", "reserve"]
    assert [word in page for word in ("apart", "must not", "Mia")] == [False, False, False]
    kinds = list(AuditLeaf.objects.order_by("index").values_list("kind", flat=True)[before:])
    assert kinds == ["meetings.staffed", "rows.handed_over"]
    here.get("/")
    assert AuditLeaf.objects.count() == before + 2
    with acting(ana):
        # Of two who must not meet at one evening whoever leads it stays.
        keep_apart(ana.programme, [frozenset({str(bo.pk), str(sam.pk)})])
        staff_meeting(
            evenings[2], {bo: ("Bo", Role.Kind.FACILITATOR)}, reserve={tom: ("Tom", Role.Kind.MENTOR)}, actor=ana
        )
        check_shifts_again(ana.programme, actor=ana)
    assert [on(one) for one in evenings] == [{bo}] * 3
    assert on(evenings[2], reserve=True) == set()
    assert not Programme.objects.get().shifts_unchecked


def test_only_whoever_coordinates_looks_at_shifts_again(acting: Acting, bo: Person) -> None:
    with acting(bo), pytest.raises(PermissionDenied):
        check_shifts_again(bo.programme, actor=bo)
