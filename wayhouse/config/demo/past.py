"""A past for the demonstration: the cycle began some weeks ago, and its evenings were held and recorded."""

import random
from collections.abc import Iterator, Mapping
from datetime import timedelta
from uuid import UUID

from wayhouse.groups.models import Cycle, Group, Seat
from wayhouse.meetings.access import make_access_tasks, settle_access
from wayhouse.meetings.forgetting import count_unnamed
from wayhouse.meetings.models import AccessTask, Answer, Attendance, EveningRecord, Meeting
from wayhouse.meetings.planning import write_cards
from wayhouse.meetings.times import LENGTH, begins_at
from wayhouse.people.consents.giving import give_consent
from wayhouse.people.consents.wordings import Purpose, wording_of
from wayhouse.people.models import Person, Role

WEEKS = 5
Seats = Mapping[UUID, list[Seat]]
_CAME, _BY_PHONE, _SAID_YES, _ANSWERED, _NAMED = 0.78, 0.06, 0.8, 0.7, 0.9
_MOODS, _MOOD_WEIGHTS = (2, 3, 4, 5), (1, 4, 6, 2)


def live(cycle: Cycle) -> None:
    """Move the cycle back by some weeks, record what has passed and let people answer for what comes."""
    cycle.starts_on -= timedelta(weeks=WEEKS + 1)
    cycle.save(update_fields=["starts_on"])
    Seat.objects.filter(group__cycle=cycle).update(since_on=cycle.starts_on)
    Role.objects.filter(person__programme=cycle.programme).update(since_on=cycle.starts_on)
    groups = {group.pk: group for group in Group.objects.filter(cycle=cycle).select_related("item", "programme")}
    meetings = list(Meeting.objects.filter(group__cycle=cycle).order_by("starts_at", "pk"))
    for meeting in meetings:
        _move(meeting, groups[meeting.group_id])
    Meeting.objects.bulk_update(meetings, ["starts_at", "ends_at", "announced_for"])
    rng = random.Random(7)  # noqa: S311  invented, not secret
    seats = {
        pk: list(Seat.objects.current().members().filter(group=pk).select_related("person").order_by("pk"))
        for pk in groups
    }
    over = [meeting for meeting in meetings if meeting.is_over]
    _record_all(over, seats, rng)
    Meeting.objects.filter(pk__in=[meeting.pk for meeting in over]).update(state=Meeting.State.HELD)
    ahead = [meeting for meeting in meetings if not meeting.is_over][: len(groups)]
    Answer.objects.bulk_create(answer for meeting in ahead for answer in _answers(meeting, seats, rng))
    write_cards(Meeting.objects.upcoming().filter(group__cycle=cycle).select_related("group__item", "scope"))


def _record_all(over: list[Meeting], seats: Seats, rng: random.Random) -> None:
    named = _say_yes(seats, rng)
    marks = {meeting: list(_marks(meeting, seats[meeting.group_id], rng)) for meeting in over}
    Attendance.objects.bulk_create(mark for some in marks.values() for mark in some if mark.person_id in named)
    EveningRecord.objects.bulk_create(_record(meeting, rng) for meeting in over)
    for meeting, some in marks.items():
        others = [Attendance.Presence(mark.presence) for mark in some if mark.person_id not in named]
        count_unnamed(meeting, others)


def arrange(cycle: Cycle, actor: Person) -> None:
    """What the roster says that people need becomes tasks; half of the next ones are arranged."""
    make_access_tasks(cycle.programme, actor=actor)
    tasks = AccessTask.objects.filter(meeting__group__cycle=cycle).select_related("meeting__group")
    for task in tasks.order_by("meeting__starts_at", "pk")[::2][:6]:
        settle_access(task, AccessTask.State.ARRANGED, actor=actor)


def _say_yes(seats: Seats, rng: random.Random) -> set[UUID]:
    """Most people let it stand beside their number which evenings they came to; some are counted and not named."""
    wording, said = wording_of(Purpose.KEEPING, "en"), set()
    for seat in (seat for some in seats.values() for seat in some):
        if rng.random() < _NAMED:
            give_consent(seat.person, wording, actor=seat.person)
            said.add(seat.person_id)
    return said


def _move(meeting: Meeting, group: Group) -> None:
    zone = group.programme.time_zone
    meeting.starts_at = begins_at(group.cycle.monday_of(meeting.week), group.slot, zone)
    meeting.announced_for, meeting.ends_at = meeting.starts_at, meeting.starts_at + LENGTH


def _marks(meeting: Meeting, seats: list[Seat], rng: random.Random) -> Iterator[Attendance]:
    for seat in seats:
        drawn = rng.random()
        here = Attendance.Presence.HERE if drawn < _CAME else Attendance.Presence.AWAY
        presence = Attendance.Presence.PHONE if _CAME <= drawn < _CAME + _BY_PHONE else here
        yield Attendance(meeting=meeting, person_id=seat.person_id, presence=presence)


def _record(meeting: Meeting, rng: random.Random) -> EveningRecord:
    wishes = rng.sample(EveningRecord.FollowUp.values, k=rng.choice((0, 0, 1, 2)))
    mood = rng.choices(_MOODS, _MOOD_WEIGHTS)[0]
    return EveningRecord(meeting=meeting, held=True, mood=mood, follow_ups=wishes, closed=True, debriefed=True)


def _answers(meeting: Meeting, seats: dict[UUID, list[Seat]], rng: random.Random) -> Iterator[Answer]:
    for seat in seats[meeting.group_id]:
        if rng.random() < _ANSWERED:
            yield Answer(meeting=meeting, person_id=seat.person_id, coming=rng.random() < _SAID_YES)
