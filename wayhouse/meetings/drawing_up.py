"""What is done with a proposal of the rota: draw it up, change it by hand, accept it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.groups.drawing import Task, begin_drawing, taking
from wayhouse.groups.kept import current, keep_proposal, set_accepted
from wayhouse.groups.models import Cycle, Drawing, Proposal
from wayhouse.groups.refusals import Outdated, Unsuitable
from wayhouse.meetings import rules
from wayhouse.meetings.gaps import missing
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.planning import plan_meetings
from wayhouse.meetings.reserves import with_reserves
from wayhouse.meetings.rostering import StaffRoster, problem_of
from wayhouse.meetings.rota.objective import evaluate, faults
from wayhouse.meetings.rota.problem import Problem
from wayhouse.meetings.rota.result import Meeting as Planned
from wayhouse.meetings.staffing import Team, staff_meetings
from wayhouse.people.models import Person

SECONDS = 20
Place = tuple[str, int]
Plan = dict[Place, list[str]]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change by hand at one place leads to: what the plan costs before and after, part by part.

    None where a plan that people changed breaks a rule already.
    """

    before: Mapping[str, int] | None
    after: Mapping[str, int] | None
    come: frozenset[str]
    go: frozenset[str]


def draw_up_rota(
    cycle: Cycle, *, actor: Person, seconds: int = SECONDS, keeping: Proposal | None = None, wait: bool = False
) -> Drawing:
    """Let the kernel draw up the rota; `take_rota` makes a proposal of its answer.

    `keeping` is a proposal whose locks hold. With `wait` this returns when it has ended. Errors: `AlreadyDrawing`,
    `CannotOpen`.
    """
    require(rules.may_propose_rota(actor, cycle))
    locks = locked_shifts(keeping) if keeping else []
    task = Task(problem_of(StaffRoster(cycle), locks), seconds, {"locks": locks})
    return begin_drawing(cycle, Proposal.Kind.ROTA, task, actor=actor, wait=wait)


def take_rota(drawing: Drawing, *, actor: Person) -> Proposal | None:
    """Make a proposal of what was drawn up; None where somebody did so already, or it goes on.

    Errors: `Outdated` where groups or people changed meanwhile; `ChildError` where it was broken off; `CannotOpen`.
    """
    require(rules.may_propose_rota(actor, drawing.cycle))
    with taking(drawing) as answer:
        if answer is None:
            return None
        cycle = Cycle.objects.select_for_update().get(pk=drawing.cycle_id)
        problem = problem_of(StaffRoster(cycle), answer.note["locks"])
        if not answer.holds_for(problem):
            raise Outdated
        result = answer.result
        numbers = {name: result[name] for name in ("objective", "bound", "optimal", "seconds")}
        proposal = keep_proposal(cycle, Proposal.Kind.ROTA, _words(problem, result), numbers)
        record("rota.proposed", proposal, actor=actor, meetings=len(result["meetings"]))
    return proposal


def propose_rota(cycle: Cycle, *, actor: Person, seconds: int = SECONDS) -> Proposal:
    """Let the kernel draw up the rota and wait for it. Errors: those of `draw_up_rota` and `take_rota`."""
    drawing = draw_up_rota(cycle, actor=actor, seconds=seconds, wait=True)
    return cast("Proposal", take_rota(drawing, actor=actor))


def look_at_change(
    proposal: Proposal, place: tuple[UUID, int], staff: Collection[UUID], *, revision: int, actor: Person
) -> Changed:
    """What `change_rota` would lead to. Nothing is changed; the same errors, worded alike for every rule."""
    require(rules.may_change_rota(actor, proposal))
    with transaction.atomic():
        return _change(current(proposal, revision), place, staff)[1]


def change_rota(
    proposal: Proposal,
    place: tuple[UUID, int],
    staff: Collection[UUID],
    *,
    revision: int,
    actor: Person,
    locked: Collection[UUID] = (),
) -> None:
    """Let these people serve a group (its id) in a week of the plan, and nobody else.

    Those of them who are `locked` stay there when a rota is drawn up again. Errors: `Outdated`; `Unsuitable`, worded
    alike for every rule.
    """
    require(rules.may_change_rota(actor, proposal))
    wanted: Place = (str(place[0]), place[1])
    with transaction.atomic():
        mine = current(proposal, revision)
        after, changed, roles = _change(mine, place, staff)
        kept = sorted({str(person) for person in locked} & set(after[wanted]))
        others = [shift for shift in locked_shifts(mine) if (shift["group"], shift["week"]) != wanted]
        locks = [*others, *({"group": wanted[0], "week": wanted[1], "staff": person} for person in kept)]
        words = {**_plan(mine), "meetings": _listed(after), "parts": changed.after, "locked": locks}
        mine.rewrite(plan=words, reasons=_reasons(mine, wanted, roles))
        mine.revision += 1
        mine.save(update_fields=["revision"])
        record("rota.changed", mine, actor=actor, staff=len(after[wanted]), locked=len(kept))


def accept_rota(proposal: Proposal, *, revision: int, actor: Person) -> list[Meeting]:
    """Put the proposed rota into force, all or nothing: meetings, shifts, a reserve for each, and their keys.

    Evenings that have begun or do not take place stay as they are. Returns the meetings that were staffed.
    Error: `Outdated`, also where the plan breaks a rule by now: somebody left, a group changed, a week passed.
    """
    require(rules.may_accept_rota(actor, proposal))
    with transaction.atomic():
        cycle = Cycle.objects.select_for_update().get(pk=proposal.cycle_id)
        locked = current(proposal, revision)
        plan_meetings(cycle, actor=actor)
        roster = StaffRoster(cycle)
        problem = problem_of(roster)
        if _is_outdated(problem, planned(locked)):
            raise Outdated
        teams = with_reserves(roster, _teams(roster, planned(locked), after_week=problem["fixed_weeks"]))
        staff_meetings(cycle, teams, actor=actor)
        set_accepted(locked)
        # From now on shifts say who serves where; why somebody is lacking is asked for as long as it is in force.
        locked.rewrite(plan={})
        cycle.state = Cycle.State.RUNNING
        cycle.save(update_fields=["state"])
        without_reserve = sum(not team.reserve for team in teams)
        record("rota.accepted", locked, actor=actor, meetings=len(teams), without_reserve=without_reserve)
    return [team.meeting for team in teams]


def planned(proposal: Proposal) -> Plan:
    """The plan: ids of those who serve, by group and week."""
    return {(entry["group"], entry["week"]): entry["staff"] for entry in _plan(proposal)["meetings"]}


def could_serve(proposal: Proposal, group_id: UUID) -> list[str]:
    """Ids of those who could serve a group at all when the proposal was drawn up."""
    found: list[str] = _plan(proposal)["options"].get(str(group_id), [])
    return found


def locked_shifts(proposal: Proposal) -> list[dict[str, Any]]:
    """The shifts of a plan that stay when it is drawn up again: `group`, `week`, `staff`."""
    return list(_plan(proposal).get("locked", ()))


def _words(problem: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    at = {(entry["group"], entry["week"]): entry["staff"] for entry in result["meetings"]}
    held = [lock for lock in problem["locked"] if lock["staff"] in at.get((lock["group"], lock["week"]), ())]
    return {
        "plan": {
            "meetings": result["meetings"],
            "fixed_weeks": problem["fixed_weeks"],
            "options": _options(problem),
            "parts": result["parts"],
            "locked": held,
        },
        "reasons": [{name: entry[name] for name in ("group", "week", "codes")} for entry in result["unstaffed"]],
    }


def _change(mine: Proposal, place: tuple[UUID, int], staff: Collection[UUID]) -> tuple[Plan, Changed, list[str]]:
    """The plan after a change, what it leads to, and the roles at that place. Every rule is looked at."""
    wanted: Place = (str(place[0]), place[1])
    problem = Problem.from_json(problem_of(StaffRoster(mine.cycle)))
    before = planned(mine)
    after = {**before, wanted: sorted(str(person_id) for person_id in staff)}
    known = {person.id: str(person.role) for person in problem.staff}
    if wanted not in before or not known.keys() >= set(after[wanted]):
        raise Unsuitable
    if set(_faults(problem, after)) - set(_faults(problem, before)):
        raise Unsuitable
    here, then = frozenset(before[wanted]), frozenset(after[wanted])
    was, will = _parts(problem, before), _parts(problem, after)
    return (
        after,
        Changed(before=was, after=will, come=then - here, go=here - then),
        [known[person] for person in after[wanted]],
    )


def _parts(problem: Problem, plan: Plan) -> dict[str, int] | None:
    known = _known(problem, plan)
    return None if faults(problem, known) else evaluate(problem, known)


def _plan(proposal: Proposal) -> dict[str, Any]:
    return cast("dict[str, Any]", proposal.plan)


def _options(problem: dict[str, Any]) -> dict[str, list[str]]:
    """Who could serve each group at all, for the choices of a change by hand."""
    found: dict[str, list[str]] = {group["id"]: [] for group in problem["groups"]}
    for person in problem["staff"]:
        for option in person["options"]:
            found[option["group"]].append(person["id"])
    return found


def _listed(plan: Plan) -> list[dict[str, Any]]:
    return [{"group": group, "week": week, "staff": staff} for (group, week), staff in plan.items()]


def _faults(problem: Problem, plan: Plan) -> list[str]:
    return faults(problem, _known(problem, plan))


def _known(problem: Problem, plan: Plan) -> list[Planned]:
    """The plan as the kernel knows it, without groups and people who are gone."""
    known = {person.id for person in problem.staff}
    groups = {group.id for group in problem.groups}
    return [
        Planned(group, week, tuple(person for person in staff if person in known))
        for (group, week), staff in plan.items()
        if group in groups
    ]


def _is_outdated(problem: dict[str, Any], plan: Plan) -> bool:
    known = {person["id"] for person in problem["staff"]}
    groups = {group["id"] for group in problem["groups"]}
    same = groups == {group for group, _week in plan} and known.issuperset(
        person for staff in plan.values() for person in staff
    )
    return not same or bool(_faults(Problem.from_json(problem), plan))


def _reasons(proposal: Proposal, place: Place, roles: list[str]) -> list[dict[str, Any]]:
    """The reasons as they are after a change by hand at one place."""
    others = [reason for reason in proposal.reasons if (reason["group"], reason["week"]) != place]
    if not missing(roles, has_reserve=True):
        return others
    return [*others, {"group": place[0], "week": place[1], "codes": [{"code": "by_hand", "params": {}}]}]


def _teams(roster: StaffRoster, plan: Plan, *, after_week: int) -> list[Team]:
    colleagues = {colleague.key: colleague for colleague in roster.colleagues}
    found = []
    for group in roster.groups:
        for week in range(after_week + 1, roster.cycle.weeks + 1):
            meeting = roster.meetings.get((group.pk, week))
            if meeting is None or meeting.has_started or meeting.state != Meeting.State.PLANNED:
                continue
            serving = [colleagues[key] for key in plan.get((str(group.pk), week), ())]
            found.append(Team(meeting, {colleague.person: colleague.as_staff for colleague in serving}))
    return found
