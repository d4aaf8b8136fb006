"""A key serves for 30 days or 500 items; then the next epoch begins, with nobody there."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from wayhouse.crypto import items, scopes, slots
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.models import EPOCH_HOLDS, EPOCH_LASTS, Envelope, Item, Keyholder, Scope
from wayhouse.crypto.scopes import Rotated

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Holder = tuple[Keyholder, bytes]


@pytest.fixture
def ada() -> Holder:
    return slots.new_holder(Keyholder.Kind.ACCOUNT)


@pytest.fixture
def ben() -> Holder:
    return slots.new_holder(Keyholder.Kind.ACCOUNT)


def write(holder: Holder, scope: Scope, *texts: str) -> list[Item]:
    with use(Keyring(holder[0].pk, holder[1])):
        return items.seal_all(scope, "note", [(None, {"text": text}) for text in texts])


def read(holder: Holder, item: Item) -> object:
    with use(Keyring(holder[0].pk, holder[1])):
        return items.words_of(Item.objects.get(pk=item.pk))["text"]


def epoch_of(scope: Scope) -> int:
    return Scope.objects.get(pk=scope.pk).epoch


@pytest.mark.parametrize(("age", "epoch"), [(EPOCH_LASTS - timedelta(days=1), 1), (EPOCH_LASTS, 2)])
def test_after_thirty_days_a_new_epoch_begins(ada: Holder, age: timedelta, epoch: int) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        scope = scopes.create_scope("group", [ada[0]])
        write(ada, scope, "before")
        clock.shift(age)
        assert scopes.rotate_due() == Rotated(done=epoch - 1, refused=0)
    assert epoch_of(scope) == epoch


@pytest.mark.parametrize(("count", "epoch"), [(EPOCH_HOLDS - 1, 1), (EPOCH_HOLDS, 2)])
def test_after_five_hundred_items_a_new_epoch_begins(ada: Holder, count: int, epoch: int) -> None:
    scope = scopes.create_scope("group", [ada[0]])
    write(ada, scope, *("words" for _item in range(count)))
    scopes.rotate_due()
    assert epoch_of(scope) == epoch


def test_where_nothing_was_written_the_key_stays(ada: Holder) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        scope = scopes.create_scope("group", [ada[0]])
        clock.shift(EPOCH_LASTS)
        assert scopes.rotate_due() == Rotated(done=0, refused=0)
    assert epoch_of(scope) == 1


def test_it_begins_once_and_everybody_reads_on(ada: Holder, ben: Holder) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        scope = scopes.create_scope("group", [ada[0], ben[0]])
        (before,) = write(ada, scope, "before")
        clock.shift(EPOCH_LASTS)
        assert [scopes.rotate_due(), scopes.rotate_due()] == [Rotated(1, 0), Rotated(0, 0)]
        (after,) = write(ben, scope, "after")
    assert after.epoch == 2
    assert [read(who, item) for who in (ada, ben) for item in (before, after)] == ["before", "after"] * 2


def test_an_old_key_opens_nothing_new(ada: Holder, ben: Holder) -> None:
    """Ben's envelope of the first epoch is all that leaked."""
    scope = scopes.create_scope("group", [ada[0], ben[0]])
    write(ada, scope, *("words" for _item in range(EPOCH_HOLDS)))
    scopes.rotate_due()
    Envelope.objects.filter(holder=ben[0], epoch=2).delete()
    (after,) = write(ada, scope, "after")
    with pytest.raises(CannotOpen):
        read(ben, after)


@pytest.mark.abuse(28)
def test_one_exchanged_key_does_not_keep_others_from_theirs(ada: Holder, ben: Holder) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        refused, done = (scopes.create_scope("group", [who[0]]) for who in (ada, ben))
        write(ada, refused, "hers")
        write(ben, done, "his")
        Keyholder.objects.filter(pk=ada[0].pk).update(public_key=bytes(ben[0].public_key))
        clock.shift(EPOCH_LASTS)
        assert scopes.rotate_due() == Rotated(done=1, refused=1)
    assert (epoch_of(refused), epoch_of(done)) == (1, 2)
