"""The house under fire: a programme in the middle of its work, so that every act has something to act on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from conftest import Cast, may_open
from faults.store import Store
from wayhouse.audit.heads import publish_head
from wayhouse.crypto import items
from wayhouse.crypto.archive import make_keys
from wayhouse.groups import drawing, placing
from wayhouse.groups.actions import begin_cycle, keep_venue
from wayhouse.groups.formation import Problem, solve
from wayhouse.groups.models import Cycle, Group, Proposal
from wayhouse.groups.tests.conftest import LIBRARY, SIX, enrol_people
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.tests.scenes import FREE, Town
from wayhouse.people.invitations import found
from wayhouse.people.models import KeepApart, Person, Role

# Far ahead, so that nothing of it is near, over or fixed by itself.
MONDAY, LATER = date(2099, 3, 2), date(2099, 9, 7)
PUBLIC, SECRET = make_keys()
ROOT_PASSPHRASE = "lanterns along the quiet way home"


@dataclass
class House:
    """Ana's programme: Bo leads Kestrel with Max beside, Cass attends; a second cycle waits for its groups."""

    store: Store
    # Where acts write files.
    files: Path
    cast: Cast = field(default_factory=Cast)
    people: dict[str, Person] = field(default_factory=dict)

    def build(self) -> None:
        """Fill an empty database."""
        programme, token = found("Lantern Trust (invented)", "Open Circle", "Ana", time_zone="Europe/Berlin")
        may_open(programme)
        self.people["ana"] = self.cast.accept(token, "ana")
        self._come(bo=Role.Kind.FACILITATOR, max=Role.Kind.MENTOR, mia=Role.Kind.MENTOR)
        self._come(cass=Role.Kind.MEMBER, dee=Role.Kind.MEMBER, cleo=Role.Kind.COORDINATOR)
        with self.acting():
            keep_venue(self.ana.programme, LIBRARY, actor=self.ana)
            self._first_cycle()
            self._second_cycle()
            publish_head()

    def empty(self) -> None:
        """As before anybody came."""
        self.store.put_back("empty")

    def acting(self, who: str = "ana") -> Any:
        """With the keys of somebody."""
        return self.cast.acting(self.person(who))

    def person(self, who: str) -> Person:
        """Somebody as they stand in the database now."""
        return Person.objects.select_related("programme__placement", "user__holder").get(pk=self.people[who].pk)

    @property
    def ana(self) -> Person:
        return self.person("ana")

    @property
    def group(self) -> Group:
        """Kestrel."""
        return Group.objects.filter(seats__person=self.people["cass"]).distinct().get()

    def evening(self, week: int = 2) -> Meeting:
        """One of Kestrel's evenings, with Bo and Max and Zoe in reserve."""
        return Meeting.objects.select_related("group__cycle__programme", "scope").get(group=self.group, week=week)

    def proposal(self, kind: Proposal.Kind) -> Proposal:
        """The one that waits to be accepted."""
        return Proposal.objects.select_related("cycle__programme", "item").get(kind=kind, state=Proposal.State.OPEN)

    @property
    def town(self) -> Town:
        return Town(self.cast, self.ana, Cycle.objects.get(starts_on=MONDAY))

    def _come(self, **kinds: Role.Kind) -> None:
        for who, kind in kinds.items():
            person = self.cast.enter(who, kind, self.ana)
            self.people[who] = person
            if kind in {Role.Kind.FACILITATOR, Role.Kind.MENTOR}:
                self.says(person, slots=FREE, meetings_a_week=2)

    def says(self, person: Person, **words: Any) -> None:
        """Change what the roster says of somebody."""
        with self.acting():
            person.roster_entry.rewrite(**words)

    def _first_cycle(self) -> None:
        """Three evenings of Kestrel, staffed; Wren has none yet, and a rota for it waits."""
        self.begin(MONDAY, weeks=3)
        town = self.town
        town.lasts(3)
        bo, max_ = self.people["bo"], self.people["max"]
        town.leads("Zoe")
        kestrel = town.group("Kestrel", self.people["cass"])
        town.accepts({(kestrel, week): [bo, max_] for week in (1, 2, 3)})
        wren = town.group("Wren", *town.members("Kit"), slot="thu-evening")
        town.proposal({(group, week): [bo, max_] for group in (kestrel, wren) for week in (1, 2, 3)})

    def _second_cycle(self) -> None:
        """Groups are proposed for six people, two of whom must not meet."""
        cycle = self.begin(LATER, weeks=14)
        people = enrol_people(self.ana.programme, *SIX, "Uma")
        enrol_people(self.ana.programme, "Lee", "Lin", kind=Role.Kind.FACILITATOR, slots=FREE, meetings_a_week=2)
        words = {"people": [str(person.pk) for person in people[5:]]}
        item = items.seal(self.ana.programme.placement, "keep_apart", words)
        KeepApart.objects.create(programme=self.ana.programme, item=item)
        with at_hand():
            placing.propose_groups(cycle, actor=self.ana, seconds=5)

    def begin(self, monday: date, weeks: int) -> Cycle:
        """A cycle of the shipped pack."""
        words: dict[str, Any] = {"pack": "twelve-evenings", "version": "1.0.0", "title": "Twelve evenings"}
        return begin_cycle(self.ana.programme, **words, starts_on=monday, weeks=weeks, actor=self.ana)


@contextmanager
def at_hand() -> Iterator[None]:
    """The kernel of groups in this process, and only its quick first plan: what is tried here is how it is kept."""

    def run(_module: str, problem: dict[str, Any], *, time_limit: float, **_more: Any) -> dict[str, Any]:
        return solve(Problem.from_json(problem), time_limit=time_limit).to_json()

    with patch.object(drawing, "run_apart", run), patch("wayhouse.groups.formation.solve._improve"):
        yield


def during(meeting: Meeting) -> Any:
    """Five minutes into an evening."""
    import time_machine

    return time_machine.travel(meeting.starts_at + timedelta(minutes=5), tick=False)
