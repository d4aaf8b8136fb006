"""How people come to their seats: a plan opens its groups, and a coordinator gives single seats by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from django.db import transaction

from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.crypto import items
from wayhouse.groups import actions, rules
from wayhouse.groups.drafting import words_of_cell
from wayhouse.groups.entering import require_reason
from wayhouse.groups.fitting import allows, broken_rules, circles_of
from wayhouse.groups.formation import Group as Circle
from wayhouse.groups.formation import Problem
from wayhouse.groups.forming import problem_of
from wayhouse.groups.models import Cycle, Group, Proposal, Seat
from wayhouse.groups.names import free_names
from wayhouse.groups.refusals import Outdated, Unsuitable
from wayhouse.groups.roster import INTERPRETERS, Roster
from wayhouse.people.models import Person, RosterEntry

Planned = Sequence[Mapping[str, Any]]


def open_planned(cycle: Cycle, plan: Mapping[str, Any], *, actor: Person, late: str = "") -> list[Group]:
    """Open the groups of a plan and seat their people; groups that meet already take in those who are new.

    Returns the groups that are new. Call it in a transaction with the cycle locked. Error: `Outdated` where the plan
    does not hold any more, because people, venues or rules changed since; `TooLate` where a running group takes
    nobody in this week and there is no reason.
    """
    roster = Roster(cycle, interpreters=plan["interpreters"])
    groups = _still_to_place(plan["groups"], roster)
    if broken_rules(Problem.from_json(problem_of(roster)), circles_of(groups)):
        raise Outdated
    people = _people(groups)
    running = {str(group.pk): group for group in roster.running}
    cells = {cell.key: cell for cell in roster.cells()}
    taken = {group.name for group in (*roster.running, *roster.elsewhere)}
    names = free_names(taken | {group["name"] for group in groups})
    opened = []
    for group in groups:
        newcomers = {people[member].person: people[member].name for member in group["members"]}
        if group["cell"] in running:
            _seat_newcomers(running[group["cell"]], newcomers, roster, actor, late)
        elif newcomers:
            name = group["name"] if group["name"] not in taken else next(names)
            words = {**words_of_cell(cells[group["cell"]]), "name": name}
            opened.append(actions.open_group(cycle, words, facilitators={}, members=newcomers, actor=actor))
    return opened


def give_seat(group: Group, person: Person, *, actor: Person, late: str = "") -> Seat:
    """A seat by hand in a group that meets already. Wishes may go unheard, hard rules never.

    Errors: `Unsuitable`, worded alike for every rule; `TooLate` between the weeks of the pack without a reason.
    """
    require(rules.may_give_seat(actor, group, person))
    why = require_reason(group, late, clock.today())
    with transaction.atomic():
        cycle = Cycle.objects.select_for_update().get(pk=group.cycle_id)
        roster = Roster(cycle, interpreters=_interpreters(cycle), also=[person.pk])
        before = _circles(roster)
        after = [
            replace(circle, members=(*circle.members, str(person.pk))) if circle.cell == str(group.pk) else circle
            for circle in before
        ]
        entry = next((entry for entry in roster.members if entry.person_id == person.pk), None)
        if entry is None or not allows(Problem.from_json(problem_of(roster)), before, after):
            raise Unsuitable
        return actions.take_seat(group, person, entry.name, Seat.Role.MEMBER, actor=actor, late=why)


def _still_to_place(groups: Planned, roster: Roster) -> list[dict[str, Any]]:
    """The groups as planned, without people who left or took a seat somewhere else meanwhile."""
    free = {str(entry.person_id) for entry in roster.members if entry.person_id not in roster.seated}
    home = {str(person): str(group) for person, group in roster.seated.items()}
    return [
        {
            **group,
            "members": [who for who in group["members"] if who in free or home.get(who) == group["cell"]],
        }
        for group in groups
    ]


def _people(groups: Planned) -> dict[str, RosterEntry]:
    wanted = {member for group in groups for member in group["members"]}
    entries = RosterEntry.objects.filter(person_id__in=wanted).select_related("item", "person__user__holder")
    found = {str(entry.person_id): entry for entry in entries}
    items.open_items(entry.item for entry in found.values())
    return found


def _seat_newcomers(group: Group, names_of: Mapping[Person, str], roster: Roster, actor: Person, late: str) -> None:
    for person, name in names_of.items():
        if person.pk not in roster.seated:
            why = require_reason(group, late, clock.today())
            actions.take_seat(group, person, name, Seat.Role.MEMBER, actor=actor, late=why)


def _circles(roster: Roster) -> list[Circle]:
    listed = {entry.person_id for entry in roster.members}
    homes: dict[str, list[str]] = {str(group.pk): [] for group in roster.running}
    for person, group in roster.seated.items():
        if person in listed:
            homes[str(group)].append(str(person))
    return [Circle(home, tuple(members), home) for home, members in homes.items()]


def _interpreters(cycle: Cycle) -> int:
    """As many as the coordinator said when groups were last drawn up."""
    latest = cycle.proposals.filter(kind=Proposal.Kind.GROUPS).select_related("item").order_by("-item__seq").first()
    return cast("dict[str, Any]", latest.plan)["interpreters"] if latest else INTERPRETERS
