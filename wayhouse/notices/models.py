"""Safe-contact plans, notices and their deliveries. No row says who somebody is, where they are reached, or why."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wayhouse.core import clock
from wayhouse.crypto.courier import close_for_server, open_for_server
from wayhouse.crypto.models import Shred
from wayhouse.notices.kinds import Channel, Kind
from wayhouse.notices.plan import Plan

LONGEST_ONCE = 120


class CourierModel(models.Model):
    """A row about somebody whose words only the server itself opens, to reach them while nobody is signed in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    box = models.BinaryField()

    class Meta:
        abstract = True

    person_id: Any

    def close(self, words: dict[str, Any]) -> None:
        """Put words into the box of this row. Error: `CannotOpen` where the person was erased."""
        self.box = close_for_server(self.person_id, self._meta.model_name or "", self.pk, words)

    def open(self, salts: Mapping[uuid.UUID, Shred] | None = None) -> dict[str, Any]:
        """The words in the box. Error: `CannotOpen` where it was moved or changed, or the person erased."""
        return open_for_server(self.person_id, self._meta.model_name or "", self.pk, bytes(self.box), salts=salts)


class ContactPlan(CourierModel):
    """How one person may be reached. Whoever has no row is not written to."""

    person_id = models.UUIDField(unique=True)

    def plan(self, salts: Mapping[uuid.UUID, Shred] | None = None) -> Plan:
        """What was agreed; `salts` where many are opened. Error: `CannotOpen`."""
        return Plan.from_words(self.open(salts))


class PushDevice(CourierModel):
    """A browser that takes messages for somebody: its address at its maker's push service, and its keys."""

    person_id = models.UUIDField(db_index=True)
    created_at = models.DateTimeField()


class Notice(models.Model):
    """Something to tell one person once. What it is about is not here: the house says that after signing in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # Named by whoever put it in: the same thing is never told twice.
    once = models.CharField(max_length=LONGEST_ONCE)
    urgent = models.BooleanField(default=False)
    # Goes on the first way of the plan that works, instead of on ways that were named.
    by_plan = models.BooleanField(default=True)
    due_at = models.DateTimeField()
    # From then on it is of no use any more.
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "once"], name="one_notice_of_a_thing")]


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Sets of deliveries."""

    def open(self) -> Self:
        """What may still be sent."""
        return self.filter(state__in=[Delivery.State.DUE, Delivery.State.SENDING])

    def to_send(self, now: datetime) -> Self:
        """What is due, and what somebody began to send and never finished; the urgent first."""
        return self.open().filter(next_at__lte=now).order_by("-notice__urgent", "next_at", "pk")


class Delivery(models.Model):
    """One notice on one way to its person, from due to delivered."""

    class State(models.TextChoices):
        DUE = "due", _("waiting")
        SENDING = "sending", _("being sent")
        DELIVERED = "delivered", _("sent")
        FAILED = "failed", _("did not arrive")
        SKIPPED = "skipped", _("not sent")

    class Why(models.TextChoices):
        NO_PLAN = "no_plan", _("you have agreed to no messages")
        NOT_AGREED = "not_agreed", _("you have not agreed to this way")
        MAY_NOT_STAY = "may_not_stay", _("nothing may be left there")
        NO_HOUR = "no_hour", _("there was none of your hours before it was over")
        HANDLED = "handled", _("it was not needed any more")
        NOT_SET_UP = "not_set_up", _("this house does not use this way")
        NO_DEVICE = "no_device", _("no browser of yours takes messages")
        REFUSED = "refused", _("the other side did not take it")
        UNREACHABLE = "unreachable", _("the other side did not answer")
        INTERRUPTED = "interrupted", _("it was interrupted twice while being sent")
        UNREADABLE = "unreadable", _("your plan could not be opened")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    # Empty until the plan was asked, where no way was named.
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    why = models.CharField(max_length=12, choices=Why.choices, blank=True)
    # When to send it; while it is being sent, when somebody else may take it over.
    next_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    # A random number of whoever sends it now.
    claim = models.UUIDField(null=True)
    # It may have gone before: whoever sent it did not live to write that down.
    repeated = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="one_delivery_on_a_way")]
        indexes = [
            models.Index(
                fields=["state", "next_at"], name="deliveries_to_send", condition=Q(state__in=["due", "sending"])
            )
        ]


class SweepRun(models.Model):
    """When a sweep of the worker is next due, when it last ended well, and the kind of the last error since then."""

    name = models.CharField(primary_key=True, max_length=60)
    # While it runs: when another worker may begin it anew.
    next_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=40, blank=True)


class CalendarFeed(CourierModel):
    """Somebody's times as a calendar: a hash of the link's token, and a cover title that only the server opens."""

    person_id = models.UUIDField(unique=True)
    token_hash = models.CharField(max_length=64, unique=True)


class CalendarEntry(models.Model):
    """From when until when somebody is busy; of what, the room that wrote it knows."""

    # The UID of the entry in every calendar that fetches it: random, and the same for good.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    key = models.CharField(max_length=LONGEST_ONCE)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)
    cancelled = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="one_entry_of_a_time")]

    @classmethod
    def new(cls, person_id: uuid.UUID, key: str, span: tuple[datetime, datetime]) -> Self:
        """An entry that nobody has fetched yet."""
        return cls(person_id=person_id, key=key, starts_at=span[0], ends_at=span[1], changed_at=clock.now())

    def becomes(self, span: tuple[datetime, datetime] | None) -> bool:
        """Take on a time, or be cancelled where it is still ahead; whether that changed anything."""
        now = clock.now()
        if span is None:
            changed = not self.cancelled and self.starts_at > now
            self.cancelled = self.cancelled or changed
        else:
            changed = self.cancelled or (self.starts_at, self.ends_at) != span
            self.starts_at, self.ends_at = span
            self.cancelled = False
        if changed:
            self.sequence += 1
            self.changed_at = now
        return changed
