"""What somebody needs to come to an evening, as a task with a day: an interpreter, childcare, the cost of the way."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhouse.crypto.sealed import Sealed, SealedModel
from wayhouse.people.models import Person

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# Practice handbook F39: three days before the evening it is arranged, or somebody is told that it is not.
DUE_BEFORE = timedelta(hours=72)
# Nobody looks up what was arranged longer than this after an evening.
TASKS_KEPT = timedelta(days=28)
NEEDS: "dict[str, _StrOrPromise]" = {
    "interpreter": _("An interpreter"),
    "childcare": _("Childcare"),
    "travel": _("The cost of the way"),
}


class AccessTaskQuerySet(models.QuerySet["AccessTask"]):
    """Sets of tasks."""

    def visible_to(self, person: Person) -> Self:
        """Coordinators see those of their programme; everybody else their own."""
        if person.is_coordinator:
            return self.filter(meeting__group__programme=person.programme)
        return self.filter(person=person)

    def standing(self, now: datetime | None = None) -> Self:
        """Of evenings that are to take place, for people who sit there and take part; nothing that was taken back."""
        sits = models.Q(person__seats__group=models.F("meeting__group"), person__seats__until_on=None)
        coming = models.Q(meeting__starts_at__gt=now or timezone.now(), meeting__state="planned")
        takes_part = models.Q(person__status=Person.Status.ACTIVE)
        return self.filter(sits, coming, takes_part).exclude(state=AccessTask.State.WITHDRAWN)


class AccessTask(SealedModel):
    """One need of one person for one evening. What it is lies sealed between the person and the coordinators."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        ARRANGED = "arranged", _("arranged")
        NOT_POSSIBLE = "not", _("could not be arranged")
        WITHDRAWN = "withdrawn", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="access_tasks")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="access_tasks")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_on = models.DateField(auto_now_add=True)

    need: Sealed[str] = Sealed()

    objects = AccessTaskQuerySet.as_manager()

    @property
    def label(self) -> "_StrOrPromise":
        """The need in words. Error: `CannotOpen`."""
        return NEEDS.get(self.need, self.need)

    @property
    def due_at(self) -> datetime:
        """When it has to be arranged."""
        return self.meeting.starts_at - DUE_BEFORE

    @property
    def is_overdue(self) -> bool:
        """Whether it waits, and its time is over."""
        return self.state == AccessTask.State.ASKED and self.due_at <= timezone.now()
