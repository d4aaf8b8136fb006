"""How fast we act, and by when. A level rates our answer, never a person (practice handbook 4.2)."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import IntEnum, StrEnum

from wayhouse.safeguarding.protocol.closed import works_on
from wayhouse.safeguarding.protocol.kinds import Kind

# Whoever hears of something late in the evening still has some hours of "the same day".
LEAST_OF_A_DAY = timedelta(hours=4)
NOON = time(12)
_HOUR, _DAY, _IN_HOURS = 60, 60 * 24, 60 * 72
# An organisation may shorten a limit as it likes and lengthen it to twice as much, with a reason.
LONGEST_FACTOR = 2


class Level(IntEnum):
    """How fast we act."""

    NOW = 1
    TODAY = 2
    THIS_WEEK = 3
    CONDUCT = 4


LEVELS: dict[Level, str] = {
    Level.NOW: "now: life or limb in danger within hours",
    Level.TODAY: "today: serious harm possible within days, or a plan, means or a threat was named",
    Level.THIS_WEEK: "this week: a worry, without a sign that harm is near",
    Level.CONDUCT: "conduct: a ground rule was broken, nobody is in danger",
}


class Duty(StrEnum):
    """What has to be done by a time."""

    ACKNOWLEDGE = "acknowledge"
    SAFE_NOW = "safe_now"
    CONTACT = "contact"
    CONTACT_AGAIN = "contact_again"
    PLAN = "plan"
    REVIEW = "review"
    AFTERCARE = "aftercare"
    CONSIDER_AUTHORITY = "authority"
    CONTAIN = "contain"
    TELL_OFFICER = "tell_officer"
    TELL_AUTHORITY = "tell_authority"
    SECOND_READER = "second_reader"


DUTIES: dict[Duty, str] = {
    Duty.ACKNOWLEDGE: "say that it arrived",
    Duty.SAFE_NOW: "find out what the person wants and whether they are safe now",
    Duty.CONTACT: "speak with the person",
    Duty.CONTACT_AGAIN: "speak with the person again",
    Duty.PLAN: "agree on a plan with the person",
    Duty.REVIEW: "look at it again",
    Duty.AFTERCARE: "offer aftercare to those who carried it",
    Duty.CONSIDER_AUTHORITY: "decide with the law sheet whether an authority has to know",
    Duty.CONTAIN: "contain it: lock accounts, call back what went out",
    Duty.TELL_OFFICER: "tell whoever answers for data protection",
    Duty.TELL_AUTHORITY: "decide about telling the supervisory authority (GDPR Art. 33)",
    Duty.SECOND_READER: "let a colleague in, so that two can read it",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A time to do something in: minutes, or working days, or until a moment of the day."""

    minutes: int = 0
    working_days: int = 0
    until: str = ""

    def due(self, start: datetime, zone: tzinfo, closed: Container[date] = ()) -> datetime:
        """When it is over, for something that began at `start` (aware), where the clocks show `zone`.

        Working days are Monday to Friday without `closed`; hours and days run on every day.
        """
        if self.minutes:
            return start + timedelta(minutes=self.minutes)
        local = start.astimezone(zone)
        if self.working_days:
            return _working_days_after(local, self.working_days, closed).astimezone(start.tzinfo)
        tomorrow = local.date() + timedelta(days=1)
        if self.until == "noon":
            return datetime.combine(tomorrow, NOON, zone).astimezone(start.tzinfo)
        return max(datetime.combine(tomorrow, time(0), zone).astimezone(start.tzinfo), start + LEAST_OF_A_DAY)

    @property
    def amount(self) -> int:
        """The number that an organisation may change, or 0 for a moment of the day."""
        return self.minutes or self.working_days

    def scaled(self, amount: int) -> "Span":
        """The same with another number. Error: `ValueError` beyond twice as much, below 1, for a moment of the day."""
        if not self.amount or not 1 <= amount <= LONGEST_FACTOR * self.amount:
            raise ValueError("a limit is shortened freely and at most doubled")
        return Span(minutes=amount) if self.minutes else Span(working_days=amount)

    def __str__(self) -> str:
        """In words, for the page of reference."""
        if self.working_days:
            return f"{self.working_days} working day{'s' * (self.working_days > 1)}"
        if self.until:
            return {"noon": "by noon of the next day", "day": "the same day, at least 4 h"}[self.until]
        for size, sign in ((_DAY, "d"), (_HOUR, "h")):
            if self.minutes % size == 0 and (size == _HOUR or self.minutes > _IN_HOURS):
                return f"{self.minutes // size} {sign}"
        return f"{self.minutes} min"


def _minutes(count: int) -> Span:
    return Span(minutes=count)


def _hours(count: int) -> Span:
    return Span(minutes=_HOUR * count)


def _days(count: int) -> Span:
    return Span(minutes=_DAY * count)


def _working(count: int) -> Span:
    return Span(working_days=count)


_SAME_DAY, _NOON_NEXT_DAY = Span(until="day"), Span(until="noon")

# How long each of the three who are called has, one after the other: on call, second, director.
LADDERS: dict[Level, tuple[Span, Span, Span]] = {
    Level.NOW: (_minutes(15), _minutes(15), _minutes(30)),
    Level.TODAY: (_hours(1), _hours(2), _hours(2)),
    Level.THIS_WEEK: (_working(1), _working(1), _working(1)),
    Level.CONDUCT: (_working(2), _working(2), _working(2)),
}

# All of these are counted from the moment at which a concern was raised.
LIMITS: dict[Level, dict[Duty, Span]] = {
    Level.NOW: {
        Duty.SAFE_NOW: _hours(1), Duty.CONTACT: _hours(1), Duty.CONTACT_AGAIN: _NOON_NEXT_DAY, Duty.PLAN: _hours(24),
        Duty.AFTERCARE: _hours(48),
    },
    Level.TODAY: {
        Duty.SAFE_NOW: _hours(4), Duty.CONTACT: _SAME_DAY, Duty.PLAN: _hours(48), Duty.AFTERCARE: _hours(48),
    },
    Level.THIS_WEEK: {
        Duty.SAFE_NOW: _working(3), Duty.CONTACT: _working(3), Duty.PLAN: _working(7), Duty.AFTERCARE: _hours(48),
    },
    Level.CONDUCT: {Duty.CONTACT: _working(5), Duty.PLAN: _working(10), Duty.AFTERCARE: _hours(48)},
}  # fmt: skip

# What some kinds ask for besides.
OF_KIND: dict[Kind, dict[Duty, Span]] = {
    Kind.ALLEGATION: {Duty.CONSIDER_AUTHORITY: _working(1)},
    Kind.BREACH: {Duty.CONTAIN: _hours(1), Duty.TELL_OFFICER: _SAME_DAY, Duty.TELL_AUTHORITY: _hours(72)},
}

# Looked at again after each of these, counted from raising. A cycle ends after twelve weeks.
REVIEWS: dict[Level, tuple[Span, ...]] = {
    Level.NOW: (_hours(72), _days(7), _days(28)),
    Level.TODAY: (_days(7), _days(28)),
    Level.THIS_WEEK: (_days(28),),
    Level.CONDUCT: (_days(84),),
}

# Somebody left, and fewer than two are there who read it; counted from then.
READERS: dict[Level, Span] = {
    Level.NOW: _hours(1),
    Level.TODAY: _hours(4),
    Level.THIS_WEEK: _working(1),
    Level.CONDUCT: _working(2),
}

# Who is paged when something other than the acknowledgement was missed. Nobody is woken for what can wait for days.
PAGED: dict[Level, tuple[str, ...]] = {
    Level.NOW: ("holder", "second", "director"),
    Level.TODAY: ("holder", "second"),
    Level.THIS_WEEK: ("holder",),
    Level.CONDUCT: ("holder",),
}


def ladder(level: Level) -> tuple[Span, Span, Span]:
    """How long each of the three has to acknowledge."""
    return LADDERS[level]


def limits(level: Level, kind: Kind) -> dict[Duty, Span]:
    """What has to be done by when, acknowledgement and reviews aside."""
    return LIMITS[level] | OF_KIND.get(kind, {})


def reviews(level: Level) -> tuple[Span, ...]:
    """When to look again."""
    return REVIEWS[level]


def _working_days_after(local: datetime, count: int, closed: Container[date]) -> datetime:
    """The same clock time so many working days later; what begins on another day begins at the midnight after it."""
    if not works_on(local.date(), closed):
        local = local.replace(hour=0, minute=0, second=0, microsecond=0)
        while not works_on(local.date(), closed):
            local += timedelta(days=1)
    while count:
        local += timedelta(days=1)
        count -= works_on(local.date(), closed)
    return local
