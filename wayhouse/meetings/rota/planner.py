"""Planning some meetings again while the rest stands, over and over: the hands of the search."""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from random import Random

from wayhouse.meetings.rota.engine import Engine, Limits, Outcome
from wayhouse.meetings.rota.greedy import fill
from wayhouse.meetings.rota.model import WeekModel
from wayhouse.meetings.rota.neighbourhoods import Neighbourhoods
from wayhouse.meetings.rota.objective import evaluate
from wayhouse.meetings.rota.search import Search
from wayhouse.meetings.rota.staffing import Staffing
from wayhouse.meetings.rota.tables import Pair, Place

STEP_WORK = 0.5  # deterministic units
GROUP_WORK = 0.1
LEAST_WORK = 0.01  # of any step, so that a limit of work ends every search
GROUPS_AT_ONCE = 2  # to begin with, where all faces are open
GROUPS_OF_FACES = 5  # where only a few faces are


class Planner:
    """Improves a rota and offers every better one to the search."""

    def __init__(self, search: Search, staffing: Staffing, seed: int) -> None:
        self._search = search
        self._random = Random(seed)  # noqa: S311  a search, not a secret
        self.staffing = staffing

    def plan_whole(self, until: Callable[[], bool]) -> None:
        """Plan all meetings ahead at once, which also raises the bound."""
        search = self._search
        price = sum(evaluate(search.tables.problem, self.staffing.meetings()).values())
        self._plan(search.tables.ahead, until, on_bound=lambda saved: search.raise_bound(price + saved))
        search.offer(self.staffing)

    def plan_faces(self, faces: Collection[Pair], until: Callable[[], bool]) -> None:
        """Plan all meetings ahead at once with these faces and those of the rota as it stands."""
        tables, staffing = self._search.tables, self.staffing
        now = {(person, place[0]) for place in tables.ahead for person in staffing.at[place]}
        self._plan(tables.ahead, until, faces=now.union(faces))
        self._search.offer(self.staffing)

    def plan_role(
        self, places: Sequence[Place], until: Callable[[], bool], *, facilitator: bool, work: float, dearer: bool
    ) -> None:
        """Plan the facilitators of these meetings again, or the mentors, with anybody of that role who could serve.

        Kept if the search takes it, or with `dearer` in any case.
        """
        tables, leads = self.staffing.tables, self.staffing.tables.leads
        groups = {group for group, _ in places}
        faces = {(person, group) for group in groups for person in tables.of_role(group, facilitator=facilitator)}
        before = {
            place: [person for person in self.staffing.at[place] if leads[person] == facilitator] for place in places
        }
        outcome = self._plan(places, until, work=work, faces=faces, facilitator=facilitator)
        if outcome.people is not None and not self._search.offer(self.staffing) and not dearer:
            self.staffing.empty(places, facilitator=facilitator)
            self.staffing.fill(before)

    def start_from(self, faces: Collection[Pair], until: Callable[[], bool]) -> None:
        """Start afresh with these faces alone, one group after the other; kept if it is better than what was."""
        before, tables = self.staffing, self._search.tables
        self.staffing = Staffing(tables)
        for group in self._scarce_first():
            if self._search.over():
                break
            places = [place for place in tables.ahead if place[0] == group]
            self._plan(places, self._search.over, work=GROUP_WORK, faces=faces)
        first = self._offer_filled()
        choice = Neighbourhoods(tables, self._seed(), groups=GROUPS_OF_FACES, only=faces)
        self._improve(choice, until, offer=False)
        self.staffing = self._offer_filled() or first or before

    def improve(self, until: Callable[[], bool]) -> None:
        """Plan neighbourhoods again until then, and fill what gaps are left."""
        choice = Neighbourhoods(self._search.tables, self._seed(), groups=GROUPS_AT_ONCE)
        self._improve(choice, until, offer=True)
        fill(self.staffing, only_gaps=True)
        self._search.offer(self.staffing)

    def _improve(self, choice: Neighbourhoods, until: Callable[[], bool], *, offer: bool) -> None:
        while self._search.tables.ahead and not until():
            chosen = choice.choose(self.staffing)
            outcome = self._plan(chosen.places, self._search.over, work=STEP_WORK, faces=chosen.faces)
            choice.learn(chosen.kind, proven=outcome.proven, better=outcome.people is not None)
            if offer and outcome.people is not None:
                self._search.offer(self.staffing)

    def _plan(
        self,
        places: Iterable[Place],
        until: Callable[[], bool],
        *,
        work: float = math.inf,
        faces: Collection[Pair] | None = None,
        facilitator: bool | None = None,
        on_bound: Callable[[int], None] = lambda _saved: None,
    ) -> Outcome:
        """Plan these meetings again, or one role of them, with the others as they stand and at most so much work."""
        search, staffing = self._search, self.staffing
        before = staffing.empty(places, facilitator=facilitator)
        model = WeekModel(staffing, before, faces)
        limits = Limits(search.seconds_left, min(work, search.work_left))
        engine = Engine(model, limits, self._seed())

        def over() -> bool:
            if engine.bound is not None:
                on_bound(engine.bound - model.start_cost)
            return until()

        outcome = engine.run(over)
        over()
        staffing.fill(outcome.people or before)
        search.work_left -= max(LEAST_WORK, outcome.work)
        return outcome

    def _offer_filled(self) -> Staffing | None:
        """Offer the rota with its gaps filled, and return that if it is the best so far."""
        filled = Staffing.of(self._search.tables, self.staffing.meetings())
        fill(filled)
        return filled if self._search.offer(filled) else None

    def _scarce_first(self) -> list[int]:
        """Groups by how many people they can count on, somebody with several options counting less."""
        tables = self._search.tables
        people = [sum(1 / len(tables.cost[person]) for person in able) for able in tables.able]
        return sorted(range(len(people)), key=people.__getitem__)

    def _seed(self) -> int:
        return self._random.randrange(2**31)
