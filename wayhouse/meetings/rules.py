"""Who may do what with evenings, shifts and records."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from wayhouse.core.prepared import prepared
from wayhouse.groups.models import Cycle, Group, Proposal, Seat
from wayhouse.groups.rules import may_change_proposal, may_form_groups
from wayhouse.meetings.attending import expected_seats
from wayhouse.meetings.models import (
    FIXED_FROM,
    RECORD_WITHIN,
    AccessTask,
    Change,
    EveningRecord,
    Meeting,
    Poll,
    Shift,
    Swap,
)
from wayhouse.meetings.polls import MOST_OTHERS
from wayhouse.people.models import Person, Programme, Role

# While an evening runs, the session of those who run it does not lock for idleness.
HELD_BEFORE = timedelta(minutes=30)
HELD_AFTER = timedelta(hours=1)


def may_plan_meetings(actor: Person, cycle: Cycle) -> bool:
    """Coordinators, while the cycle has not ended."""
    return may_form_groups(actor, cycle)


def may_change_schedule(actor: Person, meeting: Meeting, reason: str) -> bool:
    """Coordinators; within two days of the evening only for safety (handbook F19)."""
    ours = actor.is_coordinator and meeting.group.programme_id == actor.programme_id
    to_come = not meeting.has_started and meeting.state == Meeting.State.PLANNED
    return ours and to_come and (not meeting.is_fixed or reason == Change.Reason.SAFETY)


def may_run_evening(actor: Person, meeting: Meeting) -> bool:
    """Those on shift or in reserve for it, while they hold the role."""
    return Shift.objects.in_force().filter(meeting=meeting, person=actor).exists()


def holds_shift(actor: Person, shift: Shift) -> bool:
    """Whether it is theirs and they hold its role now."""
    return shift.person_id == actor.pk and actor.holds(Role.Kind(shift.role))


def may_hold_open(actor: Person, shift: Shift) -> bool:
    """Those who serve, around the evening: the phone waits in a pocket and must not lock itself."""
    meeting, now = shift.meeting, timezone.now()
    around = meeting.starts_at - HELD_BEFORE <= now <= meeting.ends_at + HELD_AFTER
    return around and holds_shift(actor, shift) and not shift.reserve


def may_record_attendance(actor: Person, meeting: Meeting) -> bool:
    """A facilitator on shift, from the beginning until two days after."""
    shifts = Shift.objects.in_force().filter(meeting=meeting, person=actor).select_related("meeting")
    return any(may_record_on(actor, shift) for shift in shifts)


def may_record_on(actor: Person, shift: Shift) -> bool:
    """The same, asked about the shift itself, for whoever has it at hand. What was called off has nothing to record."""
    meeting = shift.meeting
    in_time = meeting.has_started and timezone.now() <= meeting.ends_at + RECORD_WITHIN
    leads = shift.role == Role.Kind.FACILITATOR and holds_shift(actor, shift)
    return leads and in_time and not meeting.was_called_off


def were_expected(people: Iterable[Person], meeting: Meeting) -> bool:
    """Whether all of them were asked to this evening; nobody else has an attendance there."""
    asked = set(expected_seats(meeting).values_list("person_id", flat=True))
    return {person.pk for person in people} <= asked


def may_record_evening(actor: Person, meeting: Meeting) -> bool:
    """Whoever may record attendance."""
    return may_record_attendance(actor, meeting)


def may_close_evening(actor: Person, meeting: Meeting) -> bool:
    """Whoever may record it, once it is recorded and until it is closed."""
    still_open = EveningRecord.objects.filter(meeting=meeting, closed=False)
    return may_record_attendance(actor, meeting) and still_open.exists()


def may_tick_talk(actor: Person, meeting: Meeting) -> bool:
    """Whoever may record it, once it is closed without a tick."""
    closed = EveningRecord.objects.filter(meeting=meeting, closed=True, debriefed=False)
    return may_record_attendance(actor, meeting) and closed.exists()


def may_answer(actor: Person, meeting: Meeting) -> bool:
    """Members of the group who are not pausing, until the evening begins."""
    open_still = not meeting.has_started and meeting.state == Meeting.State.PLANNED
    return open_still and actor.status == Person.Status.ACTIVE and Seat.Role.MEMBER in _seats_in(meeting, actor)


def may_ask_access(actor: Person, meeting: Meeting) -> bool:
    """Whoever is asked whether they come."""
    return may_answer(actor, meeting)


def may_take_back_access(actor: Person, task: AccessTask) -> bool:
    """The person themselves, until the evening begins."""
    stands = task.state != AccessTask.State.WITHDRAWN and not task.meeting.has_started
    return task.person_id == actor.pk and stands


def may_settle_access(actor: Person, task: AccessTask) -> bool:
    """Coordinators of the programme, while it is wanted and the evening is not over."""
    ours = actor.is_coordinator and task.meeting.group.programme_id == actor.programme_id
    return ours and task.state != AccessTask.State.WITHDRAWN and not task.meeting.is_over


def may_make_access_tasks(actor: Person, programme: Programme) -> bool:
    """Coordinators of the programme: only they open the roster."""
    return actor.is_coordinator and actor.programme_id == programme.pk


def may_move_meeting(actor: Person, meeting: Meeting, starts_at: datetime, reason: str) -> bool:
    """Whoever may change the schedule; not into the past, nor into the next two days except for safety."""
    notice = timedelta(0) if reason == Change.Reason.SAFETY else FIXED_FROM
    return may_change_schedule(actor, meeting, reason) and starts_at - timezone.now() > notice


def may_check_shifts(actor: Person, programme: Programme) -> bool:
    """Coordinators of the programme: only they open its lists."""
    return may_make_access_tasks(actor, programme)


def may_end_cycle(actor: Person, cycle: Cycle) -> bool:
    """Coordinators, once no evening is to come and none waits for its record. What never met ends by itself."""
    return may_plan_meetings(actor, cycle) and bool(_over(cycle=cycle.pk, now=timezone.now()))


@prepared
def _over(cycle: UUID, now: datetime) -> QuerySet[Cycle, UUID]:
    evenings = Meeting.objects.filter(cycle=OuterRef("pk"))
    recorded = Q(ends_at__gt=now - RECORD_WITHIN, record=None, state=Meeting.State.PLANNED)
    to_come = evenings.exclude(state=Meeting.State.SKIPPED).filter(Q(ends_at__gt=now) | recorded)
    met = Exists(evenings) | ~Exists(Group.objects.open().filter(cycle=OuterRef("pk")))
    return Cycle.objects.filter(met, ~Exists(to_come), pk=cycle).values_list("pk", flat=True)


def may_propose_rota(actor: Person, cycle: Cycle) -> bool:
    """Coordinators, while the cycle has not ended."""
    return may_plan_meetings(actor, cycle)


def may_change_rota(actor: Person, proposal: Proposal) -> bool:
    """Coordinators, while the proposal is open."""
    return may_change_proposal(actor, proposal)


def may_accept_rota(actor: Person, proposal: Proposal) -> bool:
    """Whoever may propose a rota. That it is still open is looked up under a lock."""
    return may_propose_rota(actor, proposal.cycle)


def may_cover(actor: Person, meeting: Meeting) -> bool:
    """Coordinators of the programme, until a planned evening is over: somebody may be ill at the last moment."""
    ours = actor.is_coordinator and meeting.group.programme_id == actor.programme_id
    return ours and not meeting.is_over and meeting.state == Meeting.State.PLANNED


def may_ask_swap(actor: Person, shift: Shift) -> bool:
    """The person whose shift it is, before the evening begins."""
    to_come = not shift.meeting.has_started and shift.meeting.state == Meeting.State.PLANNED
    return holds_shift(actor, shift) and to_come


def may_decide_swap(actor: Person, swap: Swap) -> bool:
    """Coordinators of the programme."""
    return actor.is_coordinator and swap.meeting.group.programme_id == actor.programme_id


def may_withdraw_swap(actor: Person, swap: Swap) -> bool:
    """The person who asked, while nobody has answered."""
    return swap.asker_id == actor.pk and swap.state == Swap.State.ASKED


def may_come_off_evenings(actor: Person, person: Person) -> bool:
    """Only the person themselves, without a reason."""
    return actor.pk == person.pk


def may_poll(actor: Person, meeting: Meeting) -> bool:
    """Facilitators of the group and coordinators, while the evening could still be moved afterwards."""
    ours = actor.programme_id == meeting.group.programme_id
    movable = meeting.state == Meeting.State.PLANNED and not meeting.is_fixed
    active = actor.status == Person.Status.ACTIVE
    return (
        movable and ours and (actor.is_coordinator or (active and Seat.Role.FACILITATOR in _seats_in(meeting, actor)))
    )


def _leads(meeting: Meeting, actor: Person) -> bool:
    return Seat.Role.FACILITATOR in _seats_in(meeting, actor)


def _seats_in(meeting: Meeting, actor: Person) -> list[str]:
    """As whom somebody sits in the group of an evening now."""
    return _seats(group=meeting.group_id, person=actor.pk)


@prepared
def _seats(group: UUID, person: UUID) -> QuerySet[Seat, str]:
    return Seat.objects.current().filter(group=group, person=person).values_list("role", flat=True)


def may_ask_poll(actor: Person, meeting: Meeting, others: Sequence[datetime], closes_at: datetime) -> bool:
    """Whoever may poll; it closes early enough for every time to be chosen with the notice that a move needs."""
    times = {meeting.starts_at, *others}
    enough = 1 <= len(others) <= MOST_OTHERS and len(times) == len(others) + 1
    return enough and timezone.now() < closes_at <= min(times) - FIXED_FROM and may_poll(actor, meeting)


def may_answer_poll(actor: Person, poll: Poll) -> bool:
    """Whoever is asked whether they come to that evening, until the poll closes."""
    return poll.is_open and may_answer(actor, poll.meeting)


def may_withdraw_poll(actor: Person, poll: Poll) -> bool:
    """Facilitators of the group and coordinators, until it closes: a result stands."""
    return poll.is_open and may_poll(actor, poll.meeting)
