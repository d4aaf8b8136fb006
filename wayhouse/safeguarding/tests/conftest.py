"""Sol leads, Dot is the deputy, Dia directs, Tru is the trustee. A Tuesday at 22:00, with a virtual clock."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client

from conftest import Cast
from wayhouse.accounts.models import User, handle_tag
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.crypto.models import Keyholder
from wayhouse.crypto.shred import add_subject
from wayhouse.crypto.slots import new_holder
from wayhouse.groups.models import Cycle, OpeningConditions
from wayhouse.notices.actions import agree_contact
from wayhouse.notices.hours import Hours
from wayhouse.notices.kinds import Channel
from wayhouse.notices.plan import Plan
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding.models import Concern
from wayhouse.safeguarding.posts import appoint
from wayhouse.safeguarding.protocol import Kind, Level, Post
from wayhouse.safeguarding.raising import Report, raise_concern
from wayhouse.safeguarding.rota import fill_rota

# After midnight in winter Berlin is an hour ahead of UTC.
LATE = datetime.fromisoformat("2026-12-01T22:00:00+01:00")
L1 = Report(Level.NOW, Kind.SELF_HARM, "seat", "I do not want to be here tomorrow", raiser="Bo")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(LATE, tick=False) as traveller:
        yield traveller


def arrived(cast: Cast, ana: Person, handle: str, kind: Role.Kind) -> Person:
    """Somebody with an account, without the invitation that is tested elsewhere."""
    holder, secret = new_holder(Keyholder.Kind.ACCOUNT)
    user = User.objects.create(username=handle_tag(handle), holder=holder)
    person = Person.objects.create(programme=ana.programme, user=user)
    add_subject(person.pk)
    Role.objects.create(person=person, kind=kind)
    cast.secrets[person.pk] = secret
    return person


def appointed(cast: Cast, ana: Person, handle: str, post: Post) -> Person:
    person = arrived(cast, ana, handle, Role.Kind.SAFEGUARDING_LEAD)
    with cast.acting(ana):
        appoint(person, post, handle.capitalize(), actor=ana)
    return person


@pytest.fixture
@rehearsed
def team(cast: Cast, clock: time_machine.Traveller, ana: Person) -> dict[str, Person]:
    """Lead, deputy, director and trustee; Sol is first on call for four weeks, Dot second."""
    posts = {"sol": Post.LEAD, "dot": Post.DEPUTY, "dia": Post.DIRECTOR, "tru": Post.TRUSTEE}
    found = {handle: appointed(cast, ana, handle, post) for handle, post in posts.items()}
    with cast.acting(ana):
        days = {LATE.date() + timedelta(days=number): (found["sol"], found["dot"]) for number in range(28)}
        fill_rota(ana.programme, days, actor=ana)
    for person in found.values():
        reachable(person)
    return found


def reachable(person: Person, phone: str = "+490") -> None:
    agree_contact(
        Plan(channels=(Channel.SMS, Channel.EMAIL), email="a@example.org", phone=phone, hours=Hours(), paged=True),
        actor=person,
    )


@pytest.fixture
@rehearsed
def bo(cast: Cast, team: dict[str, Person], ana: Person) -> Person:
    return arrived(cast, ana, "bo", Role.Kind.FACILITATOR)


def asks_again(client: Client, address: str) -> bool:
    """Whether this page is shown only after a new proof of who one is, and then."""
    answer = client.get(address)
    proof = f"/account/again/?{urlencode({'next': address})}"
    return (answer.status_code, answer.headers.get("Location")) == (302, proof)


@pytest.fixture
def cycle(bo: Person, ana: Person, cycle: Cycle) -> Cycle:
    """Groups open although nobody has answered a drill, and this house sends nothing."""
    OpeningConditions.objects.filter(programme=ana.programme).update(drilled_on=LATE.date(), can_be_paged=True)
    return cycle


@pytest.fixture
def raised(cast: Cast, bo: Person) -> Callable[..., Concern]:
    """Bo raises it."""

    def by_bo(report: Report = L1, without: tuple[Post, ...] = ()) -> Concern:
        with cast.acting(bo):
            return raise_concern(report, without=without, actor=bo)

    return by_bo
