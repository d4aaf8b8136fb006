"""Many at once in one scope, on a database that all really write to: one epoch for a number, and nothing is lost."""

import os
import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread

import pytest
from django.db import connection

from wayhouse.core import clock
from wayhouse.crypto import items, scopes, slots
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.models import Envelope, Item, Keyholder, Membership, Scope
from wayhouse.groups.tests.conftest import real_database  # noqa: F401  a fixture

Holder = tuple[Keyholder, bytes]
Step = Callable[[], object]
ROUNDS = int(os.environ.get("WAYHOUSE_EXAMPLES", "0")) // 10 or 1
EACH = 6


def ring(holder: Holder) -> Keyring:
    return Keyring(holder[0].pk, holder[1])


def at_once(works: list[list[Step]]) -> list[Exception]:
    """Each list in a thread of its own, all from the same moment; what went wrong."""
    barrier, wrong = Barrier(len(works)), list[Exception]()

    def run(steps: list[Step]) -> None:
        try:
            barrier.wait(timeout=30)
            for step in steps:
                step()
        except Exception as error:  # noqa: BLE001  that there is none is what is asked for
            wrong.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(steps,)) for steps in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return wrong


def come_and_go(scope: Scope, who: Holder, host: Holder) -> list[Step]:
    """Let in by somebody who is inside, and out again, several times."""

    def come() -> None:
        with use(ring(host)):
            scopes.admit(scope, who[0])

    return [come, partial(scopes.dismiss, scope, who[0])] * (EACH // 2)


@pytest.mark.soaked
@pytest.mark.abuse(30)
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_database")
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_writing_while_people_come_and_go_and_keys_are_renewed(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  no secret
    ada, ben, cleo, dee, eve = (slots.new_holder(Keyholder.Kind.ACCOUNT) for _one in range(5))
    scope = scopes.create_scope("group", [ada[0], ben[0], cleo[0]])
    written: dict[object, str] = {}
    begun: list[int] = []

    def write(who: Holder, text: str) -> None:
        with use(ring(who)):
            written[items.seal(scope, "note", {"text": text}, standing=False).pk] = text

    def grow_old() -> None:
        Scope.objects.filter(pk=scope.pk).update(epoch_on=clock.today() - timedelta(days=40))
        begun.append(scopes.rotate_due().done)

    secrets = [ben[1]]

    def renew() -> None:
        secrets.append(scopes.renew_holder(ben[0], Keyring(ben[0].pk, secrets[-1])))

    def writing(who: Holder, name: str) -> list[Step]:
        return [partial(write, who, f"{name} {number}") for number in range(EACH)]

    keys = [chance.choice([renew, grow_old]) for _time in range(EACH // 2)]
    works: list[list[Step]] = [writing(ada, "ada"), writing(cleo, "cleo"), come_and_go(scope, dee, ada)]
    works += [come_and_go(scope, eve, cleo), [*keys]]
    assert at_once(works) == []
    now = Scope.objects.get(pk=scope.pk)
    found = list(Item.objects.filter(scope=scope).order_by("seq"))
    assert [item.seq for item in found] == list(range(len(written)))
    # One epoch for each who came or went, each renewal, and each time that the present one had grown old.
    assert now.epoch == 1 + 2 * 2 * (EACH // 2) + len(secrets) - 1 + sum(begun)
    members = set(Membership.objects.filter(scope=scope).values_list("holder_id", flat=True))
    assert members == {ada[0].pk, ben[0].pk, cleo[0].pk}
    present = Envelope.objects.filter(scope=scope, epoch=now.epoch)
    assert set(present.values_list("holder_id", flat=True)) == members
    for who in (ada, cleo, (ben[0], secrets[-1])):
        with use(ring(who)):
            assert {item.pk: items.words_of(Item.objects.get(pk=item.pk))["text"] for item in found} == written
