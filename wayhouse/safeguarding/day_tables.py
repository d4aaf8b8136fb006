"""Days: on which nobody works, or works though it is a holiday; and on which somebody looks at something again."""

import uuid
from typing import Self

from django.db import models

from wayhouse.crypto.models import Scope
from wayhouse.people.models import Programme


class ClosedDayQuerySet(models.QuerySet["ClosedDay"]):
    """Sets of days."""

    def of(self, programme: Programme) -> Self:
        """Those of a programme, in their order."""
        return self.filter(programme=programme).order_by("day")


class ClosedDay(models.Model):
    """One day that was entered by hand. It has no words: what a day is about is nobody's here."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="closed_days")
    day = models.DateField()
    # Work is done although the sheet closes it.
    works = models.BooleanField(default=False)

    objects = ClosedDayQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "day"], name="one_word_about_a_day")]


class DayToCome(models.Model):
    """A day on which those who read something look at it again. Which day it is, and of what, lies closed in `box`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="days_to_come")
    box = models.BinaryField()
