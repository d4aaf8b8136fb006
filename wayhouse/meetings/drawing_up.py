"""What is done with a proposal of the rota: draw it up, change it by hand, accept it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
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
from wayhouse.groups.models import Cycle, Proposal
from wayhouse.groups.refusals import AlreadyDrawing, Outdated, Unsuitable
from wayhouse.meetings import rules
from wayhouse.meetings.gaps import missing
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.planning import plan_meetings
from wayhouse.meetings.reserves import with_reserves
from wayhouse.meetings.rostering import StaffRoster, problem_of
from wayhouse.meetings.rota.objective import faults
from wayhouse.meetings.rota.problem import Problem
from wayhouse.meetings.rota.result import Meeting as Planned
from wayhouse.meetings.staffing import Team, staff_meetings
from wayhouse.people.models import Person

KERNEL = "wayhouse.meetings.rota"
SECONDS = 20.0
# A solve that was ended from outside may leave its mark behind; after this long it counts no more.
_STALE = timedelta(minutes=2)
Place = tuple[str, int]


def propose_rota(cycle: Cycle, *, actor: Person, seconds: float = SECONDS) -> Proposal:
    """Let the kernel draw up the rota; an open proposal is replaced.

    Errors: `AlreadyDrawing`, `ChildError`, `CannotOpen`.
    """
    require(rules.may_propose_rota(actor, cycle))
    # The solve runs outside of the transaction: nobody else waits for it.
    with _drawing(cycle):
        problem = problem_of(StaffRoster(cycle))
        return _keep(cycle, problem, run_apart(KERNEL, problem, time_limit=seconds), actor)


def change_rota(
    proposal: Proposal, place: tuple[UUID, int], staff: Collection[UUID], *, revision: int, actor: Person
) -> None:
    """Let these people serve a group (its id) in a week of the plan, and nobody else.

    Errors: `Outdated`; `Unsuitable`, worded alike for every rule.
    """
    require(rules.may_change_rota(actor, proposal))
    wanted: Place = (str(place[0]), place[1])
    with transaction.atomic():
        locked = _current(proposal, revision)
        problem = Problem.from_json(problem_of(StaffRoster(locked.cycle)))
        before = planned(locked)
        after = {**before, wanted: sorted(str(person_id) for person_id in staff)}
        known = {person.id: person.role for person in problem.staff}
        if wanted not in before or not known.keys() >= set(after[wanted]):
            raise Unsuitable
        if set(_faults(problem, after)) - set(_faults(problem, before)):
            raise Unsuitable
        roles = [str(known[person]) for person in after[wanted]]
        locked.rewrite(plan={**_plan(locked), "meetings": _listed(after)}, reasons=_reasons(locked, wanted, roles))
        locked.revision += 1
        locked.save(update_fields=["revision"])
        record("rota.changed", locked, actor=actor, staff=len(after[wanted]))


def accept_rota(proposal: Proposal, *, revision: int, actor: Person) -> list[Meeting]:
    """Put the proposed rota into force, all or nothing: meetings, shifts, a reserve for each, and their keys.

    Evenings that have begun or do not take place stay as they are. Returns the meetings that were staffed.
    Error: `Outdated`, also where the plan breaks a rule by now: somebody left, a group changed, a week passed.
    """
    require(rules.may_accept_rota(actor, proposal))
    with transaction.atomic():
        cycle = Cycle.objects.select_for_update().get(pk=proposal.cycle_id)
        locked = _current(proposal, revision)
        plan_meetings(cycle, actor=actor)
        roster = StaffRoster(cycle)
        problem = problem_of(roster)
        if _is_outdated(problem, planned(locked)):
            raise Outdated
        teams = with_reserves(roster, _teams(roster, planned(locked), after_week=problem["fixed_weeks"]))
        staff_meetings(cycle, teams, actor=actor)
        locked.state = Proposal.State.ACCEPTED
        locked.save(update_fields=["state"])
        cycle.state = Cycle.State.RUNNING
        cycle.save(update_fields=["state"])
        without_reserve = sum(not team.reserve for team in teams)
        record("rota.accepted", locked, actor=actor, meetings=len(teams), without_reserve=without_reserve)
    return [team.meeting for team in teams]


def planned(proposal: Proposal) -> dict[Place, list[str]]:
    """The plan: ids of those who serve, by group and week."""
    return {(entry["group"], entry["week"]): entry["staff"] for entry in _plan(proposal)["meetings"]}


def could_serve(proposal: Proposal, group_id: UUID) -> list[str]:
    """Ids of those who could serve a group at all when the proposal was drawn up."""
    found: list[str] = _plan(proposal)["options"].get(str(group_id), [])
    return found


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


def _keep(cycle: Cycle, problem: dict[str, Any], result: dict[str, Any], actor: Person) -> Proposal:
    words = {
        "plan": {"meetings": result["meetings"], "fixed_weeks": problem["fixed_weeks"], "options": _options(problem)},
        "reasons": [{name: entry[name] for name in ("group", "week", "codes")} for entry in result["unstaffed"]],
    }
    with transaction.atomic():
        open_ones = Proposal.objects.filter(cycle=cycle, kind=Proposal.Kind.ROTA, state=Proposal.State.OPEN)
        open_ones.update(state=Proposal.State.REPLACED)
        item = items.seal(cycle.programme.placement, "proposal", words)
        numbers = {name: result[name] for name in ("objective", "bound", "optimal", "seconds")}
        proposal = Proposal.objects.create(item=item, cycle=cycle, kind=Proposal.Kind.ROTA, **numbers)
        record("rota.proposed", proposal, actor=actor, meetings=len(result["meetings"]))
    return proposal


def _plan(proposal: Proposal) -> dict[str, Any]:
    return cast("dict[str, Any]", proposal.plan)


def _options(problem: dict[str, Any]) -> dict[str, list[str]]:
    """Who could serve each group at all, for the choices of a change by hand."""
    found: dict[str, list[str]] = {group["id"]: [] for group in problem["groups"]}
    for person in problem["staff"]:
        for option in person["options"]:
            found[option["group"]].append(person["id"])
    return found


def _current(proposal: Proposal, revision: int) -> Proposal:
    locked = Proposal.objects.select_for_update().filter(pk=proposal.pk, state=Proposal.State.OPEN).first()
    if locked is None or locked.revision != revision:
        raise Outdated
    return locked


def _listed(plan: dict[Place, list[str]]) -> list[dict[str, Any]]:
    return [{"group": group, "week": week, "staff": staff} for (group, week), staff in plan.items()]


def _faults(problem: Problem, plan: dict[Place, list[str]]) -> list[str]:
    known = {person.id for person in problem.staff}
    groups = {group.id for group in problem.groups}
    return faults(
        problem,
        [
            Planned(group, week, tuple(person for person in staff if person in known))
            for (group, week), staff in plan.items()
            if group in groups
        ],
    )


def _is_outdated(problem: dict[str, Any], plan: dict[Place, list[str]]) -> bool:
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


def _teams(roster: StaffRoster, plan: dict[Place, list[str]], *, after_week: int) -> list[Team]:
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
