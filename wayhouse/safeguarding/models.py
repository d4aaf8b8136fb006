"""Concerns, what was written to them, and the clocks that run. Words are sealed; levels and due times are not."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from wayhouse.crypto.models import Keyholder, Scope
from wayhouse.crypto.sealed import Sealed, SealedModel
from wayhouse.people.models import Person, Programme, Role
from wayhouse.safeguarding.protocol import Case, Duty, Level, Outcome, State
from wayhouse.safeguarding.protocol.machine import Pending
from wayhouse.safeguarding.protocol.table import NEEDS_TWO, Side

OVER = (State.CLOSED, State.RAISED_IN_ERROR)


class ConcernQuerySet(models.QuerySet["Concern"]):
    """Sets of concerns."""

    def visible_to(self, person: Person) -> Self:
        """Those that were sealed to somebody with a post, while they have it. For coordinators none exists."""
        if not person.holds(Role.Kind.SAFEGUARDING_LEAD):
            return self.none()
        return self.answered_by(person.pk)

    def answered_by(self, person: uuid.UUID) -> Self:
        """Those that were sealed to somebody with a post, by their id; whether they hold the role was asked before."""
        answers = models.Exists(Appointment.objects.current().filter(person=person))
        return self.filter(answers, scope__belongings__person=person)

    def raised_by(self, person: Person) -> Self:
        """What somebody raised under their account: they hold the key of their own part, and do not answer for it."""
        holder = person.user.holder_id if person.user else None
        return self.filter(own_scope__memberships__holder=holder).exclude(own_scope__belongings__person=person)

    def open(self) -> Self:
        """Neither closed nor raised in error."""
        return self.exclude(state__in=OVER)


class Concern(SealedModel):
    """A worry that somebody told. `scope`: those who answer; `own_scope`: they and whoever raised it.

    Words, sealed in `own_scope`: what the raiser wrote. Everything after that is an `Entry` in `scope`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="concerns")
    scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="concern")
    own_scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="own_concern")
    state = models.CharField(max_length=16, choices=[(s, s) for s in State], default=State.RAISED)
    level = models.PositiveSmallIntegerField(choices=[(level.value, level.name) for level in Level])
    escalated = models.BooleanField(default=False)
    handed_over = models.BooleanField(default=False)
    is_drill = models.BooleanField(default=False)
    on_hold = models.BooleanField(default=False)
    outcome = models.CharField(max_length=16, choices=[(o, o) for o in Outcome], default="", blank=True)
    # Who signed, as ids: a signature outlasts an account.
    signed_by = models.UUIDField(null=True)
    second_by = models.UUIDField(null=True)
    pending_outcome = models.CharField(max_length=16, choices=[(o, o) for o in Outcome], default="", blank=True)
    pending_by = models.UUIDField(null=True)
    held_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    # The time counts while clocks run; afterwards only the week stays.
    raised_at = models.DateTimeField(null=True)
    week = models.DateField()
    closed_on = models.DateField(null=True)
    # An anonymous raiser comes back with a code; this is the holder of its key.
    receipt = models.OneToOneField(Keyholder, on_delete=models.SET_NULL, null=True, related_name="concern")
    receipt_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  most have none

    kind: Sealed[str] = Sealed()
    about: Sealed[str] = Sealed()
    about_person: Sealed[str] = Sealed()
    about_name: Sealed[str] = Sealed()
    words: Sealed[str] = Sealed()
    raiser: Sealed[str] = Sealed()
    # Ids of those who must never read it, as far as they were known when it was raised.
    kept_from: "Sealed[list[str]]" = Sealed(())

    objects = ConcernQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(outcome__in=sorted(NEEDS_TWO))
                | models.Q(signed_by__isnull=False, second_by__isnull=False)
                & ~models.Q(signed_by=models.F("second_by")),
                name="two_sign_what_is_shared_against_a_will",
            )
        ]

    @property
    def case(self) -> Case:
        """The row as the protocol knows it."""
        sides = {Side.ESCALATED: self.escalated, Side.HANDED_OVER: self.handed_over}
        waits = self.pending_by is not None
        return Case(
            state=State(self.state),
            level=Level(self.level),
            sides=frozenset(side for side, is_beside in sides.items() if is_beside),
            pending=Pending(Outcome(self.pending_outcome), str(self.pending_by)) if waits else None,
            outcome=Outcome(self.outcome) if self.outcome else None,
            signed=frozenset(str(who) for who in (self.signed_by, self.second_by) if who),
        )

    def take(self, case: Case) -> None:
        """Be where the protocol says."""
        first, second = [*sorted(case.signed), None, None][:2]
        self.state, self.level = case.state, case.level
        self.escalated, self.handed_over = Side.ESCALATED in case.sides, Side.HANDED_OVER in case.sides
        self.outcome = case.outcome or ""
        self.signed_by, self.second_by = (uuid.UUID(who) if who else None for who in (first, second))
        self.pending_outcome = case.pending.outcome if case.pending else ""
        self.pending_by = uuid.UUID(case.pending.by) if case.pending else None

    @property
    def is_over(self) -> bool:
        """Closed, or raised in error."""
        return self.state in OVER


class Entry(SealedModel):
    """One line of a concern's record, for those who answer for it. Struck lines stay, with who struck them and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="entries")

    what: Sealed[str] = Sealed()
    at: Sealed[str] = Sealed()
    post: Sealed[str] = Sealed()
    fields: "Sealed[dict[str, str]]" = Sealed(())
    struck: Sealed[str] = Sealed()
    struck_post: Sealed[str] = Sealed()


class Message(SealedModel):
    """What the raiser and those who answer say to each other."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="messages")

    words: Sealed[str] = Sealed()
    at: Sealed[str] = Sealed()
    by_raiser: Sealed[bool] = Sealed(default=False)
    # Not a word but a tick: what became of the aftercare that was offered to whoever raised it.
    aftercare: Sealed[str] = Sealed()


class TimerQuerySet(models.QuerySet["Timer"]):
    """Sets of timers."""

    def running(self) -> Self:
        """Not over yet."""
        return self.filter(state=Timer.State.RUNNING)

    def owed(self) -> Self:
        """Not done, whether the time is over or not."""
        return self.filter(state__in=(Timer.State.RUNNING, Timer.State.MISSED))

    def due(self, now: datetime) -> Self:
        """Running, and their time is over."""
        return self.running().filter(due_at__lte=now)


class Timer(models.Model):
    """By when something has to be done. `rung` counts who was called, for the acknowledgement."""

    class State(models.TextChoices):
        RUNNING = "running"
        MISSED = "missed"
        MET = "met"
        LATE = "late"
        STOPPED = "stopped"

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="timers")
    duty = models.CharField(max_length=16, choices=[(d, d) for d in Duty])
    rung = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)

    objects = TimerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(state="running"), name="timers_by_due_time")]


class Call(models.Model):
    """Somebody was called because of a timer, once for each miss; what a call says has no content."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="calls")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    # The timer that this call is the answer to; for the first call, the one that it starts.
    timer = models.ForeignKey(Timer, on_delete=models.CASCADE, related_name="calls")
    missed = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["timer", "person", "missed"], name="nobody_is_called_twice_for_one_miss")
        ]


class PassedOver(models.Model):
    """Somebody whose turn it was is not called, or later: they pause, or there was no way to them at that moment."""

    class Why(models.TextChoices):
        PAUSES = "pauses", _("pauses")
        NO_WAY = "no_way", _("cannot be called now")

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="passed_over")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=6, choices=Why.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["concern", "person", "why"], name="one_passing_over_for_a_reason")
        ]


class Opening(models.Model):
    """Somebody opened a concern on a day; the others who answer see it, and the log keeps it."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="openings")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["concern", "person", "day"], name="one_opening_of_a_person_on_a_day")
        ]


class Timeliness(models.Model):
    """How long something took, without which concern it was (I13)."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    level = models.PositiveSmallIntegerField()
    duty = models.CharField(max_length=16)
    minutes = models.PositiveIntegerField()
    met = models.BooleanField()
    at_night = models.BooleanField()


# Tables of this room whose files stand beside; Django looks for them here.
from wayhouse.safeguarding.answering import Appointment, Drill, LearningNote, Limit, OnCall, OnCallSwap, Safety  # noqa: E402
from wayhouse.safeguarding.conduct_tables import ConductStep  # noqa: E402
from wayhouse.safeguarding.day_tables import ClosedDay, DayToCome  # noqa: E402
from wayhouse.safeguarding.demand_tables import Demand, DemandEntry, DemandOpening  # noqa: E402
from wayhouse.safeguarding.safety_plan.tables import (  # noqa: E402
    EmergencyCopy,
    HalfKey,
    PlanOpening,
    ReleasedHalf,
    SafetyPlan,
)

__all__ = [
    "Appointment",
    "Call",
    "ClosedDay",
    "Concern",
    "ConductStep",
    "DayToCome",
    "Demand",
    "DemandEntry",
    "DemandOpening",
    "Drill",
    "EmergencyCopy",
    "Entry",
    "HalfKey",
    "LearningNote",
    "Limit",
    "Message",
    "OnCall",
    "OnCallSwap",
    "Opening",
    "PassedOver",
    "PlanOpening",
    "ReleasedHalf",
    "Safety",
    "SafetyPlan",
    "Timeliness",
    "Timer",
]
