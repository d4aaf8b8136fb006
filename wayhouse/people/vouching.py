"""The table of ways back: who says who somebody is, how they know, and what became of it."""

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhouse.crypto.models import Item

if TYPE_CHECKING:
    from wayhouse.people.models import Person

SHOWN_FOR = timedelta(days=180)


class WayBackQuerySet(models.QuerySet["WayBack"]):
    """Sets of ways back."""

    def open(self, now: datetime | None = None) -> Self:
        """Neither used nor stopped nor past their time, now or at another moment."""
        return self.filter(ended_on=None, expires_at__gt=now or timezone.now())

    def to_show(self, person: "Person | uuid.UUID", today: date | None = None) -> Self:
        """What was begun for a person, newest first: for half a year after its end, today or on another day."""
        own = self.filter(person=person).exclude(ended_on__lt=(today or timezone.localdate()) - SHOWN_FOR)
        return own.order_by("-expires_at")

    def visible_to(self, person: "Person") -> Self:
        """Open ones for others: to coordinators of the programme, and to facilitators with whom one was shared."""
        holder = person.user.holder_id if person.user else None
        shared = models.Q(item__scope__memberships__holder=holder)
        mine = models.Q() if person.is_coordinator else shared if person.leads_evenings else models.Q(pk=None)
        return self.open().filter(mine, person__programme=person.programme_id).exclude(person=person)


class WayBack(models.Model):
    """Two of a programme's staff say who it is who lost passphrase and recovery code and begins with new keys."""

    class How(models.TextChoices):
        MET = "met", _("We sat together")
        SPOKE = "spoke", _("I know the voice, and called back on a number I had before")

    class End(models.TextChoices):
        USED = "used"
        STOPPED = "stopped"
        RAN_OUT = "ran_out"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="ways_back")
    # The chosen name, sealed to those who may say who it is; it goes with the end.
    item = models.OneToOneField(Item, on_delete=models.SET_NULL, null=True, related_name="+", editable=False)
    asked_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="ways_asked")
    asked_how = models.CharField(max_length=8, choices=How.choices)
    confirmed_by = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="ways_confirmed"
    )
    confirmed_how = models.CharField(max_length=8, choices=How.choices, default="")
    token_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  many have none
    asked_on = models.DateField(auto_now_add=True)
    expires_at = models.DateTimeField()
    # Guesses of the name to sign in with, from everywhere together.
    wrong_names = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField(null=True)
    end = models.CharField(max_length=8, choices=End.choices, default="")

    objects = WayBackQuerySet.as_manager()

    @property
    def is_open(self) -> bool:
        """Neither used nor stopped nor past its time."""
        return self.ended_on is None and self.expires_at > timezone.now()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(ended_on=None), name="one_open_way_back")
        ]
