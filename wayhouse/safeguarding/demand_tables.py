"""The tables of the register: what authorities asked for, line by line what was done, and who opened it."""

import uuid
from typing import Any, Self

from django.db import models

from wayhouse.core import clock
from wayhouse.crypto.models import Scope
from wayhouse.crypto.sealed import Sealed, SealedModel
from wayhouse.people.models import Person, Programme, Role
from wayhouse.safeguarding.answering import Appointment
from wayhouse.safeguarding.protocol.demands import DECISIONS, GIVES, Matter, Stage, Standing


class DemandQuerySet(models.QuerySet["Demand"]):
    """Sets of demands."""

    def visible_to(self, person: Person) -> Self:
        """Those that were sealed to somebody with a post, while they have it. For everybody else none exists."""
        if not person.holds(Role.Kind.SAFEGUARDING_LEAD):
            return self.none()
        return self.handled_by(person.pk)

    def handled_by(self, person: uuid.UUID) -> Self:
        """Those that were sealed to somebody with a post, by their id; whether they hold the role was asked before."""
        answers = models.Exists(Appointment.objects.current().filter(person=person))
        return self.filter(answers, scope__belongings__person=person)

    def open(self) -> Self:
        """Not closed, or with a hold that two have to end some day."""
        return self.exclude(stage=Stage.CLOSED, held=False)


class Demand(SealedModel):
    """Something that an authority asks for. `scope`: those who answer, without anybody whom it concerns.

    In clear stand the year and how far it is, for the count of a year, which is published; every word is sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="demands")
    scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="demand")
    year = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=12, choices=[(one, one) for one in Stage], default=Stage.RECEIVED)
    decision = models.CharField(max_length=12, choices=[(one, one) for one in DECISIONS], default="", blank=True)
    # Who signed, as ids: a signature outlasts an account.
    signed_by = models.UUIDField(null=True)
    second_by = models.UUIDField(null=True)
    waiting = models.CharField(max_length=12, choices=[(one, one) for one in Matter], default="", blank=True)
    waiting_by = models.UUIDField(null=True)
    held = models.BooleanField(default=False)

    who: Sealed[str] = Sealed()
    basis: Sealed[str] = Sealed()
    what: Sealed[str] = Sealed()
    about: Sealed[str] = Sealed()
    until: Sealed[str] = Sealed()
    received_on: Sealed[str] = Sealed()
    # The concern by which it came here, or "".
    concern: Sealed[str] = Sealed()
    # Whom it concerns, as far as they are known here: id, name, "told" or "may_not" or "", a day, the id of the hold.
    people: "Sealed[list[dict[str, str]]]" = Sealed(())
    kept_from: "Sealed[list[str]]" = Sealed(())

    objects = DemandQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision="")
                | models.Q(signed_by__isnull=False, second_by__isnull=False)
                & ~models.Q(signed_by=models.F("second_by")),
                name="two_sign_what_an_authority_gets",
            )
        ]

    @property
    def standing(self) -> Standing:
        """The row as the protocol knows it."""
        waits = (Matter(self.waiting), str(self.waiting_by)) if self.waiting else None
        decision = Matter(self.decision) if self.decision else None
        signed = frozenset(str(who) for who in (self.signed_by, self.second_by) if who)
        return Standing(Stage(self.stage), waits, decision, signed, self.held)

    @property
    def is_answered(self) -> bool:
        """Whether nobody waits for an answer any more."""
        return self.stage in {Stage.ANSWERED, Stage.REFUSED, Stage.CLOSED}

    def take(self, standing: Standing) -> None:
        """Be where the protocol says."""
        first, second = [*sorted(standing.signed), None, None][:2]
        self.stage, self.decision, self.held = standing.stage, standing.decision or "", standing.held
        self.signed_by, self.second_by = (uuid.UUID(who) if who else None for who in (first, second))
        self.waiting = standing.waits[0] if standing.waits else ""
        self.waiting_by = uuid.UUID(standing.waits[1]) if standing.waits else None


class DemandEntry(SealedModel):
    """One line of what was done with a demand."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="entries")

    what: Sealed[str] = Sealed()
    at: Sealed[str] = Sealed()
    post: Sealed[str] = Sealed()
    fields: "Sealed[dict[str, str]]" = Sealed(())


class DemandOpening(models.Model):
    """Somebody opened a demand on a day; the others who answer see it, and the log keeps it."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="openings")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["demand", "person", "day"], name="one_look_of_a_person_on_a_day")
        ]


def counts_by_year(programme: Programme, *, seen_by: Person | None = None) -> list[dict[str, Any]]:
    """How many there were in each year and what came of them, the latest year first; nobody's key is needed.

    Every year from the first one on, also with nothing in it: for the page that tells the public, 0 is printed, too.
    """
    ended = {
        "received": models.Count("pk"),
        "given": models.Count("pk", filter=models.Q(stage=Stage.ANSWERED) | _closed(gives=True)),
        "refused": models.Count("pk", filter=models.Q(stage=Stage.REFUSED) | _closed(gives=False)),
    }
    demands = Demand.objects.filter(programme=programme)
    if seen_by is not None:
        # Of this year only what they may read: a number would tell whom it concerns that there is one.
        mine = Demand.objects.visible_to(seen_by).values("pk")
        demands = demands.filter(models.Q(year__lt=clock.today().year) | models.Q(pk__in=mine))
    rows = {row["year"]: row for row in demands.values("year").annotate(**ended)}
    none = dict.fromkeys(ended, 0)
    return (
        [{"year": year, **none, **rows.get(year, {})} for year in range(max(rows), min(rows) - 1, -1)] if rows else []
    )


def _closed(*, gives: bool) -> models.Q:
    closed, given = models.Q(stage=Stage.CLOSED), models.Q(decision__in=sorted(GIVES))
    return closed & given if gives else closed & ~given
