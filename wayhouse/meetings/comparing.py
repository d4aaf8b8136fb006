"""Two proposals of a rota side by side: what each costs, whose evenings differ, and which evenings lack somebody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wayhouse.groups.comparing import Row
from wayhouse.groups.models import Group, Proposal
from wayhouse.meetings.gaps import OnShift
from wayhouse.meetings.rostering import Colleague
from wayhouse.meetings.rota_board import Evening, evenings_of_plan

# The parts of the price, in the order of `rota/objective.py`.
PARTS: dict[str, Promise] = {
    "uncovered": _("Evenings that nobody leads, or without a mentor"),
    "second_mentor": _("Evenings with one mentor only"),
    "no_familiar_face": _("Evenings without anybody of the week before"),
    "new_face": _("New faces in groups"),
    "fairness": _("Unevenly shared evenings"),
    "options": _("Wishes that are not met"),
    "changed": _("Changes of what was announced"),
    "unlocked": _("Locks that could not be kept"),
}


@dataclass(frozen=True, slots=True)
class Differing:
    """An evening with other people: who serves in each proposal, by name."""

    evening: Evening
    one: Sequence[str]
    other: Sequence[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures of both, the evenings that differ, and people who serve more or less."""

    figures: Sequence[Row]
    evenings: Sequence[Differing]
    people: Sequence[Row]


def comparison_of(
    one: Proposal, other: Proposal, groups: Sequence[Group], colleagues: Sequence[Colleague]
) -> Comparison:
    """Both must be open already."""
    names = {colleague.person.pk: colleague.entry.name for colleague in colleagues}
    first, second = (evenings_of_plan(proposal, groups, colleagues) for proposal in (one, other))
    costs = [dict(proposal.plan).get("parts") for proposal in (one, other)]
    return Comparison(
        figures=[*_counted(first, second), *_costs(*costs)],  # type: ignore[arg-type]  # read from JSON as it was written
        evenings=list(_differing(first, second, names)),
        people=list(_carried(first, second, colleagues)),
    )


def rows_of(before: Mapping[str, int] | None, after: Mapping[str, int] | None) -> list[Row]:
    """The parts of two prices that differ; nothing where one of them is not known."""
    if before is None or after is None:
        return []
    return [
        Row(label, before.get(part, 0), after.get(part, 0))
        for part, label in PARTS.items()
        if before.get(part, 0) != after.get(part, 0)
    ]


def points(parts: Mapping[str, int] | None) -> int | None:
    """All points of a price."""
    return None if parts is None else sum(parts.values())


def _counted(first: Sequence[Evening], second: Sequence[Evening]) -> list[Row]:
    def lacking(evenings: Sequence[Evening], gap: str) -> int:
        return sum(gap in evening.gaps for evening in evenings)

    return [
        Row(_("Evenings that nobody leads"), lacking(first, "facilitator"), lacking(second, "facilitator")),
        Row(_("Evenings without a mentor"), lacking(first, "mentor"), lacking(second, "mentor")),
        Row(_("Evenings with one mentor only"), lacking(first, "second-mentor"), lacking(second, "second-mentor")),
    ]


def _costs(before: Mapping[str, int] | None, after: Mapping[str, int] | None) -> list[Row]:
    return [Row(_("Points in all"), points(before), points(after))]


def _differing(first: Sequence[Evening], second: Sequence[Evening], names: Mapping[UUID, str]) -> Iterator[Differing]:
    others = {(evening.group.pk, evening.week): evening for evening in second}
    for evening in sorted(first, key=lambda one: (one.starts_at, one.group.name.casefold())):
        other = others.get((evening.group.pk, evening.week))
        if other is None:
            continue
        here, there = _people(evening.people, names), _people(other.people, names)
        if here != there:
            yield Differing(evening, here, there)


def _people(shifts: Sequence[OnShift], names: Mapping[UUID, str]) -> list[str]:
    return [names.get(shift.person_id, "–") for shift in sorted(shifts, key=lambda one: (one.role, str(one.person_id)))]


def _carried(first: Sequence[Evening], second: Sequence[Evening], colleagues: Sequence[Colleague]) -> Iterator[Row]:
    for colleague in sorted(colleagues, key=lambda one: one.entry.name.casefold()):
        one, other = (
            sum(shift.person_id == colleague.person.pk for evening in evenings for shift in evening.people)
            for evenings in (first, second)
        )
        if one != other:
            yield Row(colleague.entry.name, one, other)
