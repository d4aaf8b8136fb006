"""Scenes that several tests of the rota play in: a small town of colleagues, groups, and a plan made by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conftest import Cast
from wayhouse.crypto import items
from wayhouse.groups.actions import open_group
from wayhouse.groups.kept import keep_proposal
from wayhouse.groups.models import Cycle, Group, Proposal
from wayhouse.groups.tests.conftest import enrol_people
from wayhouse.meetings.drawing_up import accept_rota
from wayhouse.meetings.models import Guide, Meeting, Shift
from wayhouse.meetings.rota.problem import Problem
from wayhouse.people.models import KeepApart, Person, Role, RosterEntry

Plan = Mapping[tuple[Group, int], Sequence[Person]]
FREE = ["tue-evening", "thu-evening"]


@dataclass
class Town:
    """Ana's programme with as many colleagues and groups as a test wants. Everything is done with her keys."""

    cast: Cast
    ana: Person
    cycle: Cycle

    def leads(self, *names: str, **words: Any) -> list[Person]:
        """Facilitators without an account, free on Tuesday and Thursday evenings, twice a week."""
        return self._enrol(Role.Kind.FACILITATOR, names, words)

    def mentors(self, *names: str, **words: Any) -> list[Person]:
        """Mentors without an account, with the same times."""
        return self._enrol(Role.Kind.MENTOR, names, words)

    def members(self, *names: str) -> list[Person]:
        """Members without an account."""
        return self._enrol(Role.Kind.MEMBER, names, {})

    def says(self, person: Person, **words: Any) -> None:
        """Change what the roster says of somebody."""
        with self.cast.acting(self.ana):
            RosterEntry.objects.get(person=person).rewrite(**words)

    def keeps_apart(self, *people: Person) -> None:
        """These must not meet."""
        with self.cast.acting(self.ana):
            item = items.seal(self.ana.programme.placement, "apart", {"people": [str(one.pk) for one in people]})
            KeepApart.objects.create(item=item, programme=self.ana.programme)

    def group(self, name: str, *members: Person, **words: Any) -> Group:
        """A group on Tuesday evenings if nothing else is said."""
        kept = {"name": name, "venue": "Mill", "slot": "tue-evening", "language": "en", "kind": "mixed"}
        seated = {member: f"Member {number}" for number, member in enumerate(members)}
        with self.cast.acting(self.ana):
            return open_group(self.cycle, {**kept, **words}, facilitators={}, members=seated, actor=self.ana)

    def lasts(self, weeks: int) -> None:
        """Give the cycle so many weeks, each with a topic of its own."""
        Guide.objects.bulk_create(
            Guide(cycle=self.cycle, key=f"topic-{week}", language="en", week=week, title=f"Topic {week}", content={})
            for week in range(1, weeks + 1)
        )
        Cycle.objects.filter(pk=self.cycle.pk).update(weeks=weeks)
        self.cycle.refresh_from_db()

    def proposal(self, plan: Plan) -> Proposal:
        """An open proposal as the kernel would have made it."""
        meetings = [
            {"group": str(group.pk), "week": week, "staff": [str(person.pk) for person in staff]}
            for (group, week), staff in plan.items()
        ]
        people = sorted({str(person.pk) for staff in plan.values() for person in staff})
        options = {str(group.pk): people for group, _week in plan}
        words = {"plan": {"meetings": meetings, "fixed_weeks": 0, "options": options}, "reasons": []}
        numbers = {"objective": 100, "bound": 98, "optimal": False, "seconds": 0.1}
        with self.cast.acting(self.ana):
            return keep_proposal(self.cycle, Proposal.Kind.ROTA, words, numbers)

    def accepts(self, plan: Plan) -> list[Meeting]:
        """Put a plan into force."""
        proposal = self.proposal(plan)
        with self.cast.acting(self.ana):
            return accept_rota(proposal, revision=1, actor=self.ana)

    def _enrol(self, kind: Role.Kind, names: Sequence[str], words: Mapping[str, Any]) -> list[Person]:
        kept = {"slots": FREE, "meetings_a_week": 2, **words}
        with self.cast.acting(self.ana):
            return enrol_people(self.ana.programme, *names, kind=kind, **kept)


def nobody_leads(_module: str, problem: dict[str, Any], **_limits: Any) -> dict[str, Any]:
    """A kernel that finds nobody for any meeting; the weeks that stand stay as they were."""
    checked = Problem.from_json(problem)
    meetings, unstaffed = [], []
    for group in checked.groups:
        announced = checked.running.get(group.id, ())
        for week in range(1, checked.weeks + 1):
            stays = announced[week - 1] if week <= min(checked.fixed_weeks, len(announced)) else None
            meetings.append({"group": group.id, "week": week, "staff": list(stays or ())})
            if week > checked.fixed_weeks:
                about = {"role": "facilitator", "group": group.id, "week": week, "able": 2}
                codes = [{"code": "nobody_free", "params": about}]
                unstaffed.append({"group": group.id, "week": week, "reasons": ["-"], "codes": codes})
    numbers = {"objective": 2000, "bound": 1900, "optimal": False, "seconds": 0.5, "parts": {"uncovered": 2000}}
    return {"meetings": meetings, "unstaffed": unstaffed, **numbers}


def on(meeting: Meeting, *, reserve: bool = False) -> set[Person]:
    """Who serves at a meeting, or who stands by."""
    return {shift.person for shift in Shift.objects.filter(meeting=meeting, reserve=reserve).select_related("person")}
