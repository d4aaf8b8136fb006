"""What a coordinator's page of the rota is made of: the cycle, its groups, the proposal that is open or in force."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, QuerySet, Value, When

from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Cycle, Group, Proposal
from wayhouse.meetings.gaps import rows_with_shifts, with_shifts
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.rostering import Colleague, colleagues_of
from wayhouse.meetings.rota_board import Board, Evening, evenings_in_force, evenings_of_plan, reasons_of
from wayhouse.people.models import Person


@dataclass(frozen=True, slots=True)
class RotaSheet:
    """A cycle with its open groups; `latest` is its open proposal of a rota, else the one accepted last."""

    cycle: Cycle
    groups: list[Group]
    latest: Proposal | None

    @property
    def proposal(self) -> Proposal | None:
        """The proposal that is open."""
        return self.latest if self.latest and self.latest.state == Proposal.State.OPEN else None

    def opened(self) -> list[Colleague]:
        """Open all words and return the colleagues; one query and the keys."""
        colleagues = colleagues_of(self.cycle)
        open_all(self.groups, (one.entry for one in colleagues), [self.latest] if self.latest else [])
        return colleagues

    def evenings(self, colleagues: list[Colleague]) -> list[Evening]:
        """The evenings of the open proposal, or else those in force."""
        if self.proposal:
            return evenings_of_plan(self.proposal, self.groups, colleagues)
        return evenings_in_force(with_shifts(_evenings(cycle=self.cycle.pk)), self.groups)

    def board(self, week: str) -> Board:
        """Everything the page shows, from a week on such as "5"; without one, from the first week to come."""
        colleagues = self.opened()
        evenings = self.evenings(colleagues)
        to_come = [evening.week for evening in evenings if not evening.stands]
        known = week.isdecimal() and 1 <= int(week) <= self.cycle.weeks
        first = int(week) if known else min(to_come, default=1)
        without_rota = {group.pk for group in self.groups} - {evening.group.pk for evening in evenings}
        reasons = reasons_of(self.latest)
        return Board(self.cycle, evenings, colleagues, reasons, first, len(self.groups), len(without_rota))


def sheet_of(person: Person, cycle_id: UUID) -> RotaSheet | None:
    """The sheet of a cycle that exists for this person, nothing opened yet; two queries, or three without groups."""
    if not person.is_coordinator:
        return None
    groups = _groups(programme=person.programme_id, cycle=cycle_id)
    if groups:
        return RotaSheet(groups[0].cycle, groups, _latest(groups[0].cycle))
    cycle = Cycle.objects.visible_to(person).select_related("programme").filter(pk=cycle_id).first()
    return RotaSheet(cycle, groups, _latest(cycle)) if cycle else None


def _latest(cycle: Cycle) -> Proposal | None:
    found = next(iter(_proposals(cycle=cycle.pk)), None)
    if found:
        found.cycle = cycle
    return found


@prepared
def _groups(programme: UUID, cycle: UUID) -> QuerySet[Group]:
    here = Group.objects.open().filter(cycle=cycle, cycle__programme=programme)
    return here.select_related("item", "cycle__programme")


@prepared
def _proposals(cycle: UUID) -> QuerySet[Proposal]:
    open_first = Case(When(state=Proposal.State.OPEN, then=Value(0)), default=Value(1))
    states = [Proposal.State.OPEN, Proposal.State.ACCEPTED]
    shown = Proposal.objects.filter(cycle=cycle, kind=Proposal.Kind.ROTA, state__in=states)
    # Numbers of sealed items only grow: the one sealed last is the latest.
    return shown.select_related("item").order_by(open_first, "-item__seq")[:1]


@prepared
def _evenings(cycle: UUID) -> "QuerySet[Meeting, tuple[Any, ...]]":
    return rows_with_shifts(Meeting.objects.filter(group__cycle=cycle))
