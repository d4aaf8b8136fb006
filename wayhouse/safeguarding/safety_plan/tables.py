"""The tables of the safety plan. No row says a word of it: words lie sealed, each in a scope of few people."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models

from wayhouse.crypto.sealed import Sealed, SealedModel
from wayhouse.people.models import Person


class SafetyPlanQuerySet(models.QuerySet["SafetyPlan"]):
    """Sets of plans."""

    def shown_to(self, person: Person) -> Self:
        """Those of other people who chose to show theirs."""
        return self.filter(item__scope__belongings__person=person).exclude(person=person)


class SafetyPlan(SealedModel):
    """What helps somebody through a hard hour, in their own words. There is one, and no older version of it.

    It has a scope of its own. The owner holds its key and is in no list of belongings, so that no role that ends takes
    them out of their own plan; those in the list are the ones they show it to, by name in `shown`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="safety_plan")

    name: Sealed[str] = Sealed()
    written_on: Sealed[str] = Sealed()
    # By id of a person, what the owner calls them.
    shown: "Sealed[dict[str, str]]" = Sealed(())
    signs: Sealed[str] = Sealed()
    alone: Sealed[str] = Sealed()
    company: Sealed[str] = Sealed()
    people: Sealed[str] = Sealed()
    help: Sealed[str] = Sealed()
    safer: Sealed[str] = Sealed()
    others: Sealed[str] = Sealed()
    sign: Sealed[str] = Sealed()
    reasons: Sealed[str] = Sealed()

    objects = SafetyPlanQuerySet.as_manager()


class EmergencyCopy(models.Model):
    """With consent C7 only: the plan once more, in a box whose key lies in two halves (decision 30)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="emergency_copy")
    box = models.BinaryField(default=bytes)


class HalfKey(SealedModel):
    """One half of the key of a copy, sealed to one side and to whose plan it is."""

    class Side(models.TextChoices):
        ANSWERING = "answering"
        COORDINATING = "coordinating"

    copy = models.ForeignKey(EmergencyCopy, on_delete=models.CASCADE, related_name="halves")
    side = models.CharField(max_length=12, choices=Side.choices)

    key: Sealed[str] = Sealed()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["copy", "side"], name="one_half_for_a_side")]


class PlanOpeningQuerySet(models.QuerySet["PlanOpening"]):
    """Sets of openings."""

    def running(self, now: datetime) -> Self:
        """Asked for or open, and their time is not over."""
        return self.filter(state__in=(PlanOpening.State.ASKED, PlanOpening.State.OPEN), ends_at__gt=now)

    def waiting(self, now: datetime) -> Self:
        """Asked for, and nobody has answered yet."""
        return self.running(now).filter(state=PlanOpening.State.ASKED)

    def over(self, now: datetime) -> Self:
        """Still marked as running, and their time is over."""
        return self.filter(state__in=(PlanOpening.State.ASKED, PlanOpening.State.OPEN), ends_at__lte=now)


class PlanOpening(SealedModel):
    """Somebody who answers asked to open the copy of a plan, a coordinator agreed or not, and it was read, or not.

    Sealed to whoever asked, to the coordinators and to whose plan it is: they read all of it, and nobody deletes it.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        OPEN = "open"
        REFUSED = "refused"
        ENDED = "ended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="plan_openings")
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    second_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    ends_at = models.DateTimeField()
    # Whether the person has said that they read it, as it stands now.
    seen = models.BooleanField(default=False)

    concern: Sealed[str] = Sealed()
    about: Sealed[str] = Sealed()
    reason: Sealed[str] = Sealed()
    asker: Sealed[str] = Sealed()
    post: Sealed[str] = Sealed()
    asked_at: Sealed[str] = Sealed()
    second: Sealed[str] = Sealed()
    answered_at: Sealed[str] = Sealed()
    read_at: "Sealed[list[str]]" = Sealed(())

    objects = PlanOpeningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="open") | ~models.Q(second_by=models.F("asked_by")),
                name="nobody_opens_a_plan_alone",
            )
        ]


class ReleasedHalf(SealedModel):
    """The coordinators' half, handed to whoever asked, until the time is over. Then the row and its words go."""

    opening = models.OneToOneField(PlanOpening, on_delete=models.CASCADE, related_name="released")

    key: Sealed[str] = Sealed()
