"""What no page does, run inside of a house by `House.inside`: look up ids, and let time pass.

inside.py scene           ids of the demonstration as JSON
inside.py begin MEETING   that evening has just begun, and nothing is recorded yet
inside.py end MEETING     that evening has just ended
inside.py hold MEETING    that evening has just ended and is recorded
inside.py answered        in every programme somebody answers when a person is in danger, so that groups may open
inside.py join HANDLE WORDS   somebody new has an account with that passphrase, a member in a programme of their own
"""

import json
import os
import sys
from datetime import date, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhouse.config.settings")
django.setup()

from django.db.models import QuerySet  # noqa: E402
from django.utils import timezone  # noqa: E402

from wayhouse.accounts.models import User  # noqa: E402
from wayhouse.arrivals.models import Contact  # noqa: E402
from wayhouse.conversations.models import Post  # noqa: E402
from wayhouse.groups.models import OpeningConditions, Seat, Venue  # noqa: E402
from wayhouse.meetings.models import Attendance, EveningRecord, Meeting, Shift  # noqa: E402
from wayhouse.mentoring.models import Exchange, Pair  # noqa: E402
from wayhouse.people.invitations import accept_invitation, found  # noqa: E402
from wayhouse.people.models import Person, Programme, Role  # noqa: E402
from wayhouse.safeguarding.models import (  # noqa: E402
    Appointment,
    Concern,
    ConductStep,
    Demand,
    PlanOpening,
    SafetyPlan,
)


def scene() -> dict[str, str]:
    """The evening ahead that Bo leads in Cass's group, another of his to play with, one of Max, and all around them."""
    bo, cass, mentor = person("bo"), person("cass"), person("max")
    group = Seat.objects.current().get(person=cass).group
    led, accompanied = _served_by(bo).filter(group=group), _served_by(mentor)
    ahead = {"starts_at__gt": timezone.now()}
    first = led.filter(**ahead).order_by("week")[0]
    later = Meeting.objects.filter(group=group, starts_at__gt=timezone.now() + timedelta(days=8), poll=None)
    here = {"programme": cass.programme}
    waiting = Person.objects.filter(user=None, roles__kind=Role.Kind.MEMBER, roles__until_on=None, **here)
    mine = Post.objects.filter(person=cass).order_by("number")
    found = {
        "post": mine[0],
        "thread": mine[0].thread,
        "pair": Pair.objects.going().get(member=cass, mentor=mentor),
        "question": Exchange.objects.get().question,
        "exchange": Exchange.objects.get(),
        "led": first,
        "played": led.exclude(pk=first.pk).order_by("-week")[0],
        "polled": Meeting.objects.get(group=group, poll__isnull=False),
        # Whoever has a seat among those who lead asks, also where another one leads that evening.
        "later": later.order_by("week")[0],
        "accompanied": accompanied.filter(**ahead).order_by("starts_at")[0],
        "group": group,
        "cycle": group.cycle,
        "venue": Venue.objects.filter(in_use=True, **here)[0],
        "person": cass,
        "other": person("dee"),
        "waiting": waiting.order_by("pk")[0],
        "elsewhere": Seat.objects.current().get(person=person("dee")).group,
        "contact": Contact.objects.filter(voices__person=bo, **here)[0],
        "concern": Concern.objects.raised_by(mentor).get(),
        "opening": PlanOpening.objects.get(person=person("dee")),
        "plan": SafetyPlan.objects.get(person=cass),
        "conduct": ConductStep.objects.get(person=cass),
        "conducted": Concern.objects.raised_by(bo).get(),
        "demand": Demand.objects.order_by("pk")[0],
        "appointment": Appointment.objects.current().get(person=person("sol")),
    }
    return {name: str(row.pk) for name, row in found.items()}


def person(handle: str) -> Person:
    """Somebody of the cast."""
    user, _holder = User.objects.by_handle(handle)
    assert user is not None
    return user.people.get()


def begin(meeting_id: str) -> None:
    """Move an evening so that it began a little while ago; whatever an earlier test wrote down is gone."""
    EveningRecord.objects.filter(meeting__pk=meeting_id).delete()
    Attendance.objects.filter(meeting__pk=meeting_id).delete()
    Meeting.objects.filter(pk=meeting_id).update(state=Meeting.State.PLANNED)
    _move(meeting_id, starts_at=_last_quarter())


def end(meeting_id: str) -> None:
    """Move an evening so that it ended a little while ago."""
    _move(meeting_id, starts_at=_last_quarter() - _length(meeting_id))


def hold(meeting_id: str) -> None:
    """Move an evening so that it ended a little while ago, with a record."""
    end(meeting_id)
    EveningRecord.objects.get_or_create(meeting_id=meeting_id, defaults={"held": True, "mood": 4})
    Meeting.objects.filter(pk=meeting_id).update(state=Meeting.State.HELD)


def answered() -> None:
    """What the room of safeguarding asks for before a group opens; its own tests do that in earnest."""
    there = {"has_lead": True, "has_deputy": True, "has_numbers": True, "can_be_paged": True}
    days = {"rota_until": date(2199, 1, 1), "drilled_on": date(2199, 1, 1)}
    for programme in Programme.objects.filter(opening_conditions=None):
        OpeningConditions.objects.create(programme=programme, **there, **days)


def join(handle: str, passphrase: str) -> None:
    """Somebody whom no other test knows, and who may go."""
    _programme, token = found("Harbour (invented)", "Harbour Circle", handle.capitalize(), time_zone="Europe/Berlin")
    user, _secret, _code = accept_invitation(token, handle, passphrase)
    Role.objects.filter(person__user=user).update(kind=Role.Kind.MEMBER)


def _served_by(somebody: Person) -> QuerySet[Meeting]:
    return Meeting.objects.filter(shifts__in=Shift.objects.serving().filter(person=somebody))


def _move(meeting_id: str, *, starts_at: datetime) -> None:
    ends_at = starts_at + _length(meeting_id)
    Meeting.objects.filter(pk=meeting_id).update(starts_at=starts_at, announced_for=starts_at, ends_at=ends_at)


def _last_quarter() -> datetime:
    """Evenings begin and end at quarters of an hour."""
    now = timezone.now()
    return now - timedelta(minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond)


def _length(meeting_id: str) -> timedelta:
    meeting = Meeting.objects.get(pk=meeting_id)
    return meeting.ends_at - meeting.starts_at


if __name__ == "__main__":
    answer = globals()[sys.argv[1]](*sys.argv[2:])
    sys.stdout.write(json.dumps(answer))
