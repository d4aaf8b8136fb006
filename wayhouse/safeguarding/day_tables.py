"""Days of a programme on which nobody works, or on which it works though the sheet of its country says otherwise."""

from typing import Self

from django.db import models

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
