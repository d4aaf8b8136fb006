"""The table of copies of roster rows; `people.own_row` says what it does."""

from django.db import models
from django.utils import timezone


class OwnRow(models.Model):
    """The copy. `number` is that of the sealed row, `for_key` the key it was closed for: they say if it is old."""

    person = models.OneToOneField("people.Person", on_delete=models.CASCADE, related_name="own_row")
    letter = models.BinaryField()
    number = models.BigIntegerField()
    for_key = models.BinaryField()
    written_on = models.DateField(default=timezone.localdate)
