"""Cycles, venues, groups and seats. What a group is called, where it meets and who sits in it is sealed."""

import uuid
from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhouse.crypto.models import Scope
from wayhouse.crypto.sealed import Sealed, SealedModel
from wayhouse.groups.cycles import Cycle, CycleQuerySet
from wayhouse.people.models import Belonging, Person, Programme, Role

# Whoever watches a kernel writes once a second.
HEARD_WITHIN = timedelta(seconds=20)


class VenueQuerySet(models.QuerySet["Venue"]):
    """Sets of venues."""

    def visible_to(self, person: Person) -> Self:
        """Coordinators see the venues of their programme; for others no venue exists."""
        return self.filter(programme=person.programme) if person.is_coordinator else self.none()


class Venue(SealedModel):
    """A place, or the online room, where groups can meet. Sealed to the coordinators."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="venues")
    in_use = models.BooleanField(default=True)

    name: Sealed[str] = Sealed()
    address: Sealed[str] = Sealed()
    area: Sealed[str] = Sealed()
    online: Sealed[bool] = Sealed(default=False)
    slots: Sealed[list[str]] = Sealed(())
    rooms: Sealed[int] = Sealed(1)
    step_free: Sealed[bool] = Sealed(default=False)
    childcare: Sealed[bool] = Sealed(default=False)

    objects = VenueQuerySet.as_manager()


class GroupQuerySet(models.QuerySet["Group"]):
    """Sets of groups."""

    def with_current_seat(self, person: Person | uuid.UUID) -> Self:
        """Groups in which the person (or the one with this id) sits now, as member or facilitator."""
        return self.filter(pk__in=Seat.objects.current().filter(person=person).values("group"))

    def open(self) -> Self:
        """Groups that still meet."""
        return self.filter(closed_on=None)


class Group(SealedModel):
    """People who meet once a week. Its scope is shared by its members, its facilitators and the desk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="groups")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="groups")
    scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="group")
    opened_on = models.DateField(auto_now_add=True)
    closed_on = models.DateField(null=True)

    name: Sealed[str] = Sealed()
    venue: Sealed[str] = Sealed()
    address: Sealed[str] = Sealed()
    online: Sealed[bool] = Sealed(default=False)
    language: Sealed[str] = Sealed("en")
    kind: Sealed[str] = Sealed("mixed")
    slot: Sealed[str] = Sealed()
    # The cell of the formation problem, so that a running programme can grow without moving anybody.
    cell: Sealed[str] = Sealed()

    objects = GroupQuerySet.as_manager()

    def is_facilitated_by(self, person: Person) -> bool:
        """Whether the person leads this group now."""
        return self.seats.current().filter(person=person, role=Seat.Role.FACILITATOR).exists()


class SeatQuerySet(models.QuerySet["Seat"]):
    """Sets of seats."""

    def current(self) -> Self:
        """Seats taken now, while the keys of the group go with them; whoever leads must have that role, too."""
        person = models.OuterRef("person")
        role = Role.objects.filter(person=person, kind=Role.Kind.FACILITATOR, until_on=None)
        keys = Belonging.objects.filter(person=person, scope=models.OuterRef("group__scope"))
        leads = models.Q(models.Exists(role), role=Seat.Role.FACILITATOR)
        return self.filter(models.Exists(keys), models.Q(role=Seat.Role.MEMBER) | leads, until_on=None)

    def members(self) -> Self:
        """Seats of members, not of those who lead."""
        return self.filter(role=Seat.Role.MEMBER)


class Seat(SealedModel):
    """A person's place in a group, with the chosen name that the group reads."""

    class Role(models.TextChoices):
        MEMBER = "member", _("member")
        FACILITATOR = "facilitator", _("facilitator")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    since_on = models.DateField(auto_now_add=True)
    until_on = models.DateField(null=True)

    name: Sealed[str] = Sealed()
    # Why they came in between the weeks of the pack (`entering.Late`); empty for everybody else.
    late: Sealed[str] = Sealed()

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person"], condition=models.Q(until_on=None), name="one_current_seat_in_a_group"
            )
        ]


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Sets of proposals."""

    def visible_to(self, person: Person) -> Self:
        """Proposals for the cycles that the person sees."""
        return self.filter(cycle__in=Cycle.objects.visible_to(person))

    def open(self) -> Self:
        """Neither accepted nor replaced yet."""
        return self.filter(state=Proposal.State.OPEN)


class Proposal(SealedModel):
    """What a kernel proposes and a coordinator changes and accepts. Numbers stand in clear, the plan is sealed.

    Words: `plan` (groups with their members, or meetings with their staff), `reasons` (for whoever or whatever
    could not be placed). `revision` counts changes by hand, so that two coordinators never overwrite each other.
    Several are kept beside each other until one of them is accepted; `number` is what people call them by.
    """

    class Kind(models.TextChoices):
        GROUPS = "groups", _("groups")
        ROTA = "rota", _("rota")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        REPLACED = "replaced", _("replaced")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    number = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=1)
    objective = models.BigIntegerField()
    bound = models.BigIntegerField()
    optimal = models.BooleanField()
    seconds = models.FloatField()
    made_on = models.DateField(auto_now_add=True)

    plan: "Sealed[dict[str, object]]" = Sealed(())
    reasons: "Sealed[list[dict[str, object]]]" = Sealed(())

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "kind", "number"], name="one_proposal_of_a_number")]


class DrawingQuerySet(models.QuerySet["Drawing"]):
    """Sets of drawings."""

    def visible_to(self, person: Person) -> Self:
        """Drawings for the cycles that the person sees."""
        return self.filter(cycle__in=Cycle.objects.visible_to(person))

    def on_the_way(self, kind: Proposal.Kind, cycle: str) -> models.Exists:
        """Whether one runs or waits to be looked at, for the cycle in this column of an outer query."""
        found = self.filter(cycle=models.OuterRef(cycle), kind=kind).exclude(state=Drawing.State.BROKEN)
        return models.Exists(found)


class Drawing(models.Model):
    """A kernel at work on a proposal: how far it is, in figures, and at the end its answer in a sealed letter.

    No key of anybody is kept while it works. The letter is for the coordinators' desk (`crypto/letters.py`).
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        BROKEN = "broken", _("broken off")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="drawings")
    kind = models.CharField(max_length=8, choices=Proposal.Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    seconds = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField(default=timezone.now)
    # When whoever watches the kernel last wrote: one that was killed says nothing any more.
    heard_at = models.DateTimeField(default=timezone.now)
    stop_asked = models.BooleanField(default=False)
    objective = models.BigIntegerField(null=True)
    bound = models.BigIntegerField(null=True)
    letter = models.BinaryField(null=True)

    objects = DrawingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "kind"], name="one_drawing_of_a_kind"),
            # Two solves for one cycle never run side by side.
            models.UniqueConstraint(
                fields=["cycle"], condition=models.Q(state="running"), name="one_drawing_runs_for_a_cycle"
            ),
        ]

    @property
    def is_broken(self) -> bool:
        """Whether it ended without an answer, or whoever watched it was killed."""
        silent = timezone.now() - self.heard_at > HEARD_WITHIN
        return self.state == Drawing.State.BROKEN or (self.state == Drawing.State.RUNNING and silent)

    @property
    def percent(self) -> int | None:
        """How much better than the plan so far another can be at most, in percent; None before the first plan."""
        if self.objective is None or self.bound is None:
            return None
        return -(-100 * max(0, self.objective - self.bound) // max(1, self.objective))


# A table of this room whose file stands beside; Django looks for it here.
from wayhouse.groups.opening import OpeningConditions  # noqa: E402

__all__ = ["Cycle", "CycleQuerySet", "Drawing", "Group", "OpeningConditions", "Proposal", "Seat", "Venue"]
