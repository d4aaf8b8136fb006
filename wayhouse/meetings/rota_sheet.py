"""What a coordinator's page of the rota is made of: the cycle, its groups, the proposal that is open or in force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from wayhouse.core.prepared import prepared
from wayhouse.core.together import Together, together
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.kept import MOST
from wayhouse.groups.models import Cycle, Drawing, Group, Proposal
from wayhouse.meetings.gaps import lacks_somebody, rows_with_shifts, with_shifts
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.rostering import Colleague, colleagues_of
from wayhouse.meetings.rota_board import (
    Board,
    Evening,
    evenings_in_force,
    evenings_of_plan,
    locked_at,
    reasons_of,
    weeks_shown,
)
from wayhouse.people.models import Person


@dataclass(frozen=True, slots=True)
class RotaSheet:
    """A cycle with its open groups, and the proposals of a rota that are `kept`, the latest first.

    `latest` is the one that is looked at, else the one accepted last. `next_week` and `next_at`: the first week and the
    first moment of the evenings to come.
    """

    cycle: Cycle
    groups: list[Group]
    latest: Proposal | None
    kept: Sequence[Proposal] = ()
    # Whether another one is being drawn up, or waits to be looked at.
    is_drawn: bool = False
    # Those of the groups that have evenings.
    with_rota: Sequence[Group] = ()
    next_week: int | None = None
    next_at: datetime | None = None

    @property
    def proposal(self) -> Proposal | None:
        """The proposal that is open."""
        return self.latest if self.latest and self.latest.state == Proposal.State.OPEN else None

    def opened(self, proposals: Sequence[Proposal] = (), *, counted: bool = True) -> list[Colleague]:
        """Open all words, of these proposals or of the latest, and return the colleagues; one query and the keys.

        `counted` as in `colleagues_of`.
        """
        colleagues = colleagues_of(self.cycle, counted=counted)
        shown = proposals or ([self.latest] if self.latest else [])
        open_all(self.groups, (one.entry for one in colleagues), shown)
        return colleagues

    def evenings(self, colleagues: list[Colleague]) -> list[Evening]:
        """The evenings of the open proposal, or else those in force."""
        if self.proposal:
            return evenings_of_plan(self.proposal, self.groups, colleagues)
        return evenings_in_force(with_shifts(_evenings(cycle=self.cycle.pk)), self.groups)

    def to_come(self) -> list[Evening]:
        """The evenings that accepting the open proposal plans; names stay sealed."""
        open_all(self.groups, [self.proposal] if self.proposal else [])
        evenings = self.evenings(colleagues_of(self.cycle, counted=False))
        other = Meeting.objects.filter(cycle=self.cycle).exclude(state=Meeting.State.PLANNED)
        off = set(other.values_list("group", "week"))
        return [one for one in evenings if not one.stands and (one.group.pk, one.week) not in off]

    def lacking(self) -> int:
        """How many evenings of the rota in force its page says lack somebody."""
        here = Meeting.objects.filter(_to_come_and_lacking(timezone.now()), cycle=self.cycle)
        return here.filter(group__in=self.groups).count()

    def board(self, week: str, *, counted: bool) -> Board:
        """Everything the page shows, from a week on such as "5"; without one, from the first week to come.

        `counted`: for what each person carries, as in `colleagues_of`.
        """
        colleagues = self.opened(counted=counted)
        if self.proposal or counted:
            evenings = self.evenings(colleagues)
            with_rota: Sequence[Group] = list({id(evening.group): evening.group for evening in evenings}.values())
            first = self._first_week(week, (evening.week for evening in evenings if not evening.stands))
        else:
            with_rota = self.with_rota
            first = self._first_week(week, [self.next_week] if self.next_week else [])
            evenings = self._evenings_shown(first)
        return Board(
            cycle=self.cycle,
            evenings=evenings,
            colleagues=colleagues,
            reasons=reasons_of(self.latest),
            first_week=first,
            groups=self.groups,
            with_rota=with_rota,
            next_at=None if self.proposal else self.next_at,
            locked=locked_at(self.proposal) if self.proposal else {},
            number=self.proposal.number if self.proposal else None,
        )

    def _first_week(self, asked: str, to_come: Iterable[int]) -> int:
        known = asked.isdecimal() and 1 <= int(asked) <= self.cycle.weeks
        return int(asked) if known else min(to_come, default=1)

    def _evenings_shown(self, first: int) -> list[Evening]:
        """Evenings in force of the weeks shown from `first` on, and all to come that lack somebody."""
        last = first + weeks_shown(len(self.groups)) - 1
        rows = _shown(cycle=self.cycle.pk, first=first, last=last, now=timezone.now())
        return evenings_in_force(with_shifts(rows), self.groups)


def sheet_of(person: Person, cycle_id: UUID, number: str = "") -> RotaSheet | None:
    """The sheet of a cycle that exists for this person, nothing opened yet; one query, or two without proposals.

    `number` chooses one of the proposals that are kept, such as "2"; without one it is the latest.
    """
    if not person.is_coordinator:
        return None
    found, groups = _around(programme=person.programme_id, cycle=cycle_id, now=timezone.now())
    found.sort(key=lambda one: (one.state != Proposal.State.OPEN, -one.number))
    cycle = found[0].cycle if found else _cycle_of(person, cycle_id)
    if cycle is None:
        return None
    for one in (*found, *groups):
        one.cycle = cycle
    kept = [one for one in found if one.state == Proposal.State.OPEN]
    chosen = next((one for one in kept if str(one.number) == number), None)
    return RotaSheet(
        cycle=cycle,
        groups=groups,
        latest=chosen or next(iter(found), None),
        kept=kept,
        is_drawn=any(group.is_drawn for group in groups),
        with_rota=[group for group in groups if group.has_rota],
        next_week=min((group.next_week for group in groups if group.next_week), default=None),
        next_at=min((group.next_at for group in groups if group.next_at), default=None),
    )


def _cycle_of(person: Person, cycle_id: UUID) -> Cycle | None:
    return Cycle.objects.visible_to(person).select_related("programme").filter(pk=cycle_id).first()


@prepared
def _groups(cycle: UUID, now: datetime) -> QuerySet[Group]:
    here = Group.objects.open().filter(cycle=cycle)
    drawn = Drawing.objects.on_the_way(Proposal.Kind.ROTA, "cycle")
    evenings = Meeting.objects.filter(group=OuterRef("pk"), cycle=cycle)
    to_come = evenings.filter(ends_at__gt=now, state=Meeting.State.PLANNED).values("cycle")
    return here.annotate(
        is_drawn=drawn,
        has_rota=Exists(evenings),
        next_week=Subquery(to_come.annotate(first=Min("week")).values("first")),
        next_at=Subquery(to_come.annotate(first=Min("starts_at")).values("first")),
    ).select_related("item")


@prepared
def _proposals(programme: UUID, cycle: UUID) -> QuerySet[Proposal]:
    """Those that are kept, then the one accepted last."""
    open_first = Case(When(state=Proposal.State.OPEN, then=Value(0)), default=Value(1))
    states = [Proposal.State.OPEN, Proposal.State.ACCEPTED]
    here = Proposal.objects.filter(cycle=cycle, cycle__programme=programme, kind=Proposal.Kind.ROTA)
    shown = here.filter(state__in=states).select_related("item", "cycle__programme")
    return shown.order_by(open_first, "-number")[: MOST + 1]


_around: Together[tuple[list[Proposal], list[Any]]] = together(_proposals, _groups)


@prepared
def _evenings(cycle: UUID) -> "QuerySet[Meeting, tuple[Any, ...]]":
    return rows_with_shifts(Meeting.objects.filter(cycle=cycle))


@prepared
def _shown(cycle: UUID, first: int, last: int, now: datetime) -> "QuerySet[Meeting, tuple[Any, ...]]":
    shown = Q(week__gte=first, week__lte=last) | _to_come_and_lacking(now)
    return rows_with_shifts(Meeting.objects.filter(shown, cycle=cycle))


def _to_come_and_lacking(now: datetime) -> Q:
    return Q(starts_at__gt=now, state=Meeting.State.PLANNED) & lacks_somebody()
