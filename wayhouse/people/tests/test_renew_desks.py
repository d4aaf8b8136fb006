"""A coordinator's new keys: whoever copied the old ones reads nothing written afterwards, by the desk neither."""

import pytest

from conftest import PASSPHRASE, Cast
from wayhouse.accounts.actions import renew_keys
from wayhouse.crypto import items, scopes
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import use
from wayhouse.crypto.models import Item
from wayhouse.people.models import Person, Role


def test_the_desk_of_the_old_key_is_worth_nothing(cast: Cast, ana: Person) -> None:
    second = cast.enter("eve", Role.Kind.COORDINATOR, ana)
    with cast.acting(ana):
        ana.programme.desk.refresh_from_db()
        scope = scopes.create_scope("group", [ana.programme.desk])
    thief = cast.keyring(ana)
    assert ana.user is not None
    cast.secrets[ana.pk], _code = renew_keys(ana.user, cast.secrets[ana.pk], PASSPHRASE)
    for programme in (ana.programme, second.programme):
        programme.desk.refresh_from_db()
        programme.desk_item.refresh_from_db()
    with cast.acting(ana):
        later = items.seal(scope, "group", {"name": "Kestrel"})
    with use(thief), pytest.raises(CannotOpen):
        items.words_of(Item.objects.get(pk=later.pk))
    with cast.acting(second):
        assert items.words_of(Item.objects.get(pk=later.pk)) == {"name": "Kestrel"}


def test_a_members_new_keys_leave_the_desk_alone(cast: Cast, ana: Person, cass: Person) -> None:
    ana.programme.desk.refresh_from_db()
    before = bytes(ana.programme.desk.public_key)
    assert cass.user is not None
    renew_keys(cass.user, cast.secrets[cass.pk], PASSPHRASE)
    ana.programme.desk.refresh_from_db()
    assert bytes(ana.programme.desk.public_key) == before
