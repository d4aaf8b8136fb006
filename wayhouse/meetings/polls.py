"""Which of a few times suits a group for one evening. Times, answers, counts are sealed to the group and the desk."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhouse.crypto.sealed import Sealed, SealedModel
from wayhouse.groups.models import Group
from wayhouse.people.models import Person

# The time that stands, and so many others.
MOST_OTHERS = 3
# With fewer answers a count would say who it is, to whoever takes off their own.
FEWEST = 4
# A poll is about an evening to come; it goes with the answers to that evening.
POLLS_KEPT = timedelta(days=28)


class Suits(models.TextChoices):
    """What somebody says to one time."""

    YES = "yes", _("suits me")
    IF_NEED_BE = "need", _("if need be")
    NO = "no", _("does not suit me")


class PollQuerySet(models.QuerySet["Poll"]):
    """Sets of polls."""

    def visible_to(self, person: Person) -> Self:
        """Coordinators see those of their programme; others those of groups they sit in, unless they take a break."""
        if person.is_coordinator:
            return self.of_programme(person.programme_id)
        return self.put_to(person.pk) if person.status == Person.Status.ACTIVE else self.none()

    def of_programme(self, programme: uuid.UUID) -> Self:
        """All of a programme's."""
        return self.filter(meeting__group__programme=programme)

    def put_to(self, person: uuid.UUID) -> Self:
        """Those of groups that somebody sits in, by their id; whether they take a break was asked before."""
        return self.filter(meeting__group__in=Group.objects.open().with_current_seat(person))


class Poll(SealedModel):
    """One question to a group about one evening. Until `closes_at` nobody reads a count, then all read the same.

    `times`: ISO 8601, the first the one that stood; `counts`: for each time [suits, if need be], empty where fewer
    than `FEWEST` answered. How many did not answer or said no is told to nobody.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.OneToOneField("meetings.Meeting", on_delete=models.CASCADE, related_name="poll")
    closes_at = models.DateTimeField()
    # Counted once; the answers went with that, and nobody can take one result from another.
    counted = models.BooleanField(default=False)

    times: Sealed[list[str]] = Sealed(())
    counts: Sealed[list[list[int]]] = Sealed(())

    objects = PollQuerySet.as_manager()

    @property
    def is_open(self) -> bool:
        """Whether it is answered still."""
        return timezone.now() < self.closes_at

    @property
    def options(self) -> list[datetime]:
        """The times, in the order in which they were asked. Error: `CannotOpen`."""
        return [datetime.fromisoformat(text) for text in self.times]


class PollAnswer(SealedModel):
    """What one person says to each time, in the order of the poll. Shown to themselves alone, gone when counted."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="poll_answers")

    marks: Sealed[list[str]] = Sealed(())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "person"], name="one_answer_to_a_poll")]
