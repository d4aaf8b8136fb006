"""A thread as one of the two reads it, and the threads somebody has."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from wayhouse.core import clock
from wayhouse.core.prepared import prepared
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.sealed import open_all
from wayhouse.mentoring.models import Letter, Nudge, Offer, OfficeHours, Pair, PairQuerySet, Side
from wayhouse.mentoring.writing import mark_seen
from wayhouse.people.holds import any_hold, closed_ids
from wayhouse.people.models import Person

PAGE = 50
# Above every number.
_END = 2**62


@dataclass(frozen=True, slots=True)
class Line:
    """One letter as it is read; `waits_until` only to whoever wrote it, and as long as it waits."""

    letter: Letter
    is_me: bool
    is_new: bool
    waits_until: datetime | None

    @property
    def day(self) -> date:
        """When it was written."""
        return self.letter.written_on


@dataclass(frozen=True, slots=True)
class Talk:
    """A thread of two with its letters, the first one first; `earlier`: from where to go on reading.

    `other_name` is None for somebody who is gone. `offer`: the mentor's hours, where they said some.
    """

    pair: Pair
    mine: Side
    other_name: str | None
    lines: list[Line]
    earlier: int | None
    is_mentor: bool
    going: bool
    offer: Offer | None
    # To the mentor: it has been quiet, and a hello might be welcome.
    nudged: bool
    # Whether the other one, or the reader, takes a break.
    other_pauses: bool
    pauses: bool

    @property
    def has_own(self) -> bool:
        """Whether words of the reader stand here, which they could take along."""
        return any(line.is_me for line in self.lines)

    @property
    def may_write(self) -> bool:
        """Whether something can be written now."""
        return self.going and not self.other_pauses and not self.pauses

    @property
    def waits_until(self) -> datetime | None:
        """Until when words that are written now would wait."""
        return self.offer.opens_at(clock.now()) if self.offer and not self.is_mentor else None


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread in the list."""

    pair: Pair
    name: str | None
    is_mentor: bool
    new: int
    going: bool
    # To the mentor: a question waits in it.
    asks: bool


def pairs_of(person: Person) -> PairQuerySet:
    """The threads of two that exist for somebody."""
    return _readable(person.pk, clock.today()).select_related("scope", "member", "mentor")


def own_letters(person: Person) -> QuerySet[Letter]:
    """What somebody wrote themselves, whether their keys open it or not."""
    return Letter.objects.filter(person=person).select_related("item", "pair")


def talk_of(pair_id: UUID, person: Person, *, before: int | None = None) -> Talk | None:
    """A thread with its newest letters, or those before a number; then nothing of it is new. None: it is not theirs."""
    sides: list[Any] = _sides(pair=pair_id, person=person.pk, now=clock.now(), today=clock.today())
    mine = next((side for side in sides if side.person_id == person.pk), None)
    if mine is None:
        return None
    pair: Pair = mine.pair
    closed = closed_ids() if mine.any_hold else ()
    other = next((side for side in sides if side.person_id not in {person.pk, *closed}), None)
    asked: dict[str, Any] = {"pair": pair.pk, "person": person.pk, "now": clock.now(), "below": before or _END}
    found = list(_letter_rows(**asked, closed=closed)) if closed else _letters(**asked)
    shown = found[:PAGE]
    open_all([mine], [other] if other else [], shown)
    lines = [_line(letter, person, mine.seen) for letter in reversed(shown)]
    if before is None and shown:
        mark_seen(mine, _seen_up_to(mine, shown[0].number))
    on_other_side = pair.other_of(person)
    return Talk(
        pair=pair,
        mine=mine,
        other_name=other.name if other else None,
        lines=lines,
        earlier=shown[-1].number if len(found) > PAGE else None,
        is_mentor=pair.mentor_id == person.pk,
        going=mine.going,
        offer=_offer(pair),
        nudged=pair.mentor_id == person.pk and mine.nudged,
        other_pauses=on_other_side is not None and on_other_side.status != Person.Status.ACTIVE,
        pauses=person.status != Person.Status.ACTIVE,
    )


def threads_of(person: Person) -> list[Thread]:
    """Somebody's threads, those that go on first, then the one with the newest word that they can read.

    One that was begun outside of a mentor's hours is not there for them before the next begins.
    """
    asked: dict[str, Any] = {"person": person.pk, "now": clock.now(), "today": clock.today()}
    sides: list[Any] = _threads(**asked)
    closed = closed_ids() if sides and sides[0].any_hold else ()
    if closed:
        sides = list(_thread_rows(**asked, closed=closed))
    others = [side for side in sides if side.person_id not in {person.pk, *closed}]
    open_all(others)
    names = {side.pair_id: side.name for side in others}
    mine = [side for side in sides if side.person_id == person.pk and (side.newest or not side.waits)]
    mine.sort(key=lambda side: (not side.going, -(side.newest or side.pair.begun_on).toordinal()))
    return [_thread(side, names.get(side.pair_id)) for side in mine]


def new_letters(person: Person | UUID, moment: datetime, closed: tuple[UUID, ...]) -> QuerySet[Letter]:
    """Letters of others that somebody has not seen, and whose time has come; by their own counter.

    `closed`: whose letters do not count.
    """
    unseen = Side.objects.filter(pair=OuterRef("pair"), person=person, seen__lt=OuterRef("number"))
    theirs = Pair.objects.of(person).values("pk")
    shown = Letter.objects.shown_to(person, moment).without(closed)
    return shown.filter(Exists(unseen), pair__in=theirs).exclude(person=person)


def new_for(side: str, moment: datetime) -> QuerySet[Letter]:
    """Of all threads at once, for whoever is on this side, "member" or "mentor": what they were not told of yet."""
    whose, number = f"pair__{side}", OuterRef("number")
    unseen = Side.objects.filter(pair=OuterRef("pair"), person=OuterRef(whose), seen__lt=number)
    return Letter.objects.come(moment).filter(Exists(unseen), told=False).exclude(person=F(whose))


@prepared
def _sides(pair: UUID, person: UUID, now: datetime, today: date) -> QuerySet[Side]:
    going = Pair.objects.going().filter(pk=OuterRef("pair"))
    waiting = Letter.objects.filter(pair=pair, waits_until__gt=now).exclude(person=person)
    first = Subquery(waiting.order_by("number").values("number")[:1])
    mine = Side.objects.filter(pair=pair, pair__in=_readable(person, today))
    rows = mine.annotate(going=Exists(going), waiting=first, nudged=_nudged(now, today), any_hold=any_hold())
    return rows.select_related("item", "pair__scope", "pair__member", "pair__mentor__office_hours")


def _readable(person: UUID, today: date) -> PairQuerySet:
    return Pair.objects.of(person).readable(today)


@prepared
def _letters(pair: UUID, person: UUID, now: datetime, below: int) -> QuerySet[Letter]:
    return _letter_rows(pair, person, now, below, ())


def _letter_rows(pair: UUID, person: UUID, now: datetime, below: int, closed: tuple[UUID, ...]) -> QuerySet[Letter]:
    rows = Letter.objects.shown_to(person, now).without(closed).filter(pair=pair, number__lt=below)
    return rows.select_related("item").order_by("-number")[: PAGE + 1]


def _nudged(now: datetime, today: date) -> Exists:
    """Whether a hello is asked for; not where a letter of the member that had to wait has come meanwhile."""
    heard = Letter.objects.come(now).filter(
        pair=OuterRef("pair"), person=OuterRef("pair__member"), written_on__gte=OuterRef("told_on")
    )
    return Exists(Nudge.objects.open_on(today).filter(~Exists(heard), pair=OuterRef("pair")))


@prepared
def _threads(person: UUID, now: datetime, today: date) -> QuerySet[Side]:
    return _thread_rows(person, now, today, ())


def _thread_rows(person: UUID, now: datetime, today: date, closed: tuple[UUID, ...]) -> QuerySet[Side]:
    """Both sides of each thread, with how much in it is new to somebody."""
    going = Pair.objects.going().filter(pk=OuterRef("pair"))
    new = new_letters(person, now, closed).filter(pair=OuterRef("pair")).order_by().values("pair")
    count = Coalesce(Subquery(new.annotate(number=Count("pk")).values("number")), 0)
    there = Letter.objects.shown_to(person, now).without(closed)
    newest = Subquery(there.filter(pair=OuterRef("pair")).order_by("-number").values("written_on")[:1])
    waits = Exists(Letter.objects.filter(pair=OuterRef("pair"), waits_until__gt=now).exclude(person=person))
    marks = {"going": Exists(going), "new": count, "newest": newest, "waits": waits, "any_hold": any_hold()}
    sides = Side.objects.filter(pair__in=_readable(person, today)).annotate(**marks, nudged=_nudged(now, today))
    # Of the same day in an order that nothing changes: rows lie by when they were last written to.
    return sides.select_related("item", "pair__member").order_by("-pair__begun_on", "pk")


def _thread(mine: Any, name: str | None) -> Thread:
    pair, is_mentor = mine.pair, mine.pair.mentor_id == mine.person_id
    here = pair.member is not None and pair.member.status == Person.Status.ACTIVE
    return Thread(pair, name, is_mentor, mine.new, mine.going, asks=is_mentor and mine.nudged and mine.going and here)


def _line(letter: Letter, person: Person, seen: int) -> Line:
    is_me, now = letter.person_id == person.pk, clock.now()
    waits = letter.waits_until if is_me and letter.waits_until and letter.waits_until > now else None
    return Line(letter, is_me, is_new=letter.number > seen and not is_me, waits_until=waits)


def _seen_up_to(mine: Any, latest: int) -> int:
    """The latest number; but none above a letter that still waits, which would never be new otherwise."""
    return latest if mine.waiting is None else min(latest, mine.waiting - 1)


def _offer(pair: Pair) -> Offer | None:
    hours: OfficeHours | None = getattr(pair.mentor, "office_hours", None) if pair.mentor else None
    try:
        return hours.offer() if hours else None
    except CannotOpen:
        return None
