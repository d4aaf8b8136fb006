"""The tables of who answers: posts, the rota of those on call, swaps, drills, and limits an organisation changed."""

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from wayhouse.core import clock
from wayhouse.crypto.models import Scope
from wayhouse.crypto.sealed import Sealed, SealedModel
from wayhouse.people.models import Person, Programme, Role
from wayhouse.safeguarding.protocol import Duty, Level, Post, Span
from wayhouse.safeguarding.protocol.levels import LADDERS, LIMITS, OF_KIND

if TYPE_CHECKING:
    from wayhouse.safeguarding.models import Concern

ROTA_AHEAD = timedelta(days=28)
DRILL_LASTS = timedelta(days=90)


class Safety(models.Model):
    """What those who answer in one programme share with its coordinators: names of posts, reasons, learning."""

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="safety")
    scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="safety")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Sets of appointments."""

    def current(self) -> Self:
        """Held now, by people with an account and the role that goes with it."""
        role = Role.objects.filter(person=models.OuterRef("person"), kind=Role.Kind.SAFEGUARDING_LEAD, until_on=None)
        here = models.Q(person__user__isnull=False) & ~models.Q(person__status=Person.Status.LEFT)
        return self.filter(models.Exists(role), here, until_on=None)


class Appointment(SealedModel):
    """Somebody answers for safety, in one post, from a day until a day. Their name is sealed in `Safety.scope`."""

    POSTS = [
        (Post.LEAD.value, _("lead")),
        (Post.DEPUTY.value, _("deputy")),
        (Post.DIRECTOR.value, _("director")),
        (Post.TRUSTEE.value, _("trustee outside of the team")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="appointments")
    post = models.CharField(max_length=8, choices=POSTS)
    since_on = models.DateField(default=clock.today)
    until_on = models.DateField(null=True)

    name: Sealed[str] = Sealed()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(until_on=None), name="one_post_for_a_person")
        ]


class OnCall(models.Model):
    """Who is called on a day, first or second, from midnight to midnight where the programme is."""

    class Place(models.IntegerChoices):
        FIRST = 1, _("first")
        SECOND = 2, _("second")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="on_call")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="on_call")
    day = models.DateField()
    place = models.PositiveSmallIntegerField(choices=Place.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "day", "place"], name="one_on_call_for_a_place"),
        ]


class OnCallSwap(models.Model):
    """Somebody asks another to take a day. It stays theirs until the other says yes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    on_call = models.ForeignKey(OnCall, on_delete=models.CASCADE, related_name="swaps")
    taker = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["on_call"], name="one_swap_asked_for_a_day")]


class Limit(SealedModel):
    """A limit that an organisation changed, with the reason."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="limits")
    level = models.PositiveSmallIntegerField()
    duty = models.CharField(max_length=16)
    rung = models.PositiveSmallIntegerField(default=0)
    amount = models.PositiveIntegerField()

    reason: Sealed[str] = Sealed()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "level", "duty", "rung"], name="one_change_of_a_limit")
        ]

    @property
    def span(self) -> Span:
        """The limit as it is now."""
        return default_span(Level(self.level), Duty(self.duty), self.rung).scaled(self.amount)


def default_span(level: Level, duty: Duty, rung: int = 0) -> Span:
    """A limit as the protocol has it. Error: `KeyError` where a level does not have this duty."""
    if duty == Duty.ACKNOWLEDGE:
        return LADDERS[level][rung]
    of_kinds = {known: span for of in OF_KIND.values() for known, span in of.items()}
    return (of_kinds | LIMITS[level])[duty]


class LearningNote(SealedModel):
    """What was learnt from some concerns together, without anybody in it; sealed in `Safety.scope`.

    `month`: the first of the month in which it was written; `until_on`: the day up to which it looks back.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="learning_notes")
    month = models.DateField()
    until_on = models.DateField()

    words: Sealed[str] = Sealed()
    post: Sealed[str] = Sealed()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "month"], name="one_learning_note_a_month")]


class DrillQuerySet(models.QuerySet["Drill"]):
    """Sets of drills."""

    def shown(self) -> "DrillQuerySet":
        """Those that arrived, and whose call was delivered: the others have shown nothing."""
        return self.filter(ways__gt=0).exclude(arrived_at=None)


class Drill(models.Model):
    """The way of a page, tried with a concern about nobody: when it began and when somebody said that it arrived."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="drills")
    concern: "models.OneToOneField[Concern]" = models.OneToOneField(
        "safeguarding.Concern", on_delete=models.CASCADE, related_name="drill"
    )
    begun_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    # How many were called until somebody answered.
    calls = models.PositiveSmallIntegerField(default=0)
    # On how many ways the call to whoever answered was delivered; without one it has shown nothing.
    ways = models.PositiveSmallIntegerField(default=0)

    objects = DrillQuerySet.as_manager()

    @property
    def minutes(self) -> int | None:
        """From the button to the answer."""
        return int((self.arrived_at - self.begun_at).total_seconds() // 60) if self.arrived_at else None


def rota_until(programme: Programme, today: date) -> date | None:
    """The last day up to which, from today on without a gap, both places are filled by people who still answer."""
    answering = Appointment.objects.current().filter(person=models.OuterRef("person"))
    served = OnCall.objects.filter(models.Exists(answering), programme=programme, day__gte=today)
    filled = set(served.values_list("day", "place"))
    day = today
    while {(day, OnCall.Place.FIRST), (day, OnCall.Place.SECOND)} <= filled:
        day += timedelta(days=1)
    return day - timedelta(days=1) if day > today else None
