"""First contacts and what was written in them. No row says who wrote: there is nothing here that could."""

import uuid
from datetime import date, datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhouse.crypto.models import Keyholder, Scope
from wayhouse.crypto.sealed import Sealed, SealedModel
from wayhouse.people.models import Person, Programme, Role

# Practice handbook F03: what was written goes this long after the last word of either side.
KEPT_FOR = timedelta(days=30)
# A note counts once its code was typed back; until then it waits for so long.
UNSENT_FOR = timedelta(hours=1)


class ContactQuerySet(models.QuerySet["Contact"]):
    """Sets of contacts."""

    def sent(self) -> Self:
        """Those whose writer has shown that they have the code."""
        return self.filter(unsent_until=None)

    def visible_to(self, person: Person) -> Self:
        """Coordinators see the contacts of their programme; for everybody else none exists."""
        if not person.is_coordinator:
            return self.none()
        return self.sent().filter(programme=person.programme_id)

    def to_decide(self, person: Person) -> Self:
        """Those about whom a word of this person may count: coordinators begin, others join in with them."""
        if person.is_coordinator:
            return self.visible_to(person).filter(kind=Contact.Kind.FIRST)
        if not (person.holds(Role.Kind.FACILITATOR) or person.holds(Role.Kind.SAFEGUARDING_LEAD)):
            return self.none()
        return self.sent().filter(programme=person.programme_id, voices__isnull=False, welcome=None).distinct()

    def by_urgency(self) -> Self:
        """What has to be answered first, then what was answered last."""
        return self.order_by(models.F("due_at").asc(nulls_last=True), "-last_on", "pk")

    def over(self, today: date, now: datetime) -> Self:
        """Those whose time is over: thirty days silent, or never sent."""
        return self.filter(models.Q(last_on__lte=today - KEPT_FOR) | models.Q(unsent_until__lte=now))


class Contact(models.Model):
    """Somebody wrote without a name. Their scope is shared by the key that follows from their code, and the desk."""

    class Kind(models.TextChoices):
        FIRST = "first", _("first contacts")
        # People close to somebody: walled off, and never linked with anybody who takes part.
        NEAR = "near", _("family and friends")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="contact", editable=False)
    # The writer: a key pair whose secret half follows from the code, and is stored nowhere.
    holder = models.OneToOneField(Keyholder, on_delete=models.PROTECT, related_name="contact", editable=False)
    tag = models.CharField(max_length=64, unique=True)
    unsent_until = models.DateTimeField(null=True, db_index=True)
    # The end of a working day, from which nobody can tell the hour of the writing; None: nothing to answer.
    due_at = models.DateTimeField(null=True)
    last_on = models.DateField(default=timezone.localdate, db_index=True)
    closed_on = models.DateField(null=True)
    taken_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="contacts")

    objects = ContactQuerySet.as_manager()

    def __str__(self) -> str:
        """Never a word of what was written."""
        return "contact"

    @property
    def is_overdue(self) -> bool:
        """Whether an answer should have been there by now."""
        return self.due_at is not None and self.due_at <= timezone.now()

    @property
    def sign(self) -> str:
        """By which two of the staff know that they mean the same one; says nothing, opens nothing."""
        return self.pk.hex[:4].upper()

    @property
    def kept_until(self) -> date:
        """The day on which everything goes, if nobody writes any more."""
        return self.last_on + KEPT_FOR


class Note(SealedModel):
    """What one side wrote, sealed to the writer's code and the coordinators' desk."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="notes")
    from_staff = models.BooleanField(default=False)
    written_on = models.DateField(default=timezone.localdate)

    words: Sealed[str] = Sealed()
    # In which the page was read while it was written: an answer should be in it, too.
    language: Sealed[str] = Sealed()


class Voice(SealedModel):
    """What one of the staff thinks about welcoming somebody, after a talk. Reasons are fixed choices, never words.

    Sealed to whoever said it and the desk, in a scope of its own; in clear stands that they said something.
    """

    class Reason(models.TextChoices):
        MET = "met", _("Yes: we met, and it fits")
        SPOKE = "spoke", _("Yes: we spoke, and it fits")
        TALK = "talk", _("Not now: another talk is needed")
        OTHER_HELP = "other-help", _("Not now: other help comes first")
        OTHERS = "others", _("Not now: others would not be safe")
        THEM = "them", _("Not now: they would not be safe here")
        NO_PLACE = "no-place", _("Not now: there is no place that fits")

    YES = frozenset({Reason.MET, Reason.SPOKE})

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="voices")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="voices")
    said_on = models.DateField(default=timezone.localdate)

    reason: Sealed[str] = Sealed()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "person"], name="one_voice_for_a_contact")]

    @property
    def opens(self) -> bool:
        """Whether it was opened for whoever reads it."""
        return self.item.opened is not None

    @property
    def is_yes(self) -> bool:
        """Whether it speaks for a welcome now. Error: `CannotOpen`."""
        return self.reason in self.YES

    @property
    def in_words(self) -> str:
        """The reason as its giver chose it. Error: `CannotOpen`."""
        return str(self.Reason(self.reason).label)


class Welcome(SealedModel):
    """An invitation that waits behind somebody's six words. Who they became here stands in sealed words only."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="welcome")

    token: Sealed[str] = Sealed()
    person: Sealed[str] = Sealed()


class Step(models.Model):
    """One part of the orientation talk, done with somebody before their first evening."""

    class Kind(models.TextChoices):
        VOLUNTARY = "voluntary", _("Taking part is voluntary")
        CONFIDENTIAL = "confidential", _("What stays here, and what cannot")
        GROUND_RULES = "ground-rules", _("The ground rules")
        SAFE_CONTACT = "safe-contact", _("How we may reach you")
        AVOID = "avoid", _("Whom you must not meet")
        NEEDS = "needs", _("What you need to be there")
        LEAVING = "leaving", _("What would make you leave")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    done_on = models.DateField(default=timezone.localdate)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="one_step_of_a_kind")]


class AvoidListQuerySet(models.QuerySet["AvoidList"]):
    """Sets of lists."""

    def due(self) -> Self:
        """Those that were not compared with the roster as it is now."""
        compared = models.Q(compared=models.F("person__programme__roster_revision"))
        return self.filter(~compared | models.Q(compared=None))


class AvoidList(SealedModel):
    """Names of people whom somebody must not meet, sealed to themselves and the coordinators' desk.

    Opened for the comparison with the roster alone; no page but their own ever shows it.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="avoid_list")
    # The revision of the roster with which it was compared last.
    compared = models.PositiveIntegerField(null=True)

    names: Sealed[list[str]] = Sealed(())
    # A day in ISO 8601 for each name that was new, for as long as it counts.
    new_on: Sealed[list[str]] = Sealed(())

    objects = AvoidListQuerySet.as_manager()
