"""A proposal of groups as a coordinator looks at it: who would sit where, who has no place, and how good it is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from wayhouse.crypto.sealed import open_all
from wayhouse.groups.chances import Chance, chance_of
from wayhouse.groups.forming import SIZE
from wayhouse.groups.models import Proposal
from wayhouse.groups.placing import plan_of
from wayhouse.groups.reasons import Wording
from wayhouse.people.models import RosterEntry
from wayhouse.people.roster.choices import KINDS, NEEDS
from wayhouse.people.roster.languages import language_name
from wayhouse.people.roster.times import slot_label


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person of the plan. Who is `seated` sits in the group already and stays."""

    id: str
    name: str
    needs: str
    times: str
    languages: str
    seated: bool = False
    locked: bool = False
    reasons: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One group of the plan by its number, from 0."""

    number: int
    cell: str
    name: str
    venue: str
    slot: str
    language: str
    kind: str
    goes_on: bool
    people: Sequence[Somebody] = field(default=())

    @property
    def too_few(self) -> bool:
        """Fewer people than the plan aims for."""
        return 0 < len(self.people) < SIZE["min"]

    @property
    def movable(self) -> list[Somebody]:
        """Those who do not sit there yet."""
        return [person for person in self.people if not person.seated]


@dataclass(frozen=True, slots=True)
class Board:
    """The whole proposal."""

    tables: Sequence[Table]
    waiting: Sequence[Somebody]
    # What one more of something would change; None where nobody asked.
    chances: Sequence[Chance] | None = None
    # What the plan costs as it stands now, part by part; None where that is not known.
    parts: Mapping[str, int] | None = None

    @property
    def points(self) -> int | None:
        """What the plan costs as it stands now."""
        return None if self.parts is None else sum(self.parts.values())

    @property
    def locked(self) -> int:
        """How many people stay where they are when it is drawn up again."""
        return sum(person.locked for table in self.tables for person in table.people)

    @property
    def placed(self) -> int:
        """People with a seat in the plan."""
        return sum(len(table.people) for table in self.tables)

    @property
    def everybody(self) -> int:
        """People whom the plan knows."""
        return self.placed + len(self.waiting)

    @property
    def opening(self) -> list[Table]:
        """Groups that accepting opens."""
        return [table for table in self.tables if table.people and not table.goes_on]

    @property
    def newcomers(self) -> int:
        """People who get a seat by accepting."""
        return sum(len(table.movable) for table in self.tables)

    @property
    def small(self) -> list[Table]:
        """Groups with fewer people than the plan aims for."""
        return [table for table in self.tables if table.too_few]


def board_of(proposal: Proposal) -> Board:
    """Open a proposal and the roster rows of the people in it. Error: `CannotOpen`."""
    return boards_of([proposal])[0]


def boards_of(proposals: Sequence[Proposal]) -> list[Board]:
    """The same for several, with as many queries. Error: `CannotOpen`."""
    open_all(proposals)
    people = _people(proposals)
    return [_board(proposal, people) for proposal in proposals]


def how_good(proposal: Proposal) -> str:
    """The proven quality of what was drawn up, in plain words."""
    if proposal.optimal:
        return _("Proven best: by the measures of this programme no other plan does better.")
    share = -(-100 * (proposal.objective - proposal.bound) // max(1, proposal.objective))
    return _("At most %(share)s %% from the best possible plan.") % {"share": share}


def _board(proposal: Proposal, people: Mapping[str, RosterEntry]) -> Board:
    plan, wording = plan_of(proposal), Wording(plan_of(proposal)["venues"])
    locked = set(plan.get("locked", ()))
    tables = [_table(number, group, people, locked) for number, group in enumerate(plan["groups"])]
    waiting = [
        _somebody(person, people, reasons=wording.sentences(codes))
        for one in proposal.reasons
        if (person := str(one["person"])) in people and isinstance(codes := one["codes"], list)
    ]
    found = plan.get("what_if")
    chances = None if found is None else [chance_of(wording, one) for one in found]
    return Board(tables, sorted(waiting, key=lambda one: one.name.casefold()), chances, plan.get("parts"))


def _people(proposals: Iterable[Proposal]) -> dict[str, RosterEntry]:
    ids: set[Any] = set()
    for proposal in proposals:
        ids.update(member for group in plan_of(proposal)["groups"] for member in group["members"])
        ids.update(str(one["person"]) for one in proposal.reasons)
    entries = list(RosterEntry.objects.filter(person__in=ids).select_related("item"))
    open_all(entries)
    return {str(entry.person_id): entry for entry in entries}


def _table(number: int, group: Mapping[str, Any], people: Mapping[str, RosterEntry], locked: Collection[str]) -> Table:
    seated = set(group["seated"])
    members = [
        _somebody(member, people, seated=member in seated, locked=member in locked)
        for member in group["members"]
        if member in people
    ]
    return Table(
        number=number,
        cell=group["cell"],
        name=group["name"],
        venue=group["venue"],
        slot=slot_label(group["slot"]),
        language=language_name(group["language"]),
        kind=KINDS.label(group["kind"]),
        goes_on=group["continues"] is not None,
        people=sorted(members, key=lambda one: one.name.casefold()),
    )


def _somebody(
    person: str,
    people: Mapping[str, RosterEntry],
    *,
    seated: bool = False,
    locked: bool = False,
    reasons: Sequence[str] = (),
) -> Somebody:
    entry = people[person]
    return Somebody(
        id=person,
        name=entry.name,
        needs=", ".join(NEEDS.label(need) for need in entry.needs),
        times=", ".join(slot_label(slot) for slot in entry.slots),
        languages=", ".join(language_name(language) for language in entry.languages),
        seated=seated,
        locked=locked,
        reasons=reasons,
    )
