"""What is done with the announced schedule: an evening is moved, skipped or gets another topic, each with a reason."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.groups.refusals import Outdated
from wayhouse.meetings import rules
from wayhouse.meetings.covering import duties_around, has_time
from wayhouse.meetings.models import Change, Guide, Meeting, Swap
from wayhouse.meetings.planning import write_cards
from wayhouse.meetings.rostering import StaffRoster
from wayhouse.meetings.staffing import Team, staff_meeting
from wayhouse.meetings.standing_in import team_of, without
from wayhouse.meetings.times import LENGTH, slot_at
from wayhouse.people.models import Person


class NotFree(Exception):  # noqa: N818  an answer to a person, not a fault
    """Some of the staff are not free at the new time; nothing was changed."""

    def __init__(self, names: list[str]) -> None:
        """`names`: the chosen names of those who are not free."""
        super().__init__()
        self.names = names


class TopicStands(Exception):  # noqa: N818  an answer to a person, not a fault
    """The evening that has this topic is too near to give it away; nothing was changed."""


class Clash(Exception):  # noqa: N818  an answer to a person, not a fault
    """The group meets at that time already; nothing was changed."""


def move_meeting(
    meeting: Meeting, starts_at: datetime, *, reason: str, without_busy: bool = False, actor: Person
) -> None:
    """Move an evening to another time. Answers for the old time fall away; members read the change and its reason.

    With `without_busy` staff who are not free then are taken off. Errors: `NotFree` otherwise; `Clash`; `Outdated`.
    """
    require(rules.may_move_meeting(actor, meeting, starts_at, reason))
    with transaction.atomic():
        team = team_of(meeting)
        moved, was_at = team.meeting, team.meeting.starts_at
        _still(rules.may_move_meeting(actor, moved, starts_at, reason))
        moved.starts_at, moved.ends_at = starts_at, starts_at + LENGTH
        if _clashes(moved):
            raise Clash
        busy = _not_free(team)
        if busy and not without_busy:
            raise NotFree([team.everybody[person][0] for person in busy])
        moved.save(update_fields=["starts_at", "ends_at"])
        moved.answers.all().delete()
        for person in busy:
            team = without(team, person)
        staff_meeting(moved, team.serving, reserve=team.reserve, actor=actor)
        _tell(moved, Change.Kind.MOVED, reason, was_at)
        record("meeting.moved", moved, actor=actor, reason=reason, taken_off=len(busy))


def skip_meeting(meeting: Meeting, *, reason: str, actor: Person) -> None:
    """Let an evening not take place. Members and staff read that and why; open swaps of it fall away.

    Error: `Outdated` where it changed meanwhile.
    """
    require(rules.may_change_schedule(actor, meeting, reason))
    with transaction.atomic():
        skipped = team_of(meeting).meeting
        _still(rules.may_change_schedule(actor, skipped, reason))
        skipped.state = Meeting.State.SKIPPED
        skipped.save(update_fields=["state"])
        Swap.objects.filter(meeting=skipped, state=Swap.State.ASKED).update(state=Swap.State.WITHDRAWN)
        write_cards([skipped])
        _tell(skipped, Change.Kind.SKIPPED, reason)
        record("meeting.skipped", skipped, actor=actor, reason=reason)


def swap_topic(meeting: Meeting, guide_key: str, *, reason: str, actor: Person) -> None:
    """Give an evening another topic of its cycle; an evening to come that had it takes the old one in exchange.

    Errors: `Guide.DoesNotExist` for a topic that the cycle does not have; `TopicStands`; `Outdated`.
    """
    require(rules.may_change_schedule(actor, meeting, reason))
    with transaction.atomic():
        # Two evenings may change; whoever changes others of the group waits, in one order.
        list(Meeting.objects.select_for_update().filter(group=meeting.group_id).order_by("pk"))
        changed = team_of(meeting).meeting
        _still(rules.may_change_schedule(actor, changed, reason))
        if guide_key not in topics_of(changed).values_list("key", flat=True):
            raise Guide.DoesNotExist
        other = exchanged_with(changed, guide_key)
        if other is not None:
            if not rules.may_change_schedule(actor, other, reason):
                raise TopicStands
            other.guide_key = changed.guide_key
        changed.guide_key = guide_key
        both = [changed, other] if other else [changed]
        for one in both:
            one.save(update_fields=["guide_key"])
            _tell(one, Change.Kind.SWAPPED, reason)
        write_cards(both)
        record("topic.swapped", changed, actor=actor, reason=reason, evenings=len(both))


def topics_of(meeting: Meeting) -> QuerySet[Guide]:
    """The guides an evening could take up instead of its own; what belongs before the first evening is none."""
    guides = Guide.objects.filter(cycle=meeting.cycle_id).exclude(week=0)
    # Their texts are long, and nobody who chooses reads them.
    return guides.exclude(key=meeting.guide_key).defer("content")


def exchanged_with(meeting: Meeting, guide_key: str) -> Meeting | None:
    """The evening to come of the same group that is planned with this topic."""
    coming = Meeting.objects.filter(group=meeting.group_id, guide_key=guide_key, starts_at__gt=timezone.now())
    planned = coming.filter(state=Meeting.State.PLANNED).exclude(pk=meeting.pk)
    return planned.select_related("cycle", "group", "scope").order_by("starts_at").first()


def changes_for(person: Person) -> QuerySet[Change]:
    """Changes of evenings that exist for somebody and are not over, the next evening first; for first screens."""
    coming = Meeting.objects.visible_to(person).filter(ends_at__gt=timezone.now())
    told = Change.objects.filter(meeting__in=coming.values("pk"))
    return told.select_related("meeting").order_by("meeting__starts_at", "made_at")


def _still(allowed: bool) -> None:  # noqa: FBT001  what a rule said of the locked row
    if not allowed:
        raise Outdated


def _clashes(meeting: Meeting) -> bool:
    then = Meeting.objects.filter(starts_at__lt=meeting.ends_at, ends_at__gt=meeting.starts_at)
    return then.filter(group=meeting.group_id).exclude(pk=meeting.pk).exclude(state=Meeting.State.SKIPPED).exists()


def _not_free(team: Team) -> list[Person]:
    """Staff of a meeting, already at its new time, who are not free then or would have no rest."""
    meeting = team.meeting
    slot = slot_at(meeting.starts_at, meeting.group.programme.time_zone)
    colleagues = {colleague.person: colleague for colleague in StaffRoster(meeting.cycle).colleagues}
    duties = duties_around(meeting, (person.pk for person in team.everybody))
    free = {
        person
        for person in team.everybody
        if (known := colleagues.get(person))
        and slot in known.entry.slots
        and has_time(meeting, duties.get(person.pk, []), known.a_week, as_reserve=person in team.reserve)
    }
    return [person for person in team.everybody if person not in free]


def _tell(meeting: Meeting, kind: Change.Kind, reason: str, was_at: datetime | None = None) -> None:
    Change.objects.create(meeting=meeting, kind=kind, reason=reason, was_at=was_at)
