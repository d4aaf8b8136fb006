"""A state machine of who may read what: a model beside the real keys, compared after each step (harness H6)."""

import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from wayhouse.core import clock
from wayhouse.crypto import items, models, scopes, slots
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.models import Envelope, Item, Keyholder, Scope
from wayhouse.crypto.shred import add_subject, shred

EXAMPLES = int(os.environ.get("WAYHOUSE_EXAMPLES", "0"))
# The same examples at each change; others, and many more, in a soak.
HOW_MANY = settings(
    max_examples=EXAMPLES or 12,
    stateful_step_count=50 if EXAMPLES else 25,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
HOLDS = 4
PEOPLE = 4
number = st.integers(0, 2**16)
# What happens, and how often beside the others. One rule chooses among them: Hypothesis leaves out half of several
# rules in each example, and what is worth seeing takes most of them.
HAPPENS = {
    "open_room": 1, "join": 4, "leave": 3, "write": 6, "rewrite": 2, "an_hour_passes": 2, "renew_keys": 2, "erase": 1,
    "copy_all_keys": 1, "exchange_boxes": 1, "exchange_keys": 1,
}  # fmt: skip


@dataclass
class Room:
    """A scope in the model: who is in it, and from which epochs each of them has a key."""

    scope: UUID
    reach: dict[int, set[int]]
    epoch: int = 1
    written: int = 0

    def rotate(self) -> None:
        self.epoch, self.written = self.epoch + 1, 0
        for epochs in self.reach.values():
            epochs.add(self.epoch)


@dataclass
class Sheet:
    """An item in the model."""

    item: UUID
    room: Room
    epoch: int
    text: str
    subject: int | None
    standing: bool


@dataclass
class Copy:
    """What somebody took along: a secret key, and every epoch's key that it opened then."""

    who: int
    secret: bytes
    keys: dict[tuple[UUID, int], bytes]
    known: set[tuple[UUID, int]] = field(default_factory=set)


class Reading(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.few = patch.object(models, "EPOCH_HOLDS", HOLDS)
        self.few.start()
        self.people: list[tuple[UUID, bytes]] = []
        self.rooms: list[Room] = []
        self.sheets: list[Sheet] = []
        self.copies: list[Copy] = []
        self.erased: set[int] = set()

    def teardown(self) -> None:
        self.few.stop()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        for _one in range(PEOPLE):
            holder, secret = slots.new_holder(Keyholder.Kind.ACCOUNT)
            add_subject(holder.pk)
            self.people.append((holder.pk, secret))
        self.open_room(0)

    @rule(
        what=st.sampled_from([name for name, often in HAPPENS.items() for _time in range(often)]),
        one=number,
        other=number,
        third=number,
    )
    def something_happens(self, what: str, one: int, other: int, third: int) -> None:
        getattr(self, what)(one, other, third)

    def open_room(self, who: int, *_more: int) -> None:
        who %= PEOPLE
        if len(self.rooms) == 3:
            return
        scope = scopes.create_scope("group", [self.holder(who)])
        self.rooms.append(Room(scope.pk, {who: {1}}))

    def join(self, at: int, who: int, by: int) -> None:
        room, who = self.room(at), who % PEOPLE
        if who in room.reach or not room.reach:
            return
        with use(self.ring(sorted(room.reach)[by % len(room.reach)])):
            scopes.admit(self.scope(room), self.holder(who))
        room.reach[who] = set()
        room.rotate()
        for sheet in self.sheets:
            if sheet.room is room and sheet.standing and sheet.subject not in self.erased:
                sheet.epoch = room.epoch
                room.written += 1

    def leave(self, at: int, who: int, *_more: int) -> None:
        room, who = self.room(at), who % PEOPLE
        scopes.dismiss(self.scope(room), self.holder(who))
        if room.reach.pop(who, None) is not None:
            room.rotate()

    def write(self, at: int, by: int, how: int) -> None:
        """A third of it about nobody, half of it standing."""
        room, standing, about = self.room(at), how % 2 == 0, None if how % 3 == 0 else how // 3 % PEOPLE
        if not room.reach or about in self.erased:
            return
        text = f"words {len(self.sheets)}"
        subject = None if about is None else self.people[about][0]
        with use(self.ring(sorted(room.reach)[by % len(room.reach)])):
            item = items.seal(self.scope(room), "note", {"text": text}, subject_id=subject, standing=standing)
        room.written += 1
        self.sheets.append(Sheet(item.pk, room, room.epoch, text, about, standing))

    def rewrite(self, which: int, by: int, *_more: int) -> None:
        if not self.sheets:
            return
        sheet, by = self.sheets[which % len(self.sheets)], by % PEOPLE
        with use(self.ring(by)):
            item = Item.objects.get(pk=sheet.item)
            if self.may_read(by, sheet):
                items.reseal(item, {"text": sheet.text + "!"})
                sheet.text += "!"
                sheet.epoch = sheet.room.epoch
                sheet.room.written += 1

    def an_hour_passes(self, how: int, *_more: int) -> None:
        days = (0, 29, 30)[how % 3]
        Scope.objects.update(epoch_on=clock.today() - timedelta(days=days))
        due = [room for room in self.rooms if room.written >= HOLDS or (room.written and days >= 30)]
        assert scopes.rotate_due() == (len(due), 0)
        for room in due:
            room.rotate()

    def renew_keys(self, who: int, *_more: int) -> None:
        who %= PEOPLE
        secret = scopes.renew_holder(self.holder(who), self.ring(who))
        self.people[who] = (self.people[who][0], secret)
        for room in self.rooms:
            if who in room.reach:
                room.rotate()

    def erase(self, who: int, *_more: int) -> None:
        who %= PEOPLE
        shred(self.people[who][0])
        self.erased.add(who)

    def copy_all_keys(self, who: int, *_more: int) -> None:
        who %= PEOPLE
        if len(self.copies) == 3:
            return
        ring = self.ring(who)
        rows = Envelope.objects.filter(holder=self.people[who][0]).values_list("scope_id", "epoch")
        keys = {place: ring.epoch_key(*place) for place in rows}
        known = {(room.scope, epoch) for room in self.rooms for epoch in room.reach.get(who, ())}
        self.copies.append(Copy(who, self.people[who][1], keys, known))

    def exchange_boxes(self, first: int, second: int, *_more: int) -> None:
        """Whoever writes to the database makes two items change places; neither opens for anybody."""
        if len(self.sheets) < 2:
            return
        one, other = (self.sheets[which % len(self.sheets)].item for which in (first, second))
        if one == other:
            return
        boxes = dict(Item.objects.filter(pk__in=[one, other]).values_list("pk", "box"))
        for here, there in ((one, other), (other, one)):
            Item.objects.filter(pk=here).update(box=boxes[there])
        assert [self.reads(self.ring(who), {one, other}) for who in range(PEOPLE)] == [{}] * PEOPLE
        for pk, box in boxes.items():
            Item.objects.filter(pk=pk).update(box=box)

    def exchange_keys(self, who: int, other: int, *_more: int) -> None:
        """Whoever writes to the database puts another public key in place; nothing is sealed to it."""
        who, other = who % PEOPLE, other % PEOPLE
        room = next((room for room in self.rooms if who in room.reach), None)
        if room is None or who == other:
            return
        mine = self.holder(who).public_key
        Keyholder.objects.filter(pk=self.people[who][0]).update(public_key=self.holder(other).public_key)
        with pytest.raises(CannotOpen), transaction.atomic():
            scopes.rotate(self.scope(room))
        Keyholder.objects.filter(pk=self.people[who][0]).update(public_key=mine)

    @invariant()
    def everybody_reads_what_the_model_says_and_nothing_else(self) -> None:
        for who in range(len(self.people)):
            wanted = {sheet.item: sheet.text for sheet in self.sheets if self.may_read(who, sheet)}
            assert self.reads(self.ring(who)) == wanted

    @invariant()
    def a_copy_opens_what_it_held_and_nothing_later(self) -> None:
        for copy in self.copies:
            holder, secret = self.people[copy.who]
            # Where the key was not renewed since, the copy is still that person.
            also = copy.secret == secret
            thief = Keyring(holder, copy.secret)
            thief._keys = dict(copy.keys)
            wanted = {
                sheet.item: sheet.text
                for sheet in self.sheets
                if sheet.subject not in self.erased
                and ((sheet.room.scope, sheet.epoch) in copy.known or (also and self.may_read(copy.who, sheet)))
            }
            assert self.reads(thief) == wanted

    @invariant()
    def each_present_epoch_has_the_envelopes_of_its_members(self) -> None:
        for room in self.rooms:
            scope = self.scope(room)
            assert scope.epoch == room.epoch
            holders = Envelope.objects.filter(scope=scope, epoch=scope.epoch).values_list("holder_id", flat=True)
            assert set(holders) == {self.people[who][0] for who in room.reach}

    def may_read(self, who: int, sheet: Sheet) -> bool:
        return sheet.epoch in sheet.room.reach.get(who, ()) and sheet.subject not in self.erased

    def reads(self, ring: Keyring, only: set[UUID] | None = None) -> dict[UUID, Any]:
        """What really opens with these keys."""
        found: dict[UUID, Any] = {}
        rows = list(Item.objects.filter(pk__in=only) if only is not None else Item.objects.all())
        with use(ring):
            ring.load({item.scope_id for item in rows}, {item.subject_id for item in rows})
            for item in rows:
                try:
                    found[item.pk] = items.words_of(item)["text"]
                except CannotOpen:
                    continue
        return found

    def ring(self, who: int) -> Keyring:
        return Keyring(*self.people[who])

    def holder(self, who: int) -> Keyholder:
        return Keyholder.objects.get(pk=self.people[who][0])

    def room(self, at: int) -> Room:
        return self.rooms[at % len(self.rooms)]

    def scope(self, room: Room) -> Scope:
        return Scope.objects.get(pk=room.scope)


@pytest.mark.soaked
@pytest.mark.django_db
@pytest.mark.abuse(27, 28, 29)
def test_whatever_happens_each_reads_what_they_may_and_nothing_else() -> None:
    run_state_machine_as_test(Reading, settings=HOW_MANY)
