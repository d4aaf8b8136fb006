"""The cast. Ana coordinates, Bo facilitates the Tuesday group, Cass attends it, Dee belongs to another group,
Sol leads safeguarding, Max mentors, Aud audits, Pat works for a partner. All are invented."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.test import Client

from wayhouse.accounts.session_store import SessionStore
from wayhouse.audit.tests.emptying import emptied_log  # noqa: F401  the log refuses to be emptied between tests
from wayhouse.core.tests.chromium import chromium, chromium_path  # noqa: F401  fixtures of every room
from wayhouse.core.tests.empty_house import empty_house  # noqa: F401
from wayhouse.core.tests.rehearsing import Stage, rehearsed
from wayhouse.crypto import desks, items
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.shred import add_subject
from wayhouse.groups import actions as group_actions
from wayhouse.groups.models import Cycle, Group, OpeningConditions
from wayhouse.meetings.models import Guide, Meeting
from wayhouse.meetings.planning import plan_meetings
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.people.actions import give_role
from wayhouse.people.consents.ledger import ConsentEntry
from wayhouse.people.consents.wordings import Purpose
from wayhouse.people.invitations import accept_invitation, found, invite
from wayhouse.people.models import Person, Programme, Role, RosterEntry
from wayhouse.people.present import AT_WORK

SIX_MINUTES = 360
LONG_AGO = date(2020, 1, 1)
PASSPHRASE = "six plain words for a test"

Acting = Callable[[Person], AbstractContextManager[Keyring | None]]
SignedIn = Callable[[Person], Client]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what no database can make a difference to, so that one run of it is enough."""
    for item in items:
        needs = {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
        if not needs and not any(map(item.get_closest_marker, ("django_db", "browser", "process"))):
            item.add_marker(pytest.mark.pure)


@pytest.fixture(autouse=True, scope="session")
def _no_way_out() -> Iterator[None]:
    """Nothing of a test leaves the machine: whatever would look up or call another one is an error (row 13)."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not _is_here(address[0]):
            raise WayOutError(address)
        connect(self, address)

    def look_up_here(host: Any, *more: Any, **named: Any) -> Any:
        if not _is_here(host):
            # What is no name at all is refused before anybody is asked.
            str(host).encode("idna")
            raise WayOutError(host)
        return look_up(host, *more, **named)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket.socket, "connect", connect_here)
        patched.setattr(socket, "getaddrinfo", look_up_here)
        yield


class WayOutError(Exception):
    """A test tried to reach another machine."""


def _is_here(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    return name in {None, "", "localhost", "::1"} or str(name).startswith("127.")


@pytest.fixture(autouse=True)
def _quick_keys(settings: object) -> None:
    settings.WAYHOUSE_QUICK_KDF = True  # type: ignore[attr-defined]
    # Tests read faster than people.
    settings.WAYHOUSE_PAGES_A_MINUTE = 1_000_000  # type: ignore[attr-defined]
    # Files are served as they lie: hashing and compressing them anew for each test tells nothing.
    settings.STORAGES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


class Cast:
    """People of one organisation and the keys they hold, as if each were signed in somewhere."""

    def __init__(self) -> None:
        self.secrets: dict[object, bytes] = {}
        self.stage = Stage(self, self.secrets)

    def keyring(self, person: Person) -> Keyring:
        assert person.user is not None
        keyring = Keyring(person.user.holder_id, self.secrets[person.pk])
        if person.is_coordinator:
            programme = person.programme
            with use(keyring):
                programme.desk_item.refresh_from_db()
                desks.sit_down(keyring, programme.desk_item, programme.desk)
        return keyring

    def acting(self, person: Person) -> AbstractContextManager[Keyring | None]:
        return use(self.keyring(person))

    def accept(self, token: str, handle: str) -> Person:
        user, secret, _code = accept_invitation(token, handle, PASSPHRASE)
        person = user.people.get()
        # People of a house that has been running for a while.
        person.roles.update(since_on=LONG_AGO)
        self.secrets[person.pk] = secret
        return person

    def enter(self, handle: str, kind: Role.Kind, by: Person) -> Person:
        """Somebody joins: a roster row, a role, an invitation, an account."""
        person = Person.objects.create(programme=by.programme)
        add_subject(person.pk)
        with self.acting(by):
            words = {"name": handle.capitalize(), "role": str(kind), "languages": ["en"], "slots": ["tue-evening"]}
            item = items.seal(by.programme.placement, "roster", words, subject_id=person.pk)
            RosterEntry.objects.create(person=person, item=item)
            give_role(person, kind, actor=by)
            token = invite(person, handle.capitalize(), actor=by)
        if kind == Role.Kind.MEMBER:
            says_yes(person, Purpose.KEEPING)
        return self.accept(token, handle)

    def sign_in(self, person: Person, *, second_step: bool = True) -> Client:
        client, session = Client(), SessionStore()
        if second_step:
            session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - SIX_MINUTES}]
            session["account_authentication_methods_user"] = str(person.user_id)
        session[SESSION_KEY] = str(person.user_id)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.user.get_session_auth_hash() if person.user else ""
        session["key"] = self.secrets[person.pk].hex()
        if person.opens_words_of_others:
            session.end_within(AT_WORK)
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
        return client


def says_yes(person: Person, purpose: Purpose) -> ConsentEntry:
    """A yes that stands in the ledger since long."""
    words = {"about": person.pk, "step": ConsentEntry.Step.GIVEN, "version": "1", "language": "en", "on": LONG_AGO}
    return ConsentEntry.objects.create(person=person, purpose=purpose, **words)


def may_open(programme: Programme) -> None:
    """Groups may open, as after everything that the room of safeguarding asks for; its own tests do that in earnest."""
    there = {"has_lead": True, "has_deputy": True, "has_numbers": True, "can_be_paged": True}
    days = {"rota_until": date(2199, 1, 1), "drilled_on": date(2199, 1, 1)}
    OpeningConditions.objects.create(programme=programme, **there, **days)


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    # The same people come on again and again: whatever is counted for each of them begins anew.
    cache.clear()
    cast = Cast()
    with cast.stage.watched():
        yield cast


@pytest.fixture
def acting(cast: Cast) -> Acting:
    return cast.acting


@pytest.fixture
def signed_in(cast: Cast) -> SignedIn:
    return cast.sign_in


@pytest.fixture
@rehearsed
def ana(cast: Cast) -> Person:
    programme, token = found("Lantern Trust (invented)", "Open Circle", "Ana", time_zone="Europe/Berlin")
    may_open(programme)
    return cast.accept(token, "ana")


@pytest.fixture
def programme(ana: Person) -> Programme:
    return ana.programme


def _joins(handle: str, kind: Role.Kind) -> Callable[[Cast, Person], Person]:
    def fixture(cast: Cast, ana: Person) -> Person:
        return cast.enter(handle, kind, ana)

    fixture.__name__ = handle
    return pytest.fixture(rehearsed(fixture))


bo = _joins("bo", Role.Kind.FACILITATOR)
cass = _joins("cass", Role.Kind.MEMBER)
dee = _joins("dee", Role.Kind.MEMBER)
sol = _joins("sol", Role.Kind.SAFEGUARDING_LEAD)
max = _joins("max", Role.Kind.MENTOR)  # noqa: A001  the cast of the house
aud = _joins("aud", Role.Kind.AUDITOR)
pat = _joins("pat", Role.Kind.PARTNER)


@pytest.fixture
@rehearsed
def cycle(cast: Cast, ana: Person) -> Cycle:
    with cast.acting(ana):
        return group_actions.begin_cycle(
            ana.programme,
            pack="twelve-evenings",
            version="1.0.0",
            title="Twelve evenings",
            starts_on=next_monday(),
            weeks=14,
            actor=ana,
        )


@pytest.fixture
@rehearsed
def tuesday(cast: Cast, cycle: Cycle, ana: Person, bo: Person, cass: Person) -> Group:
    """The Tuesday group: Bo facilitates, Cass attends."""
    words = {"name": "Kestrel", "venue": "Library, room 2", "slot": "tue-evening", "language": "en", "kind": "mixed"}
    with cast.acting(ana):
        return group_actions.open_group(cycle, words, facilitators={bo: "Bo"}, members={cass: "Cass"}, actor=ana)


@pytest.fixture
@rehearsed
def thursday(cast: Cast, cycle: Cycle, ana: Person, dee: Person) -> Group:
    """Another group, in which Dee sits."""
    words = {"name": "Wren", "venue": "Mill, first floor", "slot": "thu-evening", "language": "en", "kind": "mixed"}
    with cast.acting(ana):
        return group_actions.open_group(cycle, words, facilitators={}, members={dee: "Dee"}, actor=ana)


def next_monday() -> date:
    """A Monday four to ten days ahead."""
    today = date.today()  # noqa: DTZ011  the day of the test machine is the day of its virtual clock
    days = 7 - today.weekday()
    # At the end of a week the first evenings of the next one are too near to be changed.
    return today + timedelta(days=days if days > 3 else days + 7)


@pytest.fixture
@rehearsed
def guides(cycle: Cycle) -> list[Guide]:
    """A guide of one's own for each of two weeks; the shipped ones are tested where they live."""
    content = {
        "guide": "arriving", "title": "Arriving", "aim": "To arrive.",
        "before": {"room": ["Chairs in a ring"], "needs": ["Ask about lifts"], "cautions": ["No photographs"]},
        "steps": [
            {"part": "opening_round", "title": "Round", "minutes": 20, "say": "Welcome.", "do": ["Begin softly."]},
            {"part": "free_slot", "title": "Yours", "minutes": 70, "do": ["Tea."]},
        ],
        "afterwards": ["How was it for you?"], "content_cautions": ["Loneliness"],
        "online": {"minutes": 60, "changes": ["Cameras are free"],
                   "steps": [{"part": "free_slot", "minutes": 60, "how": "Talk."}]},
        "interpreter": ["Short turns"],
        "cards": [{"card": "distressed", "title": "Someone is distressed", "steps": ["a", "b", "c", "d", "e"]}],
    }  # fmt: skip
    return Guide.objects.bulk_create(
        Guide(cycle=cycle, key=key, language="en", week=week, title=title, content={**content, "title": title})
        for week, key, title in [(1, "arriving", "Arriving"), (2, "missing", "What we miss")]
    )


@pytest.fixture
@rehearsed
def meeting(cast: Cast, tuesday: Group, guides: list[Guide], ana: Person, bo: Person) -> Meeting:
    """The first evening of the Tuesday group: Bo leads, the card is written."""
    with cast.acting(ana):
        first = min(plan_meetings(tuesday.cycle, actor=ana), key=lambda made: made.week)
        staff_meeting(first, {bo: ("Bo", Role.Kind.FACILITATOR)}, actor=ana)
    return Meeting.objects.get(pk=first.pk)
