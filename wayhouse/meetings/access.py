"""What is done about needs: asked for, taken back, arranged or not; and made into tasks from what the roster says."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto.items import seal_all
from wayhouse.crypto.models import Item
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Seat
from wayhouse.meetings import rules
from wayhouse.meetings.access_tasks import NEEDS, TASKS_KEPT, AccessTask
from wayhouse.meetings.gaps import AHEAD
from wayhouse.meetings.models import Meeting
from wayhouse.people import reach
from wayhouse.people.models import Person, Programme, RosterEntry

State = AccessTask.State
Wanted = tuple[Meeting, str]


def ask_access(meetings: Sequence[Meeting], need: str, *, actor: Person) -> int:
    """Ask for one need at these evenings. What stands already is not asked twice. How many tasks were made."""
    require(need in NEEDS and all(rules.may_ask_access(actor, meeting) for meeting in meetings))
    with transaction.atomic():
        made = _make(actor, [(meeting, need) for meeting in meetings], again=True)
        if made:
            record("access.asked", actor, actor=actor, tasks=made)
    return made


def take_back_access(task: AccessTask, *, actor: Person) -> None:
    """Somebody does not need it after all."""
    require(rules.may_take_back_access(actor, task))
    with transaction.atomic():
        _set(task, State.WITHDRAWN)
        record("access.withdrawn", task, actor=actor)


def settle_access(task: AccessTask, state: State, *, actor: Person) -> None:
    """Say that something is arranged, or cannot be, or has to be looked at again. The person reads it at once."""
    require(rules.may_settle_access(actor, task) and state != State.WITHDRAWN)
    with transaction.atomic():
        _set(task, state)
        record("access.settled", task, actor=actor)


def make_access_tasks(programme: Programme, *, actor: Person) -> int:
    """A task for each need that the roster names, at each evening of four weeks. How many are new.

    What somebody took back for an evening stays taken back, whatever the roster says.
    """
    require(rules.may_make_access_tasks(actor, programme))
    with transaction.atomic():
        wanted = _on_roster(programme)
        made = sum(_make(person, pairs) for person, pairs in wanted)
        if made:
            record("access.planned", programme, actor=actor, tasks=made)
    return made


def old_tasks(now: datetime) -> QuerySet[AccessTask]:
    """Tasks of evenings that are over for long at a moment."""
    return AccessTask.objects.filter(meeting__ends_at__lte=now - TASKS_KEPT)


def drop_old_tasks(keep: Collection[UUID] = ()) -> int:
    """Delete them, except those of `keep`; needs nobody's key. How many there were."""
    with transaction.atomic():
        old = list(old_tasks(timezone.now()).exclude(person__in=keep).values_list("pk", "item_id"))
        AccessTask.objects.filter(pk__in=[pk for pk, _item in old]).delete()
        Item.objects.filter(pk__in=[item for _pk, item in old]).delete()
    return len(old)


def _make(person: Person, wanted: Iterable[Wanted], *, again: bool = False) -> int:
    """Make what is not there yet; what was taken back is made `again` only where the person asks for it."""
    tasks = AccessTask.objects.filter(person=person, meeting__in=[meeting.pk for meeting, _need in wanted])
    known = list((tasks.exclude(state=State.WITHDRAWN) if again else tasks).select_related("item"))
    open_all(known)
    there = {(task.meeting_id, task.need) for task in known}
    new = [(meeting, need) for meeting, need in wanted if (meeting.pk, need) not in there]
    if not new:
        return 0
    sealed = seal_all(reach.between(person), "access", [(person.pk, {"need": need}) for _meeting, need in new])
    rows = [
        AccessTask(item=item, meeting=meeting, person=person)
        for item, (meeting, _need) in zip(sealed, new, strict=True)
    ]
    AccessTask.objects.bulk_create(rows)
    return len(rows)


def _on_roster(programme: Programme) -> list[tuple[Person, list[Wanted]]]:
    now = timezone.now()
    meetings: dict[UUID, list[Meeting]] = {}
    coming = Meeting.objects.upcoming(now).filter(group__programme=programme, state=Meeting.State.PLANNED)
    for meeting in coming.filter(starts_at__gt=now, starts_at__lte=now + AHEAD):
        meetings.setdefault(meeting.group_id, []).append(meeting)
    seats = Seat.objects.current().members().filter(group__in=meetings, person__status=Person.Status.ACTIVE)
    group_of = dict(seats.values_list("person_id", "group_id"))
    entries = list(
        RosterEntry.objects.filter(person__in=group_of).select_related(
            "item", "person__programme__desk", "person__user"
        )
    )
    open_all(entries)
    return [
        (entry.person, [(meeting, need) for meeting in meetings[group_of[entry.person_id]] for need in needs])
        for entry in entries
        if (needs := [need for need in entry.needs if need in NEEDS])
    ]


def _set(task: AccessTask, state: State) -> None:
    task.state = state
    task.save(update_fields=["state"])
