"""Cycles: the runs of a blueprint. What they are called and when they are is no secret; who sits in them is."""

import uuid
from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from wayhouse.people.models import Person, Programme


class CycleQuerySet(models.QuerySet["Cycle"]):
    """Sets of cycles."""

    def visible_to(self, person: Person) -> Self:
        """Coordinators see the cycles of their programme; for others no cycle exists."""
        if not person.is_coordinator:
            return self.none()
        return self.filter(programme=person.programme)


class Cycle(models.Model):
    """One run of a blueprint: so many evenings of each group from a Monday on."""

    class State(models.TextChoices):
        FORMING = "forming", _("forming groups")
        STAFFING = "staffing", _("drawing up the rota")
        RUNNING = "running", _("running")
        ENDED = "ended", _("ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="cycles")
    # The pack is public content: its key and version are no secret.
    pack = models.CharField(max_length=40)
    pack_version = models.CharField(max_length=16)
    title = models.CharField(max_length=80)
    starts_on = models.DateField()
    # So many evenings of each group, and so many weeks from one to the next.
    weeks = models.PositiveSmallIntegerField()
    every = models.PositiveSmallIntegerField(default=1)
    # In which of them running groups take people in, as the pack says; none named: in all.
    entry_weeks: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.FORMING)
    created_on = models.DateField(auto_now_add=True)

    objects = CycleQuerySet.as_manager()

    @property
    def ends_on(self) -> date:
        """The Sunday of the last week."""
        return self.starts_on + timedelta(weeks=self.lasts, days=-1)

    @property
    def lasts(self) -> int:
        """How many weeks from the first Monday to the last Sunday."""
        return self.weeks * self.every

    @property
    def is_circle(self) -> bool:
        """Whether a group goes on in it as an open circle, which meets less often."""
        return self.every > 1

    def overlaps(self, other: "Cycle") -> bool:
        """Whether some of its weeks are weeks of the other cycle too; one that was ended takes nobody's time."""
        if self.state == Cycle.State.ENDED:
            return False
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on

    def week_of(self, day: date) -> int:
        """The week of the cycle that a day lies in, counted from 1 evening to evening; 0 and less before it begins."""
        return (day - self.starts_on).days // (7 * self.every) + 1

    def monday_of(self, week: int) -> date:
        """The Monday of such a week."""
        return self.starts_on + timedelta(weeks=(week - 1) * self.every)
