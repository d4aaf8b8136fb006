"""The table of the conduct ladder: one row for each step, sealed to those who decide and to the person."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models

from wayhouse.crypto.models import Scope
from wayhouse.crypto.sealed import Sealed, SealedModel
from wayhouse.people.models import Person, Programme, Role
from wayhouse.safeguarding.answering import Appointment
from wayhouse.safeguarding.protocol.conduct import NEEDS_TWO, OVER_AFTER, Place, Rung, Step

_VALID = (Place.STANDING, Place.UPHELD)


class ConductStepQuerySet(models.QuerySet["ConductStep"]):
    """Sets of steps."""

    def visible_to(self, person: Person) -> Self:
        """Those that were sealed to somebody with a post, while they have it, and are not about them."""
        if not person.holds(Role.Kind.SAFEGUARDING_LEAD):
            return self.none()
        answers = models.Exists(Appointment.objects.current().filter(person=person))
        return self.filter(answers, scope__belongings__person=person).exclude(person=person)

    def told_to(self, person: Person) -> Self:
        """A person's own, from the moment at which they are told: not what waits for a second signature."""
        return self.filter(person=person).exclude(told_at=None)

    def open(self) -> Self:
        """Those of which something may follow."""
        return self.exclude(place__in=(Place.SET_ASIDE, Place.OVER))

    def worn_out(self, now: datetime) -> Self:
        """Those of which nothing is left but that they were told long ago: talks and agreements."""
        return self.filter(place__in=_VALID, by_two=False, told_at__lte=now - OVER_AFTER)

    def run_out(self, now: datetime) -> Self:
        """Those whose day is over at a moment."""
        return self.filter(place__in=_VALID, ends_at__lte=now)


class ConductStep(SealedModel):
    """One step. What it says about the person lies under their salt, and goes with them.

    `scope`: those who decide, in its list of belongings, and the person, whose key alone tells that they are in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="conduct_steps")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="conduct_steps")
    scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="conduct_step")
    place = models.CharField(max_length=10, choices=[(one, one) for one in Place])
    # Whether it needs two, and who signed, as ids: a signature outlasts an account.
    by_two = models.BooleanField(default=False)
    signed_by = models.UUIDField()
    second_by = models.UUIDField(null=True)
    told_at = models.DateTimeField(null=True)
    # Until when one may appeal, by when an appeal is decided, and when the step ends by itself.
    appeal_until = models.DateTimeField(null=True)
    decide_by = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    rung: Sealed[str] = Sealed()
    reason: Sealed[str] = Sealed()
    agreement: Sealed[str] = Sealed()
    until: Sealed[str] = Sealed()
    review_on: Sealed[str] = Sealed()
    signpost: Sealed[str] = Sealed()
    looked: "Sealed[list[str]]" = Sealed(())
    kept_from: "Sealed[list[str]]" = Sealed(())
    # What was done and said, the first first: what, when, by the person or by whom of those who answer, words.
    lines: "Sealed[list[dict[str, str]]]" = Sealed(())

    objects = ConductStepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by_two=False)
                | models.Q(told_at=None)
                | models.Q(second_by__isnull=False) & ~models.Q(signed_by=models.F("second_by")),
                name="two_end_it_with_somebody",
            )
        ]

    @property
    def step(self) -> Step:
        """The row as the table knows it. Opens it."""
        signed = frozenset(str(who) for who in (self.signed_by, self.second_by) if who)
        return Step(Rung(self.rung), Place(self.place), signed, frozenset(self.looked))

    @property
    def is_over(self) -> bool:
        """Whether nothing may follow from it."""
        return self.place in {Place.SET_ASIDE, Place.OVER}

    @property
    def needs_two(self) -> bool:
        """Whether one signature is not enough."""
        return Rung(self.rung) in NEEDS_TWO
