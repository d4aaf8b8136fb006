"""Where somebody of a proposal can be put by hand, and what keeps them from the other groups of the plan.

Nothing here looks at whom anybody must not meet: the choices are the same with a keep-apart and without. A group that
is ruled out by nothing else looks like one that fits, and is refused in general words when it was sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wayhouse.crypto.sealed import open_all
from wayhouse.groups.forming import SIZE
from wayhouse.groups.models import Group, Proposal, Venue
from wayhouse.groups.placing import home_of, movable, plan_of
from wayhouse.groups.roster import Cell, cell_at
from wayhouse.groups.suiting import hindrance
from wayhouse.people.models import RosterEntry
from wayhouse.people.roster.times import slot_label

# The codes of `suiting.py`, and a group without a free seat.
WHY: dict[str, Promise] = {
    "time": _("%(name)s cannot come at that time."),
    "kind": _("%(name)s did not choose this kind of group."),
    "language": _("%(name)s does not speak its language and asked for no interpreter."),
    "in_person": _("It meets online, and %(name)s wants to meet in person."),
    "online": _("It meets in person, and %(name)s wants to meet online."),
    "step_free": _("Its place cannot be reached without steps."),
    "childcare": _("There is no childcare at its place."),
    "far": _("Its place is farther away than %(name)s travels."),
    "place": _("Its place is not known any more."),
    "full": _("No seat is free."),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A group to choose, by its number in the plan. `why` it is not suitable, empty where nothing is known."""

    number: int
    name: str
    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Somebody of the plan by `name`, the name of their group there (None without one), and all others."""

    name: str
    home: str | None
    groups: Sequence[Choice]

    @property
    def suitable(self) -> list[Choice]:
        """Those that may be tried."""
        return [group for group in self.groups if not group.why]

    @property
    def unsuitable(self) -> list[Choice]:
        """Those that cannot take them in, with the reason."""
        return [group for group in self.groups if group.why]

    def ruled_out(self, number: int | None) -> Choice | None:
        """A group of those that are not suitable, by its number."""
        return next((group for group in self.unsuitable if group.number == number), None)


def choices_for(proposal: Proposal, person_id: UUID) -> Choices | None:
    """Where somebody can be put; None for whom nobody moves. Error: `CannotOpen`."""
    here = RosterEntry.objects.filter(person__programme=proposal.cycle.programme_id)
    entry = here.filter(person=person_id).select_related("item").first()
    running = list(Group.objects.open().filter(cycle=proposal.cycle_id).select_related("item"))
    venues = list(Venue.objects.filter(programme=proposal.cycle.programme_id).select_related("item"))
    open_all([proposal], [entry] if entry else [], running, venues)
    plan, who = plan_of(proposal), str(person_id)
    if entry is None or who not in movable(plan, proposal.reasons):
        return None
    cells = _cells(plan["groups"], running, {str(venue.pk): venue for venue in venues})
    home, groups = home_of(plan, who), plan["groups"]
    others = [
        _choice(number, group, entry, cells[group["cell"]]) for number, group in enumerate(groups) if number != home
    ]
    return Choices(entry.name, None if home is None else groups[home]["name"], others)


def _cells(
    groups: Sequence[Mapping[str, Any]], running: Sequence[Group], venues: Mapping[str, Venue]
) -> dict[str, Cell]:
    """The cells of a plan; a group that meets already has its own, as it stands now."""
    planned = {
        group["cell"]: Cell(
            venues.get(group["cell"].partition(":")[0]), group["slot"], group["language"], group["kind"]
        )
        for group in groups
    }
    return planned | {str(group.pk): cell_at(group, venues) for group in running}


def _choice(number: int, group: Mapping[str, Any], entry: RosterEntry, cell: Cell) -> Choice:
    code = hindrance(entry, cell) or ("full" if len(group["members"]) >= SIZE["max"] else "")
    why = str(WHY[code]) % {"name": entry.name} if code else ""
    return Choice(number, group["name"], f"{group['venue']}, {slot_label(group['slot'])}", why)
