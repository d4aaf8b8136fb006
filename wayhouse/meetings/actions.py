"""What is done at an evening: answer, record who came and how it was, close it."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.meetings import rules
from wayhouse.meetings.forgetting import count_unnamed, who_keeps
from wayhouse.meetings.models import Answer, Attendance, EveningRecord, Meeting
from wayhouse.meetings.reminding import stop_asking
from wayhouse.people.models import Person

Marks = Mapping[Person, Attendance.Presence]


def answer_meeting(meeting: Meeting, *, coming: bool, actor: Person) -> None:
    """Say yes or not this time. A second answer replaces the first; no reason is asked."""
    require(rules.may_answer(actor, meeting))
    with transaction.atomic():
        Answer.objects.update_or_create(meeting=meeting, person=actor, defaults={"coming": coming})
        # Not what the answer was: that is nobody's business but the evening's.
        stop_asking(meeting, actor)
        record("meeting.answered", meeting, actor=actor)


def record_attendance(meeting: Meeting, marks: Marks, *, actor: Person) -> None:
    """Write down who came, of those who were expected. Recording again corrects the earlier marks.

    Whoever has not said yes to that is counted and not named.
    """
    require(rules.may_record_attendance(actor, meeting))
    require(rules.were_expected(marks, meeting))
    with transaction.atomic():
        # Somebody may take their yes back just now: either that is seen here, or these marks are seen there.
        people = Person.objects.select_for_update(no_key=True).filter(pk__in=[person.pk for person in marks])
        named = who_keeps(list(people.order_by("pk")))
        count_unnamed(meeting, [presence for person, presence in marks.items() if person.pk not in named])
        for person, presence in marks.items():
            if person.pk in named:
                meeting.mark(person, presence)
        record("attendance.recorded", meeting, actor=actor, marked=len(marks))


def record_evening(
    meeting: Meeting,
    marks: Marks,
    *,
    held: bool,
    mood: int | None = None,
    guide_used: bool = False,
    follow_ups: Iterable[EveningRecord.FollowUp] = (),
    actor: Person,
) -> None:
    """Write down that an evening took place or did not, with who came, the group's mood from 1 to 5, and what to do.

    Recording again corrects. An evening that did not take place has no marks: nobody was absent from it.
    """
    require(rules.may_record_evening(actor, meeting))
    words = {
        "held": held,
        "mood": mood if held else None,
        "guide_used": guide_used and held,
        "follow_ups": [str(code) for code in follow_ups],
        "unnamed_here": 0,
        "unnamed_away": 0,
    }
    with transaction.atomic():
        EveningRecord.objects.update_or_create(meeting=meeting, defaults=words)
        meeting.state = Meeting.State.HELD if held else Meeting.State.SKIPPED
        meeting.save(update_fields=["state"])
        if held:
            record_attendance(meeting, marks, actor=actor)
        else:
            meeting.attendances.all().delete()
        record("evening.recorded", meeting, actor=actor, held=held)


def close_evening(meeting: Meeting, *, talked: bool, actor: Person) -> None:
    """Close an evening, with a tick for the talk between those who led it. Nobody has to have talked."""
    require(rules.may_close_evening(actor, meeting))
    with transaction.atomic():
        EveningRecord.objects.filter(meeting=meeting).update(closed=True, debriefed=talked)
        record("evening.closed", meeting, actor=actor, talked=talked)


def tick_talk(meeting: Meeting, *, actor: Person) -> None:
    """Tick the talk of an evening that is closed without it: those who led it talked after all."""
    require(rules.may_tick_talk(actor, meeting))
    with transaction.atomic():
        EveningRecord.objects.filter(meeting=meeting).update(debriefed=True)
        record("evening.talked", meeting, actor=actor)
