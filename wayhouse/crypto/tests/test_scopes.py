from collections.abc import Callable

import pytest
from django.db import transaction

from wayhouse.crypto import desks, items, scopes, slots
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Keyring, Locked, use
from wayhouse.crypto.models import Envelope, Item, Keyholder, Scope
from wayhouse.crypto.shred import add_subject, shred

pytestmark = pytest.mark.django_db

Holder = tuple[Keyholder, bytes]


@pytest.fixture
def holder() -> Callable[[], Holder]:
    return lambda: slots.new_holder(Keyholder.Kind.ACCOUNT)


@pytest.fixture
def ada(holder: Callable[[], Holder]) -> Holder:
    return holder()


@pytest.fixture
def ben(holder: Callable[[], Holder]) -> Holder:
    return holder()


def ring(holder: Holder) -> Keyring:
    return Keyring(holder[0].pk, holder[1])


def read(holder: Holder, item: Item) -> object:
    with use(ring(holder)):
        return items.words_of(Item.objects.get(pk=item.pk))["text"]


def write(holder: Holder, scope: Scope, text: str, *, standing: bool = False) -> Item:
    with use(ring(holder)):
        return items.seal(scope, "note", {"text": text}, standing=standing)


def test_who_is_in_the_scope_reads(ada: Holder, ben: Holder) -> None:
    scope = scopes.create_scope("group", [ada[0], ben[0]])
    item = write(ada, scope, "hello")
    assert (read(ada, item), read(ben, item)) == ("hello", "hello")


def test_who_is_not_in_the_scope_does_not_read(ada: Holder, ben: Holder) -> None:
    item = write(ada, scopes.create_scope("group", [ada[0]]), "hello")
    with pytest.raises(CannotOpen):
        read(ben, item)


def test_nobody_reads_without_keys(ada: Holder) -> None:
    item = write(ada, scopes.create_scope("group", [ada[0]]), "hello")
    with pytest.raises(Locked):
        items.words_of(Item.objects.get(pk=item.pk))


def test_a_newcomer_reads_what_stands_and_what_comes(ada: Holder, ben: Holder) -> None:
    scope = scopes.create_scope("group", [ada[0]])
    old, name = write(ada, scope, "before"), write(ada, scope, "Kestrel", standing=True)
    with use(ring(ada)):
        scopes.admit(scope, ben[0])
    new = write(ada, scope, "after")
    assert (read(ben, name), read(ben, new)) == ("Kestrel", "after")
    with pytest.raises(CannotOpen):
        read(ben, old)


@pytest.mark.abuse(29)
def test_who_leaves_reads_nothing_at_all(ada: Holder, ben: Holder) -> None:
    scope = scopes.create_scope("group", [ada[0], ben[0]])
    before = write(ada, scope, "before")
    scopes.dismiss(scope, ben[0])
    after = write(ada, scope, "after")
    for item in (before, after):
        with pytest.raises(CannotOpen):
            read(ben, item)
    assert (read(ada, before), read(ada, after)) == ("before", "after")


@pytest.mark.abuse(29)
def test_who_leaves_and_kept_an_envelope_reads_nothing_new(ada: Holder, ben: Holder) -> None:
    scope = scopes.create_scope("group", [ada[0], ben[0]])
    kept = Envelope.objects.get(scope=scope, holder=ben[0])
    scopes.dismiss(scope, ben[0])
    after = write(ada, scope, "after")
    kept.save(force_insert=True)
    with pytest.raises(CannotOpen):
        read(ben, after)


def test_an_erased_subject_opens_for_nobody(ada: Holder) -> None:
    scope, subject = scopes.create_scope("group", [ada[0]]), ada[0].pk
    add_subject(subject)
    with use(ring(ada)):
        item = items.seal(scope, "note", {"text": "mine"}, subject_id=subject)
        other = items.seal(scope, "note", {"text": "ours"})
    shred(subject)
    assert read(ada, other) == "ours"
    with pytest.raises(CannotOpen):
        read(ada, item)


def test_what_was_about_somebody_erased_keeps_nobody_out(ada: Holder, ben: Holder) -> None:
    scope, subject = scopes.create_scope("group", [ada[0]]), ada[0].pk
    add_subject(subject)
    with use(ring(ada)):
        items.seal(scope, "note", {"text": "mine"}, subject_id=subject)
        other = items.seal(scope, "note", {"text": "ours"})
    shred(subject)
    with use(ring(ada)):
        scopes.admit(scope, ben[0])
    assert read(ben, other) == "ours"


@pytest.mark.abuse(27)
def test_boxes_cannot_change_places(ada: Holder) -> None:
    scope = scopes.create_scope("group", [ada[0]])
    first, second = write(ada, scope, "one"), write(ada, scope, "two")
    Item.objects.filter(pk=first.pk).update(box=second.box)
    with pytest.raises(CannotOpen):
        read(ada, first)


@pytest.mark.abuse(27)
def test_an_older_version_cannot_be_put_back_under_the_new_number(ada: Holder) -> None:
    scope = scopes.create_scope("group", [ada[0]])
    item = write(ada, scope, "one")
    old_box = bytes(Item.objects.get(pk=item.pk).box)
    with use(ring(ada)):
        items.reseal(item, {"text": "two"})
    Item.objects.filter(pk=item.pk).update(box=old_box)
    with pytest.raises(CannotOpen):
        read(ada, item)


@pytest.mark.abuse(28)
def test_an_exchanged_public_key_is_refused(ada: Holder, ben: Holder) -> None:
    scope = scopes.create_scope("group", [ada[0]])
    Keyholder.objects.filter(pk=ada[0].pk).update(public_key=bytes(ben[0].public_key))
    with pytest.raises(CannotOpen), transaction.atomic():
        scopes.rotate(scope)
    assert Scope.objects.get(pk=scope.pk).epoch == 1


def test_an_envelope_of_another_place_is_refused(ada: Holder) -> None:
    one, two = (scopes.create_scope("group", [ada[0]]) for _ in range(2))
    item = write(ada, two, "hello")
    stolen = Envelope.objects.get(scope=one).sealed
    Envelope.objects.filter(scope=two).update(sealed=stolen)
    with pytest.raises(CannotOpen):
        read(ada, item)


def test_numbers_of_a_scope_have_no_gap(ada: Holder) -> None:
    scope = scopes.create_scope("group", [ada[0]])
    for text in "abc":
        write(ada, scope, text)
    assert list(Item.objects.filter(scope=scope).order_by("seq").values_list("seq", flat=True)) == [0, 1, 2]


def test_everything_passes_to_the_heir(ada: Holder, ben: Holder) -> None:
    item = write(ada, scopes.create_scope("group", [ada[0]]), "hello")
    scopes.hand_over(ring(ada), ben[0])
    assert read(ben, item) == "hello"
    with pytest.raises(CannotOpen):
        read(ada, item)


def test_fifty_items_open_in_one_query(ada: Holder, django_assert_num_queries: Callable[..., object]) -> None:
    scope = scopes.create_scope("group", [ada[0]])
    with use(ring(ada)):
        items.seal_all(scope, "note", [(None, {"text": str(number)}) for number in range(50)])
    found = list(Item.objects.filter(scope=scope))
    with use(ring(ada)), django_assert_num_queries(1):  # type: ignore[attr-defined]
        items.open_items(found)


def test_a_desk_opens_for_who_sits_at_it(ada: Holder, ben: Holder) -> None:
    room = scopes.create_scope("placement", [ada[0], ben[0]])
    with use(ring(ada)):
        desk = desks.open_desk(room)
        holder = Keyholder.objects.get(pk=desks.holder_id(desk))
    group = scopes.create_scope("group", [holder])
    keyring = ring(ben)
    with use(keyring):
        desks.sit_down(keyring, Item.objects.get(pk=desk.pk), holder)
        item = items.seal(group, "note", {"text": "hello"})
        assert items.words_of(Item.objects.get(pk=item.pk)) == {"text": "hello"}
    with pytest.raises(CannotOpen):
        read(ada, item)


def test_after_renewing_the_desk_its_old_secret_opens_nothing(ada: Holder, ben: Holder) -> None:
    room = scopes.create_scope("placement", [ada[0], ben[0]])
    keyring = ring(ada)
    with use(keyring):
        desk = desks.open_desk(room)
        holder = Keyholder.objects.get(pk=desks.holder_id(desk))
        old_secret = desks.sit_down(keyring, desk, holder)
        group = scopes.create_scope("group", [holder])
        item = items.seal(group, "note", {"text": "hello"})
        scopes.dismiss(room, ben[0])
        desks.renew(desk, holder)
        assert items.words_of(Item.objects.get(pk=item.pk)) == {"text": "hello"}
    with pytest.raises(CannotOpen):
        read((holder, old_secret), item)


def test_a_scope_made_with_a_desk_read_before_it_was_renewed_opens_with_the_new_key(ada: Holder) -> None:
    keyring = ring(ada)
    with use(keyring):
        desk = desks.open_desk(scopes.create_scope("placement", [ada[0]]))
        holder = Keyholder.objects.get(pk=desks.holder_id(desk))
        desks.sit_down(keyring, desk, holder)
        read_before = Keyholder.objects.get(pk=holder.pk)
        desks.renew(desk, holder)
        item = items.seal(scopes.create_scope("group", [read_before]), "note", {"text": "hello"})
        assert items.words_of(Item.objects.get(pk=item.pk)) == {"text": "hello"}


def test_a_renewed_desk_does_not_stand_in_the_way_of_ones_own_key(ada: Holder) -> None:
    keyring = ring(ada)
    with use(keyring):
        desk = desks.open_desk(scopes.create_scope("placement", [ada[0]]))
        holder = Keyholder.objects.get(pk=desks.holder_id(desk))
        old_secret = desks.sit_down(keyring, desk, holder)
        group = scopes.create_scope("group", [holder, ada[0]])
        item = items.seal(group, "note", {"text": "hello"})
        desks.renew(desk, holder)
    late = ring(ada)
    late.add_desk(holder.pk, old_secret)
    with use(late):
        assert items.words_of(Item.objects.get(pk=item.pk)) == {"text": "hello"}
