"""What is done with a proposal of groups: draw it up, change it by hand, accept it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.groups import rules
from wayhouse.groups.drafting import draft_of
from wayhouse.groups.drawing import Task, begin_drawing, taking
from wayhouse.groups.fitting import allows, circles_of, is_open, parts_of
from wayhouse.groups.formation import Problem
from wayhouse.groups.forming import problem_of
from wayhouse.groups.kept import current, keep_proposal, set_accepted
from wayhouse.groups.locks import locks_of
from wayhouse.groups.models import Cycle, Drawing, Group, Proposal
from wayhouse.groups.refusals import AlreadyDrawing, AlreadyThere, Outdated, Unsuitable
from wayhouse.groups.roster import INTERPRETERS, Roster
from wayhouse.groups.seating import open_planned
from wayhouse.groups.suiting import unmet_in
from wayhouse.people.models import Person

SECONDS = 20

PlannedGroup = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move by hand leads to: the groups of the plan that somebody left and joined, as they are then.

    `unmet` are wishes that the new group does not meet (`suiting.py`). `before` and `after` are what the plan costs,
    part by part; None where a plan that people changed breaks a rule already.
    """

    left: PlannedGroup | None
    joined: PlannedGroup | None
    unmet: Sequence[str] = ()
    before: Mapping[str, int] | None = None
    after: Mapping[str, int] | None = None


def draw_up_groups(
    cycle: Cycle,
    *,
    actor: Person,
    interpreters: int = INTERPRETERS,
    seconds: int = SECONDS,
    what_if: bool = False,
    keeping: Proposal | None = None,
    wait: bool = False,
) -> Drawing:
    """Let the kernel draw up groups; `take_groups` makes a proposal of its answer.

    `keeping` is a proposal whose locks hold. With `what_if` it also looks for what one more of something would change.
    With `wait` this returns when it has ended. Errors: `AlreadyDrawing`; `CannotOpen`.
    """
    require(rules.may_form_groups(actor, cycle))
    locks = locks_of(plan_of(keeping)) if keeping else []
    roster = Roster(cycle, interpreters=interpreters)
    wider = problem_of(roster, locks, wider=True) if what_if else None
    task = Task(problem_of(roster, locks), seconds, {"interpreters": interpreters, "locks": locks}, wider)
    return begin_drawing(cycle, Proposal.Kind.GROUPS, task, actor=actor, wait=wait)


def take_groups(drawing: Drawing, *, actor: Person) -> Proposal | None:
    """Make a proposal of what was drawn up; None where somebody did so already, or it goes on.

    Errors: `Outdated` where people or places changed meanwhile; `ChildError` where it was broken off; `CannotOpen`.
    """
    require(rules.may_form_groups(actor, drawing.cycle))
    with taking(drawing) as answer:
        if answer is None:
            return None
        cycle, locks = _lock(drawing.cycle), answer.note["locks"]
        roster = Roster(cycle, interpreters=answer.note["interpreters"])
        problem = problem_of(roster, locks)
        if not answer.holds_for(problem):
            raise Outdated
        draft = draft_of(roster, problem, answer.result, locks)
        proposal = keep_proposal(cycle, Proposal.Kind.GROUPS, draft.words, draft.numbers)
        record("groups.proposed", proposal, actor=actor, groups=draft.groups)
    return proposal


def propose_groups(
    cycle: Cycle, *, actor: Person, interpreters: int = INTERPRETERS, seconds: int = SECONDS, **more: Any
) -> Proposal:
    """Let the kernel draw up groups and wait for it. Errors: those of `draw_up_groups` and `take_groups`."""
    drawing = draw_up_groups(cycle, actor=actor, interpreters=interpreters, seconds=seconds, wait=True, **more)
    return cast("Proposal", take_groups(drawing, actor=actor))


def look_at_move(proposal: Proposal, person_id: UUID, target: int | None, *, revision: int, actor: Person) -> Moved:
    """What `move_in_proposal` would lead to. Nothing is changed; the same errors, worded alike for every rule."""
    require(rules.may_change_proposal(actor, proposal))
    with transaction.atomic():
        locked = current(proposal, revision)
        return _move(locked, plan_of(locked)["groups"], str(person_id), target)[1]


def move_in_proposal(proposal: Proposal, person_id: UUID, target: int | None, *, revision: int, actor: Person) -> Moved:
    """Put somebody into the group numbered `target` of the plan, or into none. The coordinator's word counts.

    Errors: `Outdated`; `AlreadyThere`; `Unsuitable`, worded alike for every rule.
    """
    require(rules.may_change_proposal(actor, proposal))
    who = str(person_id)
    with transaction.atomic():
        locked = current(proposal, revision)
        plan = plan_of(locked)
        after, moved = _move(locked, plan["groups"], who, target)
        kept = [one for one in plan.get("locked", ()) if one != who or target is not None]
        words = {**plan, "groups": after, "parts": moved.after, "locked": kept}
        locked.rewrite(plan=words, reasons=_reasons(locked, who, target))
        locked.revision += 1
        locked.save(update_fields=["revision"])
        record("proposal.changed", locked, actor=actor)
    return moved


def lock_in_proposal(proposal: Proposal, person_id: UUID, *, stays: bool, revision: int, actor: Person) -> None:
    """Let somebody stay where they are in the plan when groups are drawn up again, or let them go.

    Errors: `Outdated`; `Unsuitable` for who has no group in the plan, or sits in it already and stays anyway.
    """
    require(rules.may_change_proposal(actor, proposal))
    who = str(person_id)
    with transaction.atomic():
        locked = current(proposal, revision)
        plan = plan_of(locked)
        if not any(who in group["members"] and who not in group["seated"] for group in plan["groups"]):
            raise Unsuitable
        others = [one for one in plan.get("locked", ()) if one != who]
        locked.rewrite(plan={**plan, "locked": [*others, who] if stays else others})
        locked.revision += 1
        locked.save(update_fields=["revision"])
        record("proposal.locked", locked, actor=actor, stays=stays)


def accept_groups(proposal: Proposal, *, revision: int, actor: Person, late: str = "") -> list[Group]:
    """Open the proposed groups and seat their people, all or nothing. Returns the new groups.

    Errors: `Outdated`; `TooLate` where a running group takes nobody in this week and `late` gives no reason.
    """
    require(rules.may_accept_groups(actor, proposal))
    with transaction.atomic():
        cycle = _lock(proposal.cycle)
        locked = current(proposal, revision)
        opened = open_planned(cycle, plan_of(locked), actor=actor, late=late)
        set_accepted(locked)
        if opened or (cycle.state == Cycle.State.FORMING and cycle.groups.filter(closed_on=None).exists()):
            cycle.state = Cycle.State.STAFFING
            cycle.save(update_fields=["state"])
        record("groups.accepted", locked, actor=actor, groups=len(opened))
    return opened


def drop_proposal(proposal: Proposal, *, actor: Person) -> None:
    """Put a proposal aside: it is kept no longer."""
    require(rules.may_change_proposal(actor, proposal))
    with transaction.atomic():
        if Proposal.objects.open().filter(pk=proposal.pk).update(state=Proposal.State.REPLACED):
            record("proposal.dropped", proposal, actor=actor)


def plan_of(proposal: Proposal) -> dict[str, Any]:
    """The plan of a proposal: `groups` in their order, `interpreters`, and `venues` by id. Error: `CannotOpen`."""
    return cast("dict[str, Any]", proposal.plan)


def movable(plan: Mapping[str, Any], reasons: Iterable[Mapping[str, Any]]) -> set[str]:
    """Who can be moved by hand: everybody in the plan or without a place, except for those who sit already."""
    waiting = {reason["person"] for reason in reasons}
    return waiting.union(*(set(group["members"]).difference(group["seated"]) for group in plan["groups"]))


def home_of(plan: Mapping[str, Any], who: str) -> int | None:
    """The number of the group that somebody is in, of those of a plan; None where they have none."""
    return next((number for number, group in enumerate(plan["groups"]) if who in group["members"]), None)


def _lock(cycle: Cycle) -> Cycle:
    return Cycle.objects.select_for_update().get(pk=cycle.pk)


def _move(
    locked: Proposal, before: Sequence[PlannedGroup], who: str, target: int | None
) -> tuple[list[PlannedGroup], Moved]:
    """The groups after a move, and what it leads to. Every rule is looked at, whichever refuses."""
    plan = plan_of(locked)
    if who not in movable(plan, locked.reasons):
        raise Unsuitable
    if target == home_of(plan, who):
        raise AlreadyThere
    after = _moved(before, who, target)
    roster = Roster(locked.cycle, interpreters=plan["interpreters"])
    problem = Problem.from_json(problem_of(roster))
    fits = allows(problem, circles_of(before), circles_of(after))
    if not (is_open(problem, circles_of(after), who) and fits):
        raise Unsuitable
    left, joined = _left_and_joined(before, after, who)
    unmet = unmet_in(roster, who, joined["cell"]) if joined else []
    was, will = (parts_of(problem, circles_of(groups)) for groups in (before, after))
    return after, Moved(left, joined, unmet, before=was, after=will)


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


def _left_and_joined(
    before: Sequence[PlannedGroup], after: Sequence[PlannedGroup], who: str
) -> tuple[PlannedGroup | None, PlannedGroup | None]:
    pairs = list(zip(before, after, strict=True))
    left = next((now for was, now in pairs if who in was["members"] and who not in now["members"]), None)
    return left, next((now for _was, now in pairs if who in now["members"]), None)


__all__ = ["AlreadyDrawing", "Outdated", "Unsuitable", "accept_groups", "move_in_proposal", "propose_groups"]
