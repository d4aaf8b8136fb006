"""What evenings still lack, and who is on them: read in one query, without opening anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wayhouse.meetings.models import Meeting, Shift
from wayhouse.meetings.serving import has_role_and_keys
from wayhouse.people.models import Person, Role

# Members are told in advance who will be there; so far ahead nothing should be missing (handbook F12).
AHEAD = timedelta(weeks=4)
GAPS: dict[str, Promise] = {
    "facilitator": _("nobody leads yet"),
    "mentor": _("no mentor yet"),
    "second-mentor": _("only one mentor yet"),
    "reserve": _("nobody stands by yet"),
}
_Row = tuple[Any, ...]
# Without these an evening cannot take place.
URGENT = ("facilitator", "mentor")


class OnShift(NamedTuple):
    """Somebody at an evening, by id; `counts` unless they pause or gave up the role of the shift."""

    person_id: UUID
    role: str
    reserve: bool
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Staffed:
    """An evening with everybody who serves or stands by."""

    pk: UUID
    group_id: UUID
    cycle_id: UUID
    week: int
    guide_key: str
    starts_at: datetime
    ends_at: datetime
    state: str
    shifts: list[OnShift]

    @property
    def serving(self) -> list[OnShift]:
        """Who comes, those who lead first."""
        return sorted((shift for shift in self.shifts if not shift.reserve), key=lambda shift: shift.role)

    @property
    def reserve(self) -> list[OnShift]:
        """Who stands by."""
        return [shift for shift in self.shifts if shift.reserve]

    @property
    def gaps(self) -> list[str]:
        """What is missing (`GAPS`), the most urgent first; nothing for an evening that is not to come."""
        if self.state != Meeting.State.PLANNED or self.ends_at <= timezone.now():
            return []
        counted = [shift for shift in self.shifts if shift.counts]
        roles = (shift.role for shift in counted if not shift.reserve)
        return missing(roles, has_reserve=any(shift.reserve for shift in counted))


def missing(roles: Iterable[str], *, has_reserve: bool) -> list[str]:
    """What an evening with these roles lacks."""
    held = list(roles)
    return lacking(held.count(Role.Kind.FACILITATOR), held.count(Role.Kind.MENTOR), int(has_reserve))


def lacking(facilitators: int, mentors: int, reserves: int) -> list[str]:
    """What an evening with so many people who count lacks (`GAPS`), the most urgent first."""
    if facilitators and mentors > 1 and reserves:
        return []
    lacks = {
        "facilitator": facilitators == 0,
        "mentor": mentors == 0,
        "second-mentor": mentors == 1,
        "reserve": reserves == 0,
    }
    return [gap for gap, is_lacking in lacks.items() if is_lacking]


def staffed(meetings: "QuerySet[Meeting]") -> list[Staffed]:
    """These meetings with whoever is on them, the next one first; one query."""
    return with_shifts(rows_with_shifts(meetings))


def rows_with_shifts(meetings: "QuerySet[Meeting]") -> "QuerySet[Meeting, _Row]":
    """The query of `staffed`, for those who prepare it: a row for each shift, or one for a meeting without any."""
    # A moment that SQLite computed comes as text, which `prepared` reads once; one of a column is read in every row.
    begins, ends = (Coalesce(moment, moment) for moment in ("starts_at", "ends_at"))
    return (
        meetings.order_by("starts_at", "pk")
        .annotate(counts=_counts(), begins=begins, ends=ends)
        .values_list(
            *("pk", "group_id", "cycle_id", "week", "guide_key", "begins", "ends", "state"),
            *("shifts__person_id", "shifts__role", "shifts__reserve", "counts"),
        )
    )


def rows_with_numbers(meetings: "QuerySet[Meeting]", *columns: str) -> "QuerySet[Meeting, _Row]":
    """These columns of each meeting, then how many of those who count lead, accompany and stand by (`lacking`)."""
    serving = Q(shifts__reserve=False)
    which = (
        serving & Q(shifts__role=Role.Kind.FACILITATOR),
        serving & Q(shifts__role=Role.Kind.MENTOR),
        Q(shifts__reserve=True),
    )
    numbers = [Count("shifts", filter=each & _counts()) for each in which]
    return (
        meetings.order_by("starts_at", "pk")
        .values_list(*columns)
        .annotate(facilitators=numbers[0], mentors=numbers[1], reserves=numbers[2])
    )


def lacks_somebody() -> Q:
    """Whether a meeting lacks somebody (`lacking`), asked of meetings."""
    here = Shift.objects.counting(scope=OuterRef("scope")).filter(meeting=OuterRef("pk")).order_by()
    leads, accompanies = (here.serving().filter(role=role) for role in (Role.Kind.FACILITATOR, Role.Kind.MENTOR))
    return ~Q(Exists(leads)) | ~Q(Exists(accompanies[1:2])) | ~Q(Exists(here.filter(reserve=True)))


def _counts() -> Q:
    """As `Shift.objects.counting()`, asked of the shift at hand and not of one that is looked up for each row."""
    return has_role_and_keys("shifts__", "scope") & Q(shifts__person__status=Person.Status.ACTIVE)


def with_shifts(rows: "Iterable[_Row]") -> list[Staffed]:
    """The meetings of these rows, in their order."""
    found: list[Staffed] = []
    last, shifts = None, list[OnShift]()
    # The rows of a meeting follow each other.
    for pk, group_id, cycle_id, week, guide_key, starts_at, ends_at, state, person_id, role, reserve, counted in rows:
        # Of one row after another they are one and the same; comparing them is dear.
        if pk is not last and pk != last:
            last, shifts = pk, []
            found.append(Staffed(pk, group_id, cycle_id, week, guide_key, starts_at, ends_at, state, shifts))
        if person_id is not None:
            shifts.append(OnShift(person_id, role, reserve, counted))
    return found
