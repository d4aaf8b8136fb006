"""One evening with everybody on it and everybody who could come, as the coordinator's page of it shows them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from wayhouse.core.prepared import prepared
from wayhouse.meetings.covering import Candidate, Duties, candidates, duties_around, on_card
from wayhouse.meetings.gaps import GAPS, URGENT, missing
from wayhouse.meetings.models import EveningCard, Meeting, Shift
from wayhouse.people.models import Role, label_of_role

_ROLE_OF = {
    "facilitator": Role.Kind.FACILITATOR,
    "mentor": Role.Kind.MENTOR,
    "second-mentor": Role.Kind.MENTOR,
    "reserve": Role.Kind.FACILITATOR,
}


@dataclass(frozen=True, slots=True)
class Placed:
    """Somebody who serves or stands by, by chosen name."""

    person_id: UUID
    name: str
    role: "str | Promise"
    leads: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """Something missing, and who could take it."""

    gap: "str | Promise"
    urgent: bool
    as_reserve: bool
    able: list[Candidate]


@dataclass(frozen=True, slots=True)
class CoverSheet:
    """Who serves, who stands by, what is missing."""

    serving: list[Placed]
    reserve: list[Placed]
    openings: list[Opening]


def cover_sheet(meeting: Meeting, card: EveningCard | None) -> CoverSheet:
    """The sheet of an evening by its opened card; an evening without a card has nobody yet. Two queries."""
    words = card.serving if card else []
    duties = duties_around(meeting, on_card(card)) if card else {}
    serving = [_placed(entry) for entry in words if not entry["reserve"]]
    reserve = [_placed(entry) for entry in words if entry["reserve"]]
    counting = set(_counting(meeting=meeting.pk))
    gaps = missing(
        (entry["role"] for entry in words if not entry["reserve"] and UUID(entry["person"]) in counting),
        has_reserve=any(placed.person_id in counting for placed in reserve),
    )
    return CoverSheet(serving, reserve, [_opening(gap, meeting, card, duties) for gap in gaps])


@prepared
def _counting(meeting: UUID) -> "QuerySet[Shift, UUID]":
    return Shift.objects.counting().filter(meeting=meeting).values_list("person_id", flat=True)


def _placed(entry: dict[str, object]) -> Placed:
    role = str(entry["role"])
    leads = role == Role.Kind.FACILITATOR
    return Placed(UUID(str(entry["person"])), str(entry["name"]), label_of_role(role), leads)


def _opening(gap: str, meeting: Meeting, card: EveningCard | None, duties: Duties) -> Opening:
    as_reserve = gap == "reserve"
    found = candidates(meeting, card.cover, duties, as_reserve=as_reserve) if card else []
    able = [candidate for candidate in found if candidate.role == _ROLE_OF[gap]]
    return Opening(GAPS[gap], gap in URGENT, as_reserve, able)
