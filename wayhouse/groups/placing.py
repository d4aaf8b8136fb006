"""What is done with a proposal of groups: draw it up, change it by hand, accept it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.core.child import run_apart
from wayhouse.core.gate import require
from wayhouse.crypto import items
from wayhouse.groups import rules
from wayhouse.groups.drafting import draft_of
from wayhouse.groups.fitting import allows, circles_of
from wayhouse.groups.formation import Problem
from wayhouse.groups.forming import problem_of
from wayhouse.groups.models import Cycle, Group, Proposal
from wayhouse.groups.refusals import AlreadyDrawing, Outdated, Unsuitable
from wayhouse.groups.roster import INTERPRETERS, Roster, seats_in
from wayhouse.groups.seating import open_planned
from wayhouse.people.models import Person

KERNEL = "wayhouse.groups.formation"
SECONDS = 20.0
# A solve that was ended from outside may leave its mark behind; after this long it counts no more.
_STALE = timedelta(minutes=2)

PlannedGroup = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move by hand leads to: the groups of the plan that somebody left and joined, and their sizes now."""

    left: PlannedGroup | None
    joined: PlannedGroup | None
    needs_interpreter: bool = False


def propose_groups(
    cycle: Cycle, *, actor: Person, interpreters: int = INTERPRETERS, seconds: float = SECONDS
) -> Proposal:
    """Let the kernel draw up groups; an open proposal is replaced.

    Errors: `AlreadyDrawing`; `Outdated` where seats changed meanwhile; `ChildError`; `CannotOpen`.
    """
    require(rules.may_form_groups(actor, cycle))
    # The solve runs outside of the transaction: nobody else waits for it.
    with _drawing(cycle):
        roster = Roster(cycle, interpreters=interpreters)
        problem = problem_of(roster)
        draft = draft_of(roster, problem, run_apart(KERNEL, problem, time_limit=seconds))
        with transaction.atomic():
            _lock(cycle)
            if seats_in(cycle) != roster.seated:
                raise Outdated
            replace_open(cycle, Proposal.Kind.GROUPS)
            item = items.seal(cycle.programme.placement, "proposal", draft.words)
            proposal = Proposal.objects.create(item=item, cycle=cycle, kind=Proposal.Kind.GROUPS, **draft.numbers)
            record("groups.proposed", proposal, actor=actor, groups=draft.groups)
    return proposal


def move_in_proposal(proposal: Proposal, person_id: UUID, target: int | None, *, revision: int, actor: Person) -> Moved:
    """Put somebody into the group numbered `target` of the plan, or into none. The coordinator's word counts.

    Errors: `Outdated`; `Unsuitable`, worded alike for every rule.
    """
    require(rules.may_change_proposal(actor, proposal))
    who = str(person_id)
    with transaction.atomic():
        locked = _current(proposal, revision)
        plan = plan_of(locked)
        before = plan["groups"]
        if who not in movable(plan, locked.reasons):
            raise Unsuitable
        after = _moved(before, who, target)
        problem = Problem.from_json(problem_of(Roster(locked.cycle, interpreters=plan["interpreters"])))
        if not allows(problem, circles_of(before), circles_of(after)):
            raise Unsuitable
        locked.rewrite(plan={**plan, "groups": after}, reasons=_reasons(locked, who, target))
        locked.revision += 1
        locked.save(update_fields=["revision"])
        record("proposal.changed", locked, actor=actor)
    return _consequence(problem, before, after, who)


def accept_groups(proposal: Proposal, *, revision: int, actor: Person) -> list[Group]:
    """Open the proposed groups and seat their people, all or nothing. Returns the new groups. Error: `Outdated`."""
    require(rules.may_accept_groups(actor, proposal))
    with transaction.atomic():
        cycle = _lock(proposal.cycle)
        locked = _current(proposal, revision)
        opened = open_planned(cycle, plan_of(locked), actor=actor)
        locked.state = Proposal.State.ACCEPTED
        locked.save(update_fields=["state"])
        if opened or (cycle.state == Cycle.State.FORMING and cycle.groups.filter(closed_on=None).exists()):
            cycle.state = Cycle.State.STAFFING
            cycle.save(update_fields=["state"])
        record("groups.accepted", locked, actor=actor, groups=len(opened))
    return opened


def replace_open(cycle: Cycle, kind: Proposal.Kind) -> None:
    """Put aside the open proposal of a kind, if there is one."""
    Proposal.objects.open().filter(cycle=cycle, kind=kind).update(state=Proposal.State.REPLACED)


def plan_of(proposal: Proposal) -> dict[str, Any]:
    """The plan of a proposal: `groups` in their order, `interpreters`, and `venues` by id. Error: `CannotOpen`."""
    return cast("dict[str, Any]", proposal.plan)


def movable(plan: Mapping[str, Any], reasons: Iterable[Mapping[str, Any]]) -> set[str]:
    """Who can be moved by hand: everybody in the plan or without a place, except for those who sit already."""
    waiting = {reason["person"] for reason in reasons}
    return waiting.union(*(set(group["members"]).difference(group["seated"]) for group in plan["groups"]))


@contextmanager
def _drawing(cycle: Cycle) -> Iterator[None]:
    """Mark the cycle while a kernel works for it, so that a second press of the button starts no second solve."""
    now, ours = timezone.now(), Cycle.objects.filter(pk=cycle.pk)
    if not ours.filter(Q(drawing_since=None) | Q(drawing_since__lt=now - _STALE)).update(drawing_since=now):
        raise AlreadyDrawing
    try:
        yield
    finally:
        ours.filter(drawing_since=now).update(drawing_since=None)


def _lock(cycle: Cycle) -> Cycle:
    return Cycle.objects.select_for_update().get(pk=cycle.pk)


def _current(proposal: Proposal, revision: int) -> Proposal:
    locked = Proposal.objects.select_for_update().open().filter(pk=proposal.pk, revision=revision).first()
    if locked is None:
        raise Outdated
    return locked


def _moved(groups: Sequence[PlannedGroup], who: str, target: int | None) -> list[PlannedGroup]:
    moved = [{**group, "members": [member for member in group["members"] if member != who]} for group in groups]
    if target is not None:
        if not 0 <= target < len(moved):
            raise Unsuitable
        moved[target]["members"].append(who)
    return moved


def _reasons(proposal: Proposal, who: str, target: int | None) -> list[dict[str, Any]]:
    others = [reason for reason in proposal.reasons if reason["person"] != who]
    return others if target is not None else [*others, {"person": who, "codes": [{"code": "by_hand", "params": {}}]}]


def _consequence(problem: Problem, before: Sequence[PlannedGroup], after: Sequence[PlannedGroup], who: str) -> Moved:
    pairs = list(zip(before, after, strict=True))
    left = next((now for was, now in pairs if who in was["members"] and who not in now["members"]), None)
    joined = next((now for _was, now in pairs if who in now["members"]), None)
    options = next((person.options for person in problem.people if person.id == who), ())
    interpreter = any(joined and option.cell == joined["cell"] and option.interpreter for option in options)
    return Moved(left, joined, interpreter)


__all__ = ["AlreadyDrawing", "Outdated", "Unsuitable", "accept_groups", "move_in_proposal", "propose_groups"]
