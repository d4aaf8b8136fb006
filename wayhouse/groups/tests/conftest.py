"""People of a roster who have no account yet, and places for them to meet. All are invented."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.crypto import items
from wayhouse.crypto.shred import add_subjects
from wayhouse.groups import drawing
from wayhouse.groups.actions import keep_venue
from wayhouse.groups.formation import Problem, solve
from wayhouse.groups.formation import what_if as look_further
from wayhouse.groups.models import Cycle, Group, Proposal, Venue
from wayhouse.groups.placing import accept_groups, plan_of, propose_groups
from wayhouse.people.models import KeepApart, Person, Programme, Role, RosterEntry

MEMBER: dict[str, Any] = {
    "role": "member",
    "languages": ["en"],
    "slots": ["tue-evening"],
    "preferred_slots": [],
    "needs": [],
    "mode": "either",
    "area": "Harbourton/Old Mill",
    "travel": "town",
    "kinds": ["mixed"],
    "preferred_kind": "",
    "mix": "",
    "meetings_a_week": 1,
}
LIBRARY: dict[str, Any] = {
    "name": "Library",
    "address": "1 Quay Lane",
    "area": "Harbourton/Old Mill",
    "online": False,
    "slots": ["tue-evening", "thu-evening"],
    "rooms": 2,
    "step_free": True,
    "childcare": False,
}

Enrol = Callable[..., list[Person]]
AddVenue = Callable[..., Venue]
Apart = Callable[..., None]
Kernel = Callable[..., dict[str, Any]]
Propose = Callable[..., Proposal]
NAMES = ("Mina", "Omar", "Zoe", "Kim", "Lou", "Ned", "Pia")
ACCEPTED = "This proposal is accepted."
REFUSED = "That group is not suitable. Nothing was changed."
CHANGED = "Something changed meanwhile, and nothing was done. Look at it as it is now, or draw it up again."
SIX = ("Mina", "Omar", "Zoe", "Kim", "Lou", "Ned")


def enrol_people(programme: Programme, *names: str, kind: Role.Kind = Role.Kind.MEMBER, **words: Any) -> list[Person]:
    """Rows of the roster; whoever acts must coordinate."""
    people = Person.objects.bulk_create(Person(programme=programme) for _name in names)
    add_subjects(person.pk for person in people)
    Role.objects.bulk_create(Role(person=person, kind=kind) for person in people)
    records = [
        (person.pk, {**MEMBER, **words, "role": str(kind), "name": name})
        for person, name in zip(people, names, strict=True)
    ]
    sealed = items.seal_all(programme.placement, "roster", records)
    RosterEntry.objects.bulk_create(
        RosterEntry(person=person, item=item) for person, item in zip(people, sealed, strict=True)
    )
    return people


def told(answer: Any) -> list[str]:
    """The messages that an answer of the test client carries."""
    return [str(message) for message in get_messages(answer.wsgi_request)]


def members_of(acting: Acting, ana: Person, proposal: Proposal) -> list[set[str]]:
    """The people of each group of a plan, as it stands now."""
    with acting(ana):
        return [set(group["members"]) for group in plan_of(Proposal.objects.get(pk=proposal.pk))["groups"]]


def ids(*people: Person) -> set[str]:
    """People as a plan knows them."""
    return {str(person.pk) for person in people}


def seats_of(group: Group) -> set[Any]:
    """Who sits in a group now."""
    return set(group.seats.current().values_list("person_id", flat=True))


@pytest.fixture
def enrol(acting: Acting, ana: Person) -> Enrol:
    """Members by their names; keywords change the words of their roster entries."""

    def add(*names: str, kind: Role.Kind = Role.Kind.MEMBER, **words: Any) -> list[Person]:
        with acting(ana):
            return enrol_people(ana.programme, *names, kind=kind, **words)

    return add


@pytest.fixture
def leads(enrol: Enrol) -> Enrol:
    """Facilitators by their names, free on Tuesday and Thursday evenings unless said otherwise."""

    def add(*names: str, **words: Any) -> list[Person]:
        slots = ["tue-evening", "thu-evening"]
        return enrol(*names, kind=Role.Kind.FACILITATOR, **{"slots": slots, "meetings_a_week": 2, **words})

    return add


@pytest.fixture
def add_venue(acting: Acting, ana: Person) -> AddVenue:
    def add(**words: Any) -> Venue:
        with acting(ana):
            return keep_venue(ana.programme, {**LIBRARY, **words}, actor=ana)

    return add


@pytest.fixture
def library(add_venue: AddVenue) -> Venue:
    return add_venue()


@pytest.fixture
def keep_apart(acting: Acting, ana: Person) -> Apart:
    def add(*people: Person) -> None:
        with acting(ana):
            words = {"people": [str(person.pk) for person in people]}
            item = items.seal(ana.programme.placement, "keep_apart", words)
            KeepApart.objects.create(programme=ana.programme, item=item)

    return add


@pytest.fixture
def same_process(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    """The kernel without a process of its own: quicker, and the same answer."""

    def run(
        _module: str, problem: dict[str, Any], *, time_limit: float, what_if: bool = False, **_more: Any
    ) -> dict[str, Any]:
        read = Problem.from_json(problem)
        result = solve(read, time_limit=time_limit)
        found = result.to_json()
        if what_if:
            found["what_if"] = [chance.to_json() for chance in look_further(read, result, time_limit=time_limit)]
        return found

    monkeypatch.setattr(drawing, "run_apart", run)
    monkeypatch.setattr(drawing, "in_background", lambda work: work())
    return run


@pytest.fixture
def propose(acting: Acting, ana: Person, cycle: Cycle) -> Propose:
    def draw(**options: Any) -> Proposal:
        with acting(ana):
            return propose_groups(cycle, actor=ana, seconds=10, **options)

    return draw


@pytest.fixture
@rehearsed
def six(enrol: Enrol, leads: Enrol, library: Venue) -> list[Person]:
    """Six who can come on Tuesday evening, and Bo and Max who could lead."""
    leads("Bo", "Max")
    return enrol(*SIX)


@pytest.fixture
@rehearsed
def running(acting: Acting, ana: Person, six: list[Person], propose: Propose) -> Group:
    """A group of these six that meets already."""
    proposal = propose()
    with acting(ana):
        (group,) = accept_groups(proposal, revision=1, actor=ana)
    return group


@pytest.fixture
def real_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that threads write to as in real use: on SQLite a file, since one in memory knows no waiting."""
    if connection.vendor != "sqlite":
        yield
        return
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    file = tmp_path / "threads.sqlite3"
    with sqlite3.connect(file) as copy:
        in_memory.backup(copy)
    copy.close()
    connection.connection, connection.settings_dict["NAME"] = None, str(file)
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = in_memory, name


@pytest.fixture
def desk(signed_in: SignedIn, ana: Person) -> Client:
    client = signed_in(ana)
    client.get(reverse("groups:cycles"))
    return client


@pytest.fixture
@rehearsed
def people(enrol: Enrol, leads: Enrol, library: Venue) -> dict[str, Person]:
    """Seven for Tuesday and seven for Thursday evening, two who can come then and could not be placed."""
    leads("Bo", "Max")
    tuesday = enrol(*NAMES, preferred_slots=["tue-evening"], slots=["tue-evening", "thu-evening"])
    thursday = enrol(*[f"{name} B" for name in NAMES], slots=["thu-evening"])
    names = [*NAMES, *[f"{name} B" for name in NAMES], "Sun", "Far"]
    late = [*enrol("Sun", slots=["sun-morning"]), *enrol("Far", area="Applewick/Market")]
    return dict(zip(names, [*tuesday, *thursday, *late], strict=True))


@pytest.fixture
@rehearsed
def proposal(acting: Acting, ana: Person, cycle: Cycle, people: dict[str, Person]) -> Proposal:
    with acting(ana):
        return propose_groups(cycle, actor=ana, seconds=10)


def page_of(cycle: Cycle) -> str:
    return reverse("groups:proposal", args=[cycle.pk])


def draw_up(desk: Client, cycle: Cycle, **words: str) -> Any:
    """Ask for a proposal, and go on to it as the browser does."""
    return desk.post(page_of(cycle), {"interpreters": "1", "seconds": "15", **words}, follow=True)


def move(desk: Client, proposal: Proposal, person: Person, target: object, revision: int = 1, sure: str = "on") -> Any:
    """What is said after a move; without `sure` the page that asks, or what is said instead of asking."""
    words = {"person": str(person.pk), "target": str(target), "revision": revision, "sure": sure}
    answer = desk.post(reverse("groups:proposal_move", args=[proposal.pk]), words)
    if answer.status_code == 200:
        return answer
    back = [reverse(f"groups:{name}", args=[proposal.pk]) for name in ("kept_proposal", "proposal_choose")]
    assert answer["Location"].partition("?")[0] in back
    said = told(answer)
    desk.get(answer["Location"], follow=True)
    return said


def number_of(acting: Acting, ana: Person, proposal: Proposal, slot: str) -> int:
    with acting(ana):
        groups = plan_of(Proposal.objects.get(pk=proposal.pk))["groups"]
    return next(place for place, group in enumerate(groups) if group["slot"] == slot)
