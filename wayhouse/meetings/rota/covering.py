"""Covering meetings that nobody leads: what lies around each is planned again for that alone, with few changes.

One such meeting costs as much as all faces of its group, and it may take a dozen people to make room for somebody in
the weeks around. Where nothing else has a price, CP-SAT finds them, or proves that there is no way, in a second.
"""

from collections import Counter
from dataclasses import replace

from wayhouse.meetings.rota.explain import Gap, gaps_at
from wayhouse.meetings.rota.planner import Planner
from wayhouse.meetings.rota.problem import Option, Weights
from wayhouse.meetings.rota.search import Search
from wayhouse.meetings.rota.staffing import Staffing
from wayhouse.meetings.rota.tables import Place, Tables

AROUND = 6  # weeks before and after that are planned again
GROUPS, SHIFTS = 20, 10_000  # that are planned again at most
WORK = 20.0  # deterministic units for one meeting


def cover_gaps(search: Search, seed: int, part: float, *, dearer: bool = False) -> Staffing:
    """The best rota with those meetings covered that can be, in a part of the time or work that is left.

    Each is kept if the rota is better for it at true prices; with `dearer` also if not, for a search that goes on from
    there and makes the rest cheaper.
    """
    tables, until, work = search.tables, search.share(part), part * search.work_left
    gaps = _gaps(Staffing.of(tables, search.meetings)) if tables.weights.uncovered else []
    if not gaps or until():
        return Staffing.of(tables, search.meetings)
    planner = Planner(search, _where_little_else_counts(search), seed)
    for gap in gaps:
        if until():
            break
        if gap in gaps_at(planner.staffing, gap.place):
            places, most = _places_around(tables, gap), min(WORK, work / len(gaps))
            planner.plan_role(places, until, facilitator=gap.facilitator, work=most, dearer=dearer)
    return Staffing.of(tables, planner.staffing.meetings())


def _where_little_else_counts(search: Search) -> Staffing:
    """The best rota, where only uncovered meetings have a price, and changes, as what was announced or a new face."""
    problem = search.tables.problem
    change = max(problem.weights.new_face, problem.weights.changed if problem.running else 1)
    staff = tuple(
        replace(person, options=tuple(Option(option.group, 0) for option in person.options)) for person in problem.staff
    )
    weights = Weights(
        uncovered=problem.weights.uncovered,
        second_mentor=0,
        no_familiar_face=0,
        new_face=0,
        fairness=0,
        changed=change,
        unlocked=problem.weights.unlocked,
    )
    weeks: dict[str, list[tuple[str, ...]]] = {group.id: [] for group in problem.groups}
    for meeting in search.meetings:
        weeks[meeting.group].append(meeting.staff)
    running = {group: tuple(led) for group, led in weeks.items()}
    plain = Tables.of(replace(problem, staff=staff, weights=weights, running=running))
    return Staffing.of(plain, search.meetings)


def _gaps(staffing: Staffing) -> list[Gap]:
    """The meetings ahead that are not covered though somebody who could is there in that week, by group and week."""
    tables = staffing.tables
    return [gap for place in tables.ahead for gap in gaps_at(staffing, place) if _could_be_covered(tables, gap)]


def _could_be_covered(tables: Tables, gap: Gap) -> bool:
    group, week = gap.place
    able = tables.of_role(group, facilitator=gap.facilitator)
    return tables.wanted(group, facilitator=gap.facilitator) > 0 and any(tables.here[one][week] for one in able)


def _places_around(tables: Tables, gap: Gap) -> list[Place]:
    """The meetings of these weeks, of the group and of those nearest to it."""
    group, week = gap.place
    around = min(AROUND, SHIFTS // (2 * len(tables.of_role(group, facilitator=gap.facilitator))))
    weeks = range(max(tables.passed, week - around), min(tables.weeks, week + around + 1))
    groups = _nearest(tables, gap, most=SHIFTS // len(weeks))
    return [(group, at) for group in groups for at in weeks]


def _nearest(tables: Tables, gap: Gap, most: int) -> list[int]:
    """A group, those with which it shares most people of a role, those with which they do, and so on.

    `most` is how many people they may have who could serve, each counted for each group.
    """
    able = tables.facilitators if gap.facilitator else tables.mentors
    chosen = [gap.place[0]]
    for one in chosen:  # which grows meanwhile
        shared = Counter(group for person in able[one] for group in tables.cost[person] if group not in chosen)
        for group, _people in shared.most_common():
            if len(chosen) < GROUPS and sum(len(able[some]) for some in (*chosen, group)) <= most:
                chosen.append(group)
    return sorted(chosen)
