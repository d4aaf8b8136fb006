"""Which meetings to plan again together: all weeks of a few groups that share staff, or a few weeks of many.

Beside those who lead these groups already, a few others may come in, or all: smaller models take in more meetings.
Sizes follow what the solver closes in its time: they grow after a proof and shrink after time was lost.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from random import Random

from wayhouse.meetings.rota.staffing import Staffing
from wayhouse.meetings.rota.tables import Pair, Place, Tables

GROW, SHRINK = 1.06, 0.93
SPANS = (2, 3, 4, 5, 6)
FEW_OTHERS, ALL_OTHERS = 4, 10**6  # of each role, for each group


@dataclass(slots=True)
class Kind:
    """A kind of neighbourhood: all weeks or a few, how many others may come in, and its size in meetings."""

    whole_cycle: bool
    others: int
    size: float
    least: float


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Some meetings ahead, the faces that may lead them, and the kind that they were chosen by."""

    kind: Kind
    places: tuple[Place, ...]
    faces: Collection[Pair]


class Neighbourhoods:
    """Chooses meetings at random, more often of groups whose meetings cost much; `only` these faces may lead them.

    `groups` is how many groups to begin with.
    """

    def __init__(self, tables: Tables, seed: int, *, groups: float, only: Collection[Pair] | None = None) -> None:
        self._tables = tables
        self._only = only
        self._random = Random(seed)  # noqa: S311  a search, not a secret
        ahead = tables.weeks - tables.passed
        self._kinds = [
            Kind(whole, others, groups * ahead, ahead if whole else min(SPANS))
            for others in (FEW_OTHERS, ALL_OTHERS)
            for whole in (True, False)
        ]
        self._neighbours: dict[int, Counter[int]] = {}

    def choose(self, staffing: Staffing) -> Neighbourhood:
        """The next meetings to plan again."""
        tables = self._tables
        kind = self._random.choice(self._kinds)
        ahead = range(tables.passed, tables.weeks)
        span = len(ahead) if kind.whole_cycle else min(len(ahead), self._random.choice(SPANS))
        start = self._random.randrange(tables.passed, tables.weeks - span + 1)
        groups = self._groups(staffing, max(1, round(kind.size / span)))
        places = tuple((group, week) for group in sorted(groups) for week in range(start, start + span))
        return Neighbourhood(kind, places, self._only or self._faces(staffing, sorted(groups), kind.others))

    def learn(self, kind: Kind, *, proven: bool, better: bool) -> None:
        """Take what a run taught: proven is small enough, neither proven nor better is too large."""
        if proven:
            kind.size = min(len(self._tables.ahead), kind.size * GROW)
        elif not better:
            kind.size = max(kind.least, kind.size * SHRINK)

    def _groups(self, staffing: Staffing, count: int) -> set[int]:
        """A group, and others that share staff with those chosen before."""
        everyone = range(len(self._tables.groups))
        if count >= len(everyone):
            return set(everyone)
        chosen = self._random.choices(everyone, [_price(staffing, group) + 1 for group in everyone])
        while len(chosen) < count:
            near = self._near(self._random.choice(chosen))
            left = [group for group in near if group not in chosen]
            if left:
                weights = [near[group] ** 2 * (_price(staffing, group) + 1) for group in left]
                chosen += self._random.choices(left, weights)
            else:
                chosen.append(self._random.choice([group for group in everyone if group not in chosen]))
        return set(chosen)

    def _faces(self, staffing: Staffing, groups: list[int], count: int) -> set[Pair]:
        """Who leads these groups now, and some others."""
        tables = self._tables
        faces: set[Pair] = set()
        for group in groups:
            for week in range(tables.passed, tables.weeks):
                faces.update((person, group) for person in staffing.at[group, week])
            for able in (tables.facilitators[group], tables.mentors[group]):
                others = self._random.sample(able, min(count, len(able)))
                faces.update((person, group) for person in others)
        return faces

    def _near(self, group: int) -> Counter[int]:
        """The groups that share staff with one, by how many."""
        if group not in self._neighbours:
            tables = self._tables
            near = Counter(other for person in tables.able[group] for other in tables.cost[person])
            self._neighbours[group] = Counter({other: near[other] for other in sorted(near) if other != group})
        return self._neighbours[group]


def _price(staffing: Staffing, group: int) -> int:
    """Roughly what the meetings of a group cost: gaps, faces and preferences."""
    tables, weights = staffing.tables, staffing.tables.weights
    price, faces = 0, set()
    for week in range(tables.passed, tables.weeks):
        here = staffing.at[group, week]
        faces.update(here)
        price += sum(tables.cost[person].get(group, 0) for person in here)
        lead = sum(tables.leads[person] for person in here)
        if lead < tables.wanted(group, facilitator=True) or lead == len(here):
            price += weights.uncovered
        elif len(here) - lead < tables.wanted(group, facilitator=False):
            price += weights.second_mentor
    return price + weights.new_face * len(faces)
