"""Somebody who lost everything, and the two who say who it is."""

import pytest

from conftest import Cast
from wayhouse.audit.models import AuditLeaf
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.crypto.keyring import Keyring
from wayhouse.groups.models import Group
from wayhouse.people.models import Person, Role, WayBack
from wayhouse.people.way_back import (
    ask_way_back,
    confirm_way_back,
    take_way_back,
)

MET, SPOKE = WayBack.How.MET, WayBack.How.SPOKE
NEW = "another of six plain words"


def vouched(cast: Cast, person: Person, first: Person, second: Person) -> str:
    """Both have said who it is; the token."""
    with cast.acting(first):
        way_back = ask_way_back(person, MET, actor=first)
    with cast.acting(second):
        return confirm_way_back(way_back, SPOKE, actor=second)


def back(cast: Cast, person: Person, first: Person, second: Person) -> Keyring:
    """Cass has begun again; the new keyring."""
    user, secret, _code = take_way_back(vouched(cast, person, first, second), "cass", NEW, "Cass")
    cast.secrets[person.pk] = secret
    return Keyring(user.holder_id, secret)


@pytest.fixture
@rehearsed
def lost(cass: Person, tuesday: Group) -> Person:
    """Cass, who sits in the Tuesday group and has lost everything."""
    return cass


@pytest.fixture
@rehearsed
def eve(cast: Cast, ana: Person) -> Person:
    """A second coordinator."""
    return cast.enter("eve", Role.Kind.COORDINATOR, ana)


def kinds() -> list[str]:
    """What the log says of ways back, in order."""
    logged = AuditLeaf.objects.order_by("index").values_list("kind", flat=True)
    return [
        kind for kind in logged if kind.split(".")[0] in {"way_back", "keys", "grant"} or kind == "account.begun_again"
    ]
