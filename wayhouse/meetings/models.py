"""Evenings: guides, meetings, shifts, answers and attendance. What names anybody is sealed."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhouse.crypto.models import Scope
from wayhouse.crypto.sealed import Sealed, SealedModel
from wayhouse.groups.models import Cycle, Group
from wayhouse.meetings.serving import has_role_and_keys
from wayhouse.people.models import Person, Role

# Members learn the place a day before; nothing is moved later than two days before, except for safety.
PLACE_SHOWN = timedelta(hours=24)
FIXED_FROM = timedelta(hours=48)
# A record is asked for within two days; until then it can be corrected.
RECORD_WITHIN = timedelta(hours=48)


class Guide(models.Model):
    """The guide of one evening in one language, as it was when the cycle began. Public content, checked on entry."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="guides")
    key = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    # None for guides that a cycle does not plan but may take up; with `until_week` it is taken up week after week.
    week = models.PositiveSmallIntegerField(null=True)
    until_week = models.PositiveSmallIntegerField(null=True)
    title = models.CharField(max_length=80)
    content: "models.JSONField[Any, Any]" = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "key", "language"], name="one_guide_for_a_language")]


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Sets of meetings."""

    def visible_to(self, person: Person) -> Self:
        """Meetings of the person's groups and shifts; coordinators see their programme's. No other exists."""
        here = person.is_coordinator
        return self.filter(group__programme=person.programme) if here else self.shown_to(person.pk)

    def shown_to(self, person: uuid.UUID) -> Self:
        """Meetings of somebody's groups and shifts, by their id; whether they coordinate was asked before."""
        seats = models.Q(group__in=Group.objects.with_current_seat(person))
        shifts = Shift.objects.in_force().filter(person=person)
        return self.filter(seats | models.Q(pk__in=shifts.values("meeting")))

    def upcoming(self, now: datetime | None = None) -> Self:
        """Not over yet, now or at another moment, the next one first."""
        return self.filter(ends_at__gt=now or timezone.now()).order_by("starts_at")

    def past(self, now: datetime | None = None) -> Self:
        """Over, now or at another moment, the latest first."""
        return self.filter(ends_at__lte=now or timezone.now()).order_by("-starts_at")


class Meeting(models.Model):
    """One evening of one group. Its time is in clear, to a quarter of an hour: reminders need it."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        SKIPPED = "skipped", _("skipped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="meetings")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="meetings")
    # Shared by rostered and reserve staff and the desk: names, needs and cautions of this one evening.
    scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="meeting")
    week = models.PositiveSmallIntegerField()
    guide_key = models.CharField(max_length=40)
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    announced_for = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "cycle", "week"], name="one_meeting_a_week")]

    @property
    def has_started(self) -> bool:
        """Whether the evening has begun."""
        return self.starts_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        """Whether the evening has ended."""
        return self.ends_at <= timezone.now()

    @property
    def was_called_off(self) -> bool:
        """Taken off the schedule beforehand. An evening that its record says did not take place was not."""
        return self.state == Meeting.State.SKIPPED and getattr(self, "record", None) is None

    @property
    def is_fixed(self) -> bool:
        """Too near to be moved, except for safety."""
        return self.starts_at - timezone.now() < FIXED_FROM

    @property
    def shows_place(self) -> bool:
        """Whether members may read the place by now."""
        return self.starts_at - timezone.now() <= PLACE_SHOWN

    def mark(self, person: Person, presence: "Attendance.Presence") -> None:
        """Set one person's presence. A second mark corrects the first."""
        self.attendances.update_or_create(person=person, defaults={"presence": presence})


class EveningCard(SealedModel):
    """What those who run an evening read: expected people with needs, newcomers, cautions. Sealed to them alone.

    `expected`: a list of {"person": id, "name", "needs": [codes], "newcomer": bool}, and `pausing` of the same;
    `serving`: a list of {"person": id, "name", "role", "reserve": bool}, the reserve last;
    `cover`: whom nothing lasting keeps from coming instead, {"person", "name", "role", "a_week"} (`covering.py`).
    """

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="card")

    # It names somebody who left; whoever opens it next takes the name off (`parting.py`).
    outdated = models.BooleanField(default=False)

    group_name: Sealed[str] = Sealed()
    venue: Sealed[str] = Sealed()
    address: Sealed[str] = Sealed()
    language: Sealed[str] = Sealed("en")
    online: Sealed[bool] = Sealed(default=False)
    serving: "Sealed[list[dict[str, Any]]]" = Sealed(())
    expected: "Sealed[list[dict[str, Any]]]" = Sealed(())
    pausing: "Sealed[list[dict[str, Any]]]" = Sealed(())
    cover: "Sealed[list[dict[str, Any]]]" = Sealed(())
    cautions: Sealed[list[str]] = Sealed(())


class ShiftQuerySet(models.QuerySet["Shift"]):
    """Sets of shifts."""

    def in_force(self, scope: "str | models.OuterRef" = "meeting__scope") -> Self:
        """Those of people who hold the role of the shift now and the keys of its evening, whose scope is `scope`."""
        return self.filter(has_role_and_keys("", scope))

    def counting(self, scope: "str | models.OuterRef" = "meeting__scope") -> Self:
        """Those that an evening can rely on: in force, and the person is not pausing."""
        return self.in_force(scope).filter(person__status=Person.Status.ACTIVE)

    def serving(self) -> Self:
        """Those who are there, not the reserve."""
        return self.filter(reserve=False)


class Shift(models.Model):
    """Somebody leads, accompanies or stands by for one meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="shifts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="shifts")
    _ROLES = [(kind.value, kind.label) for kind in (Role.Kind.FACILITATOR, Role.Kind.MENTOR)]
    role = models.CharField(max_length=12, choices=_ROLES)
    reserve = models.BooleanField(default=False)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="one_shift_at_a_meeting")]


class HostName(SealedModel):
    """The chosen name by which a group knows somebody who comes to its evenings. Sealed to the group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="host_names")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="host_names")

    name: Sealed[str] = Sealed()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "person"], name="one_host_name_in_a_group")]


class Answer(models.Model):
    """A member's yes or not this time."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="answers")
    coming = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="one_answer_to_a_meeting")]


class Attendance(models.Model):
    """Who came: a random id, a presence. Nothing about what was said."""

    class Presence(models.TextChoices):
        HERE = "here", _("was here")
        PHONE = "phone", _("by phone or online")
        AWAY = "away", _("was not here")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="attendances")
    presence = models.CharField(max_length=8, choices=Presence.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="one_presence_at_a_meeting")]


class Change(models.Model):
    """A change of the announced schedule, with its reason. Members read it until the evening is over."""

    class Kind(models.TextChoices):
        MOVED = "moved", _("moved to another time")
        SKIPPED = "skipped", _("does not take place")
        SWAPPED = "swapped", _("has another topic")
        PLACE = "place", _("has another place or address")

    class Reason(models.TextChoices):
        ROOM = "room", _("The room is not available.")
        STAFF = "staff", _("Somebody who leads cannot come.")
        HOLIDAY = "holiday", _("There is a holiday.")
        GROUP_WISH = "wish", _("The group asked for it.")
        SAFETY = "safety", _("It is safer this way.")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    reason = models.CharField(max_length=8, choices=Reason.choices, blank=True)
    was_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)


class SwapQuerySet(models.QuerySet["Swap"]):
    """Sets of swaps."""

    def open(self, now: datetime | None = None) -> Self:
        """Asked for, not answered, and the evening has not begun, now or at another moment."""
        return self.filter(state=Swap.State.ASKED, meeting__starts_at__gt=now or timezone.now())

    def visible_to(self, person: Person) -> Self:
        """Coordinators see those of their programme; everybody else those they asked for themselves."""
        here = {"meeting__group__programme": person.programme}
        return self.filter(**here) if person.is_coordinator else self.filter(asker=person)


class Swap(models.Model):
    """Somebody asks to hand a shift to somebody else, or just to step back; a coordinator agrees or not."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        AGREED = "agreed", _("agreed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="swaps")
    asker = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="swaps_asked")
    taker = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="swaps_taken")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_on = models.DateField(auto_now_add=True)

    objects = SwapQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "asker"], condition=models.Q(state="asked"), name="one_open_swap_for_a_shift"
            )
        ]


# Tables of this room whose files stand beside; Django looks for them here.
from wayhouse.meetings.access_tasks import AccessTask  # noqa: E402
from wayhouse.meetings.polls import Poll, PollAnswer  # noqa: E402
from wayhouse.meetings.recorded import EveningRecord  # noqa: E402

__all__ = [
    "FIXED_FROM",
    "PLACE_SHOWN",
    "RECORD_WITHIN",
    "AccessTask",
    "Answer",
    "Attendance",
    "Change",
    "EveningCard",
    "EveningRecord",
    "Guide",
    "HostName",
    "Meeting",
    "MeetingQuerySet",
    "Poll",
    "PollAnswer",
    "Shift",
    "ShiftQuerySet",
    "Swap",
    "SwapQuerySet",
]
