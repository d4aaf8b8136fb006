"""Where somebody of a proposal can be put by hand: the groups of the plan that they are not in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Proposal
from wayhouse.groups.placing import home_of, movable, plan_of
from wayhouse.people.models import RosterEntry
from wayhouse.people.roster.times import slot_label


@dataclass(frozen=True, slots=True)
class Choice:
    """A group to choose, by its number in the plan."""

    number: int
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Somebody of the plan by `name`, the name of their group there (None without one), and all others."""

    name: str
    home: str | None
    groups: Sequence[Choice]


def choices_for(proposal: Proposal, person_id: UUID) -> Choices | None:
    """Where somebody can be put; None for whom nobody moves. Error: `CannotOpen`."""
    here = RosterEntry.objects.filter(person__programme=proposal.cycle.programme_id)
    entry = here.filter(person=person_id).select_related("item").first()
    open_all([proposal], [entry] if entry else [])
    plan, who = plan_of(proposal), str(person_id)
    if entry is None or who not in movable(plan, proposal.reasons):
        return None
    home, groups = home_of(plan, who), plan["groups"]
    others = [_choice(number, group) for number, group in enumerate(groups) if number != home]
    return Choices(entry.name, None if home is None else groups[home]["name"], others)


def _choice(number: int, group: Mapping[str, Any]) -> Choice:
    return Choice(number, group["name"], f"{group['venue']}, {slot_label(group['slot'])}")
