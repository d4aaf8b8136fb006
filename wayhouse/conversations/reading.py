"""A space and its threads as one person reads them: what their keys open, opened all at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, JSONField, OuterRef, QuerySet, Subquery
from django.utils import timezone

from wayhouse.conversations.counting import count_of
from wayhouse.conversations.ground_rules import holds
from wayhouse.conversations.models import Agreement, Appeal, Circle, GroundRules, Post, PulseResult, Seen, Thread
from wayhouse.conversations.windows import ASKED_FOR, answerable
from wayhouse.conversations.writing import mark_seen
from wayhouse.core import clock
from wayhouse.core.prepared import prepared
from wayhouse.crypto.keyring import present
from wayhouse.crypto.models import Envelope
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Group, Seat
from wayhouse.groups.resting import Rest, rest_of
from wayhouse.people.holds import any_hold, closed_ids
from wayhouse.people.models import Person

PAGE = 50
# Above every number.
_END = 2**62


@dataclass(frozen=True, slots=True)
class Line:
    """One post as it is read; `name` is None for somebody who does not sit there any more."""

    post: Post
    name: str | None
    is_me: bool
    leads: bool
    is_new: bool
    # Hidden words are read by who wrote them and by those who lead.
    words: str

    @property
    def day(self) -> date:
        """When it was written."""
        return self.post.written_on


@dataclass(frozen=True, slots=True)
class Beginning:
    """A thread in the list: its first post, None where that is gone, how much was answered, and how much is new."""

    thread: Thread
    line: Line | None
    answers: int
    new: int


@dataclass(frozen=True, slots=True)
class Space:
    """A group's own space."""

    group: Group
    circle: Circle | None
    threads: list[Beginning] = field(default_factory=list)
    # From where to go on reading; None at the end.
    earlier: int | None = None
    asks_to_agree: bool = False
    leads: bool = False
    # The evening that members can say something about.
    evening: UUID | None = None
    # Where nobody leads: from when on nothing is written.
    rest: Rest | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether it is a quiet hour now."""
        return self.circle is not None and self.circle.is_quiet_at(timezone.localtime().hour)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread with its posts, the first one first; `earlier` as in `Space`."""

    thread: Thread
    group: Group
    first: Line | None
    lines: list[Line]
    earlier: int | None
    leads: bool
    # Of a question: who reads it asked it; who reads it may go on to the next turn.
    asked: bool = False
    may_go_on: bool = False
    rest: Rest | None = None

    @property
    def opening(self) -> list[Line]:
        """The first post, where it is still there."""
        return [self.first] if self.first else []


def own_group(person: Person, group_id: UUID) -> Group | None:
    """A group with somebody's counter, what they agreed to and the evening that is asked about, for `space_of`."""
    if person.status != Person.Status.ACTIVE:
        return None
    now = clock.now()
    return next(iter(_own_group(person=person.pk, group=group_id, now=now, since=now - ASKED_FOR)), None)


def space_of(group: Group, person: Person, *, before: int | None = None) -> Space:
    """The threads of a group, the one with the newest word first; then nothing of them is new any more."""
    circle = getattr(group, "circle", None)
    seats = _seats(group)
    closed = _closed(group)
    threads = _newest_threads(circle, group, person, before, closed) if circle else []
    shown, more = threads[:PAGE], len(threads) > PAGE
    firsts = {thread.pk: first for thread in shown if (first := _first(thread, closed))}
    open_all([group], seats, firsts.values())
    seen, names = _seen(group), {seat.person_id: seat for seat in seats}
    leads = _leads(names, person)
    if circle and shown and before is None:
        mark_seen(circle.scope, shown[0].latest, before=seen, actor=person)
    return Space(
        group=group,
        circle=circle,
        threads=[_beginning(one, firsts.get(one.pk), names, person, seen or 0, leads=leads) for one in shown],
        earlier=shown[-1].latest if more else None,
        asks_to_agree=_asks_to_agree(group, seats),
        leads=leads,
        evening=None if leads else getattr(group, "evening", None),
        rest=_rest(group, seats),
    )


def conversation_of(thread: Thread, person: Person, *, before: int | None = None) -> Conversation:
    """A thread with its newest posts, or those before a number."""
    group = thread.scope.circle.group
    closed = _closed(thread)
    wanted: dict[str, Any] = {"thread": thread.pk, "before": before or _END, "closed": closed}
    wanted["holders"] = tuple(present().holder_ids)
    # One more for what began it, which stands above them.
    found = [post for post in _answers.window(0, PAGE + 2, **wanted) if post.pk != thread.first_id]
    shown, seats = found[:PAGE], _seats(group)
    first = [post for post in (_first(thread, closed),) if post]
    open_all([group], seats, first, shown)
    names = {seat.person_id: seat for seat in seats}
    leads = _leads(names, person)
    asked_it = bool(first) and thread.is_problem and first[0].person_id == person.pk
    return Conversation(
        thread=thread,
        group=group,
        first=_line(first[0], names, person, leads=leads) if first else None,
        lines=[_line(post, names, person, leads=leads) for post in reversed(shown)],
        earlier=shown[-1].number if len(found) > PAGE else None,
        leads=leads,
        asked=asked_it,
        may_go_on=thread.is_problem and thread.turn != Thread.Turn.THANKS and (asked_it or leads),
        rest=_rest(group, seats),
    )


def results_of(group: Group, most: int) -> list[PulseResult]:
    """How so many evenings felt, the latest first; what was shown before somebody came does not open for them."""
    return _results.window(0, most, group=group.pk, holders=tuple(present().holder_ids))


def appeals_of(person: Person) -> QuerySet[Appeal]:
    """Hidden words of the programme at which a coordinator is to look; not their own, nor what they hid themselves."""
    if not person.is_coordinator:
        return Appeal.objects.none()
    ours = Appeal.objects.filter(post__thread__scope__circle__group__programme=person.programme_id)
    there = ours.exclude(post__person__in=closed_ids())
    others = there.exclude(post__person=person).exclude(post__hidden_by=person)
    return others.select_related("item", "post__item__scope__circle__group").order_by("asked_on", "pk")


def _newest_threads(
    circle: Circle, group: Group, person: Person, before: int | None, closed: tuple[UUID, ...]
) -> list[Thread]:
    places: dict[str, Any] = {"scope": circle.scope_id, "seen": _seen(group) or 0, "before": before or _END}
    whose: dict[str, Any] = {"person": person.pk, "holders": tuple(present().holder_ids), "closed": closed}
    return _threads.window(0, PAGE + 1, **places, **whose)


def _closed(found: Any) -> tuple[UUID, ...]:
    """Whose words are closed; a query only where anybody's are held at all."""
    return closed_ids() if found.any_hold else ()


def _first(thread: Thread, closed: tuple[UUID, ...]) -> Post | None:
    """What began a thread, where it is there and not closed."""
    first: Post | None = thread.first
    if first is None or first.person_id in closed:
        return None
    vars(first)["asked_again"] = getattr(thread, "first_asked_again", False)  # as `_answers` finds it for the others
    return first


@prepared
def _own_group(person: UUID, group: UUID, now: datetime, since: datetime) -> QuerySet[Group]:
    seen = Seen.objects.filter(person=person, scope__circle__group=OuterRef("pk"))
    latest = GroundRules.objects.filter(group=OuterRef("pk")).order_by("-version")
    agreed = Agreement.objects.filter(
        person=person, rules__group=OuterRef("pk"), rules__version=OuterRef("rules_version")
    )
    asked = answerable(now, since).filter(group=OuterRef("pk"))
    mine = Group.objects.open().with_current_seat(person).filter(pk=group)
    return mine.select_related("item", "scope", "circle__scope").annotate(
        seen_number=Subquery(seen.values("number")[:1]),
        rules_version=Subquery(latest.values("version")[:1]),
        evening=Subquery(asked.values("pk")[:1]),
        agreed_among=Subquery(agreed.values("seats")[:1], output_field=JSONField()),
        any_hold=any_hold(),
    )


@prepared
def _threads(
    scope: UUID, person: UUID, seen: int, before: int, holders: tuple[UUID, ...], closed: tuple[UUID, ...]
) -> QuerySet[Thread]:
    posts = Post.objects.without(closed).filter(thread=OuterRef("pk"))
    new = posts.filter(number__gt=seen, state=Post.State.SHOWN).exclude(person=person)
    found = Thread.objects.opens_for(holders).filter(Exists(posts), scope=scope, latest__lt=before)
    # Counted for the threads that are shown, not joined and grouped for all of them.
    return found.select_related("first__item").annotate(all=count_of(posts), new=count_of(new)).order_by("-latest")


@prepared
def _answers(thread: UUID, before: int, holders: tuple[UUID, ...], closed: tuple[UUID, ...]) -> QuerySet[Post]:
    keys = Envelope.objects.filter(scope=OuterRef("item__scope"), epoch=OuterRef("item__epoch"), holder__in=holders)
    asked = Exists(Appeal.objects.filter(post=OuterRef("pk")))
    found = Post.objects.without(closed).filter(Exists(keys), thread=thread, number__lt=before)
    return found.select_related("item").annotate(asked_again=asked).order_by("-number")


@prepared
def _results(group: UUID, holders: tuple[UUID, ...]) -> QuerySet[PulseResult]:
    keys = Envelope.objects.filter(scope=OuterRef("item__scope"), epoch=OuterRef("item__epoch"), holder__in=holders)
    shown = PulseResult.objects.filter(Exists(keys), group=group).select_related("item")
    return shown.order_by("-item__seq")


@prepared
def _seated(group: UUID) -> QuerySet[Seat]:
    return Seat.objects.current().filter(group=group).select_related("item", "person")


def _seats(group: Group) -> list[Seat]:
    return _seated(group=group.pk)


def _rest(group: Group, seats: list[Seat]) -> Rest | None:
    """Asked only where none of those who are there leads."""
    there = (seat for seat in seats if seat.role == Seat.Role.FACILITATOR)
    return None if any(seat.person.status == Person.Status.ACTIVE for seat in there) else rest_of(group)


def _seen(group: Group) -> int | None:
    number: int | None = getattr(group, "seen_number", None)
    return number


def _leads(names: Mapping[UUID, Seat], person: Person) -> bool:
    seat = names.get(person.pk)
    return seat is not None and seat.role == Seat.Role.FACILITATOR


def _beginning(
    thread: Any, first: Post | None, names: Mapping[UUID, Seat], person: Person, seen: int, *, leads: bool
) -> Beginning:
    line = _line(first, names, person, leads=leads, seen=seen) if first else None
    return Beginning(thread, line, thread.all - (1 if line else 0), thread.new)


def _line(post: Post, names: Mapping[UUID, Seat], person: Person, *, leads: bool, seen: int | None = None) -> Line:
    seat, is_me = names.get(post.person_id), post.person_id == person.pk
    open_to_me = post.state == Post.State.SHOWN or (post.state == Post.State.HIDDEN and (is_me or leads))
    return Line(
        post=post,
        name=seat.name if seat else None,
        is_me=is_me,
        leads=seat is not None and seat.role == Seat.Role.FACILITATOR,
        is_new=seen is not None and post.number > seen and not is_me,
        words=post.text if open_to_me else "",
    )


def _asks_to_agree(group: Any, seats: list[Seat]) -> bool:
    return group.rules_version is not None and not holds(group.agreed_among, seats)
