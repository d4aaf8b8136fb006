"""The clocks: what is due is counted without names, and goes by itself, whoever is here."""

from datetime import datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from conftest import Acting, Cast, SignedIn
from wayhouse.audit.models import AuditDetail, AuditLeaf
from wayhouse.crypto import items
from wayhouse.groups.forgetting import DRAWINGS_KEPT
from wayhouse.groups.models import Cycle, Drawing, Group, Proposal
from wayhouse.leaving.clocks import CLOCKS
from wayhouse.meetings.models import Answer, Attendance, EveningCard, EveningRecord, Meeting, Swap
from wayhouse.people.models import Person, WayBack
from wayhouse.people.vouching import SHOWN_FOR


def names(counts: dict[str, int]) -> dict[str, int]:
    return {kind: number for kind, number in counts.items() if number}


def counted(page: Any, when: str) -> dict[str, int]:
    return names({str(due.clock.kind): getattr(due, when) for due in page.context["due"]})


@pytest.fixture
def lived(acting: Acting, ana: Person, bo: Person, cass: Person, meeting: Meeting) -> Meeting:
    """An evening that leaves one record of each kind behind."""
    Answer.objects.create(meeting=meeting, person=cass, coming=True)
    Swap.objects.create(meeting=meeting, asker=bo)
    EveningRecord.objects.create(meeting=meeting, held=True)
    meeting.mark(cass, Attendance.Presence.PHONE)
    return meeting


EVENING = {
    "Cards of evenings: who was expected, with needs": 1,
    "Answers to evenings: yes, or not this time": 1,
    "Swaps of shifts": 1,
}


def test_a_coordinator_reads_what_goes_when_and_no_name(
    cast: Cast, signed_in: SignedIn, ana: Person, bo: Person, lived: Meeting, django_assert_max_num_queries: Any
) -> None:
    with time_machine.travel(lived.ends_at + timedelta(days=22), tick=False):
        client = signed_in(ana)
        client.get("/people/me/")
        with django_assert_max_num_queries(8):
            page = client.get("/mine/due/")
        assert (counted(page, "now"), counted(page, "week")) == ({}, EVENING)
        assert not any(name in page.content for name in (b"Cass", b"Kestrel"))
    with time_machine.travel(lived.ends_at + timedelta(days=340), tick=False):
        page = signed_in(ana).get("/mine/due/")
        assert counted(page, "month") == EVENING | {"Attendance beside a person": 1}
    assert signed_in(bo).get("/mine/due/").status_code == 404


def test_tidying_carries_every_clock_out(acting: Acting, ana: Person, cass: Person, lived: Meeting) -> None:
    with acting(ana):
        for kind in (Proposal.State.REPLACED, Proposal.State.REPLACED, Proposal.State.ACCEPTED):
            _plan(lived.group.cycle, kind)
    WayBack.objects.create(person=cass, expires_at=timezone.now(), ended_on=timezone.localdate())
    entries = AuditLeaf.objects.count()
    with time_machine.travel(lived.ends_at + timedelta(days=731), tick=False):
        call_command("tidy", stdout=StringIO())
        assert [clock.kind for clock in CLOCKS if clock.rows(timezone.now()).exists()] == []
        assert not EveningCard.objects.exists()
        assert not AuditDetail.objects.filter(leaf__index__lt=entries).exists()
        # The accepted plan stays; the log stays; the evening is counted as it was.
        assert [plan.state for plan in Proposal.objects.all()] == [Proposal.State.ACCEPTED]
        assert AuditLeaf.objects.count() >= entries
        record = EveningRecord.objects.get(meeting=lived)
        assert (record.unnamed_here, record.unnamed_away) == (1, 0)


def test_a_day_before_nothing_goes(lived: Meeting) -> None:
    with time_machine.travel(lived.ends_at + timedelta(days=27, hours=23), tick=False):
        call_command("tidy", stdout=StringIO())
    assert (Answer.objects.count(), Swap.objects.count(), EveningCard.objects.count()) == (1, 1, 1)
    with time_machine.travel(lived.ends_at + timedelta(days=364, hours=23), tick=False):
        call_command("tidy", stdout=StringIO())
    assert Attendance.objects.count() == 1


def test_a_way_back_that_ended_is_shown_for_half_a_year(cass: Person) -> None:
    ended = timezone.localdate()
    WayBack.objects.create(person=cass, expires_at=timezone.now(), ended_on=ended)
    for days, left in ((0, 1), (1, 0)):
        noon = datetime.combine(ended + SHOWN_FOR + timedelta(days=days), time(12), timezone.get_current_timezone())
        with time_machine.travel(noon, tick=False):
            call_command("tidy", stdout=StringIO())
            assert WayBack.objects.count() == left


def test_what_was_drawn_up_and_looked_at_by_nobody_goes_after_a_week(tuesday: Group) -> None:
    begun = Drawing.objects.create(cycle=tuesday.cycle, kind=Proposal.Kind.GROUPS, seconds=20).begun_at
    for hours, left in ((-1, 1), (0, 0)):
        with time_machine.travel(begun + DRAWINGS_KEPT + timedelta(hours=hours), tick=False):
            call_command("tidy", stdout=StringIO())
            assert Drawing.objects.count() == left


def _plan(cycle: Cycle, state: Proposal.State) -> Proposal:
    item = items.seal(cycle.programme.placement, "proposal", {"plan": {}, "reasons": []})
    numbers: dict[str, Any] = {"objective": 0, "bound": 0, "optimal": True, "seconds": 0.0}
    numbers["number"] = Proposal.objects.count() + 1
    return Proposal.objects.create(item=item, cycle=cycle, kind=Proposal.Kind.GROUPS, state=state, **numbers)
