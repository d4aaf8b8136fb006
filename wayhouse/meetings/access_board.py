"""What coordinators have to arrange so that people can come: needs of the next two weeks, each with a name."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Group, Seat
from wayhouse.meetings.access_tasks import AccessTask
from wayhouse.people.models import Person

# More than that nobody arranges now, and a list of four weeks is too long for a phone.
_SHOWN = timedelta(weeks=2)
Told = tuple[AccessTask, str]


def tasks_to_arrange(coordinator: Person) -> list[Told]:
    """Every need of the next two weeks in the programme, what waits first, with the name; two queries and the keys."""
    now = timezone.now()
    rows = _standing(programme=coordinator.programme_id, now=now, until=now + _SHOWN)
    tasks = sorted(rows, key=lambda task: task.state != AccessTask.State.ASKED)
    people = {task.person_id for task in tasks}
    named = {(seat.group_id, seat.person_id): seat for seat in (_seats(people=tuple(people)) if people else [])}
    groups: dict[UUID, Group] = {}
    for task in tasks:
        task.meeting.group = groups.setdefault(task.meeting.group_id, task.meeting.group)
    open_all(tasks, named.values(), groups.values())
    return [(task, named[task.meeting.group_id, task.person_id].name) for task in tasks]


@prepared
def _standing(programme: UUID, now: datetime, until: datetime) -> QuerySet[AccessTask]:
    here = AccessTask.objects.standing(now).filter(meeting__group__programme=programme, meeting__starts_at__lte=until)
    return here.select_related("item", "meeting__group__item").order_by("meeting__starts_at", "pk")


@prepared
def _seats(people: tuple[UUID, ...]) -> QuerySet[Seat]:
    return Seat.objects.current().filter(person__in=people).select_related("item")
