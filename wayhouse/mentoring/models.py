"""Threads of a member with a mentor, and the hours in which a mentor reads. Numbers and days in clear, no hour.

Words are sealed to exactly the two: no desk, no facilitator, no supervisor holds a key to a thread.
"""

import uuid
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from wayhouse.crypto.models import Scope, Shred
from wayhouse.crypto.sealed import Sealed, SealedModel
from wayhouse.notices.hours import Hours
from wayhouse.notices.models import CourierModel
from wayhouse.people.models import Belonging, Person, Programme, Role

LONGEST_LETTER = 4000
LONGEST_NAME = 40
# Practice handbook 2.2: whoever mentors accompanies so many people at most.
MOST_PAIRS = 3
# What has ended can be read for so long, by each of the two: time to copy a word, or to tell of a worry.
READ_FOR = timedelta(days=30)
# Between two nudges about the same thread lie so many days at least, and so long is one shown.
BETWEEN_NUDGES = timedelta(days=14)


class OfficeHours(CourierModel):
    """When a mentor reads, how many people they write with at most, and whether they answer questions.

    The server opens the box: it says to others when words will be read, and tells the mentor of them in these hours.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="office_hours")

    def keep(self, hours: Hours, *, takes: int, answers: bool) -> None:
        """Put everything into the box. Error: `CannotOpen` where the person was erased."""
        clock = {"start": f"{hours.start:%H:%M}", "end": f"{hours.end:%H:%M}", "days": list(hours.days)}
        self.close({**clock, "zone": hours.zone, "takes": takes, "answers": answers})

    def offer(self, salts: Mapping[uuid.UUID, Shred] | None = None) -> "Offer":
        """What lies in the box; `salts` where many are opened. Error: `CannotOpen`."""
        words = self.open(salts)
        start, end = (time.fromisoformat(words[name]) for name in ("start", "end"))
        return Offer(Hours(start, end, tuple(words["days"]), words["zone"]), words["takes"], words["answers"])


class Offer:
    """What a mentor offers: `hours`, in which they read; `takes`, how many people at most; `answers` questions."""

    def __init__(self, hours: Hours, takes: int, answers: bool) -> None:  # noqa: FBT001  as it lies in the box
        """As it lies in the box."""
        self.hours, self.takes, self.answers = hours, takes, answers

    def opens_at(self, moment: datetime) -> datetime | None:
        """When the next office hour begins; None while one lasts, or where there is none."""
        following = self.hours.next_moment(moment)
        return following if following is not None and following > moment else None


class PairQuerySet(models.QuerySet["Pair"]):
    """Sets of threads."""

    def of(self, person: Person | uuid.UUID) -> Self:
        """Those of somebody whose keys still open them: going on, or ended and not yet erased."""
        keys = Belonging.objects.filter(scope=OuterRef("scope"), person=person)
        return self.filter(Exists(keys), Q(member=person) | Q(mentor=person))

    def readable(self, today: date) -> Self:
        """Without those whose time is over, also where a law still holds the words of one of the two."""
        return self.exclude(ended_on__lte=today - READ_FOR)

    def going(self) -> Self:
        """Those that nobody ended, while both hold its keys and the role in which they are there."""
        belongs, role = Belonging.objects.filter(scope=OuterRef("scope")), Role.objects.filter(until_on=None)
        there = (
            Exists(part)
            for side, kind in (("member", Role.Kind.MEMBER), ("mentor", Role.Kind.MENTOR))
            for part in (
                belongs.filter(person=OuterRef(side)),
                role.filter(person=OuterRef(side), kind=kind),
            )
        )
        return self.filter(*there, ended_on=None)

    def both_here(self) -> Self:
        """Those in which neither takes a break."""
        active = Person.Status.ACTIVE
        return self.filter(member__status=active, mentor__status=active)


class Pair(models.Model):
    """A member and a mentor who write to each other. Somebody who was erased is None here; their words went along.

    `latest`: the number of the newest letter. `last_on`: the day of the last one. `heard_on`: the last day on which the
    mentor heard of the member. `quiet_weeks`: after how many quiet weeks the mentor may be asked whether a hello would
    be welcome, as the member chose; 0 is never. `if_missed`: whether also after two missed evenings.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="pairs")
    member = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="pairs_as_member")
    mentor = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="pairs_as_mentor")
    scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="pair", editable=False)
    latest = models.PositiveBigIntegerField(default=0)
    begun_on = models.DateField()
    last_on = models.DateField(db_index=True)
    heard_on = models.DateField()
    ended_on = models.DateField(null=True, db_index=True)
    quiet_weeks = models.PositiveSmallIntegerField(default=0)
    if_missed = models.BooleanField(default=False)

    objects = PairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "mentor"], condition=Q(ended_on=None), name="one_thread_of_two_people"
            )
        ]

    def __str__(self) -> str:
        """Never a name."""
        return "pair"

    def other_of(self, person: Person) -> Person | None:
        """Who is on the other side; None where they were erased."""
        return self.mentor if self.member_id == person.pk else self.member


class Side(SealedModel):
    """By which name somebody is called in a thread, and up to which letter they have seen it.

    Their own counter reads that; no page and no notice tells the other one.
    """

    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="sides")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sides")
    seen = models.PositiveBigIntegerField(default=0)

    name: Sealed[str] = Sealed()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pair", "person"], name="one_side_of_a_person")]


class LetterQuerySet(models.QuerySet["Letter"]):
    """Sets of letters."""

    def without(self, closed: Collection[uuid.UUID]) -> Self:
        """Those of everybody but these people, whose words are closed (`people.holds.closed_ids`)."""
        return self.exclude(person__in=closed)

    def come(self, moment: datetime) -> Self:
        """Those that wait for no office hour, or not any more."""
        return self.filter(Q(waits_until=None) | Q(waits_until__lte=moment))

    def shown_to(self, person: Person | uuid.UUID, moment: datetime) -> Self:
        """One's own, and those of the other whose time has come."""
        return self.filter(Q(person=person) | Q(waits_until=None) | Q(waits_until__lte=moment))


class Letter(SealedModel):
    """What one of the two wrote. `number` grows within a thread.

    `waits_until`: the beginning of the office hour before which the mentor does not see it, if it was written outside
    of one. It tells the hour of nobody's writing. `told`: whether the other one was told, each letter in its own time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="letters")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="letters")
    number = models.PositiveBigIntegerField()
    written_on = models.DateField()
    waits_until = models.DateTimeField(null=True)
    told = models.BooleanField(default=False)

    text: Sealed[str] = Sealed()

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pair", "number"], name="one_letter_of_a_number")]


class NudgeQuerySet(models.QuerySet["Nudge"]):
    """Sets of nudges."""

    def open_on(self, day: date) -> Self:
        """Those that the mentor has not answered, and that are still of use."""
        return self.filter(handled_on=None, told_on__gt=day - BETWEEN_NUDGES)


class Nudge(models.Model):
    """That a mentor was asked, on a day, whether a hello would be welcome. Why stands nowhere."""

    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="nudges")
    told_on = models.DateField()
    handled_on = models.DateField(null=True)

    objects = NudgeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pair", "told_on"], name="one_nudge_a_day")]


# Tables of this room whose file stands beside; Django looks for them here.
from wayhouse.mentoring.asked import Card, Exchange, Question, Saying  # noqa: E402

__all__ = [
    "Card",
    "Exchange",
    "Letter",
    "Nudge",
    "Offer",
    "OfficeHours",
    "Pair",
    "Question",
    "Saying",
    "Side",
]
