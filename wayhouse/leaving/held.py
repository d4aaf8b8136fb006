"""Everything that is held about somebody, as far as their own keys open it, ready for a page and for a copy to keep.

GDPR Art. 15 and 20; practice handbook F63. What is sealed to others is announced, with whoever can read it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from wayhouse.accounts.models import Session
from wayhouse.arrivals.models import AvoidList, Step
from wayhouse.conversations.counting import count_of
from wayhouse.conversations.models import Post
from wayhouse.core import clock
from wayhouse.core.prepared import prepared
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.sealed import HasItem, open_all
from wayhouse.groups.models import Seat
from wayhouse.leaving.acts_held import HeldAct, HeldRole, roles_and_acts
from wayhouse.leaving.rules import kept_by_law
from wayhouse.leaving.words_held import (
    HeldConcern,
    HeldConduct,
    HeldNeed,
    HeldPart,
    HeldPollAnswer,
    HeldPost,
    HeldWording,
    concerns_held,
    conduct_held,
    letters_held,
    needs_held,
    plan_held,
    poll_answers_held,
    row_held,
    unnamed_held,
    wordings_held,
)
from wayhouse.meetings.models import Answer, Attendance, Meeting, Shift
from wayhouse.mentoring.models import Letter
from wayhouse.notices.held import Reached, reached
from wayhouse.people.kept import Kept, kept_about
from wayhouse.people.models import Hold, Person, Profile, RosterEntry, label_of_role


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A seat in a group; names are None where one's own keys do not open them any more."""

    group: str | None
    name: str | None
    role: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class HeldEvening:
    """An evening: what one answered beforehand, whether one was marked as there, whether one led or stood by."""

    at: datetime
    answer: str
    presence: str
    shift: str

    @property
    def words(self) -> list[str]:
        """What there is to say of it."""
        answer = [_("your answer: %(answer)s") % {"answer": self.answer}] if self.answer else []
        return [*answer, *filter(None, (self.presence, self.shift))]


@dataclass(frozen=True, slots=True)
class HeldStep:
    """A part of the talk before the first evening."""

    step: str
    done_on: date


@dataclass(frozen=True, slots=True)
class Held:
    """What is held about one person in one programme."""

    made_on: date
    organisation: str
    programme: str
    name: str
    language: str
    status: str
    status_since: date
    here_since: date
    roles: list[HeldRole]
    seats: list[HeldSeat]
    evenings: list[HeldEvening]
    posts_written: int
    posts: list[HeldPost]
    letters_written: int
    letters: list[HeldPost]
    unnamed: list[HeldPost]
    steps: list[HeldStep]
    must_not_meet: list[str]
    on_roster: bool
    # The words of the row by their labels; None where no copy for these keys lies there yet.
    roster: dict[str, str] | None
    sessions: int
    second_steps: int
    acts: list[HeldAct]
    # Posts that can be taken back, by id and day.
    mine: list[tuple[UUID, date]]
    # Only in the copy; the page of messages shows it as well.
    reached: Reached | None
    concerns: list[HeldConcern]
    wordings: list[HeldWording]
    needs: list[HeldNeed]
    plan: list[HeldPart]
    conduct: list[HeldConduct]
    poll_answers: list[HeldPollAnswer]
    kinds: list[Kept]
    # The days on which a hold that the person was told of is looked at again.
    by_law: list[date]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, with days and times as in ISO 8601."""
        told = {**asdict(self), "kinds": [kept._asdict() for kept in self.kinds]}
        # Leads somewhere only on a page.
        del told["mine"]
        return told


def held_about(person: Person, *, words: bool = False) -> Held:
    """Everything, in ten queries at most, however much it is. Opens with the keys of whoever is acting.

    `words`: for the copy, with what somebody wrote, told, was told, said yes to, needed, and how they may be reached.
    """
    (me,) = _facts(person=person.pk)
    profile, avoid = getattr(me, "profile", None), getattr(me, "avoid_list", None)
    seats = _seats(person=person.pk)
    done = roles_and_acts(person)
    posts = list(Post.objects.filter(person=person).select_related("item").order_by("number", "pk")) if words else []
    opened = _open([row for row in (profile, avoid) if row], seats, posts)
    return Held(
        made_on=clock.today(),
        organisation=me.programme.organisation.name,
        programme=me.programme.name,
        name=profile.name if profile else "",
        language=me.language,
        status=str(Person.Status(me.status).label),
        status_since=me.status_on,
        here_since=me.created_on,
        roles=done.roles,
        seats=[_seat(seat, opens=seat.pk in opened) for seat in seats],
        evenings=_evenings(person),
        posts_written=me.posts_written,
        posts=[HeldPost(post.written_on, post.text if post.pk in opened else None) for post in posts],
        letters_written=me.letters_written,
        steps=[HeldStep(str(kind.label), day) for kind in Step.Kind if (day := getattr(me, _done(kind)))],
        must_not_meet=list(avoid.names) if avoid else [],
        on_roster=me.on_roster,
        roster=row_held(me),
        sessions=me.sessions,
        second_steps=me.second_steps,
        acts=done.acts,
        mine=done.posts,
        kinds=kept_about(person),
        by_law=kept_by_law(person) if me.any_hold else [],
        **(_copied(person) if words else _NOT_COPIED),
    )


_NOT_COPIED: dict[str, Any] = {
    "letters": [], "unnamed": [], "reached": None, "concerns": [], "wordings": [], "needs": [], "plan": [],
    "conduct": [],
    "poll_answers": [],
}  # fmt: skip


def _copied(person: Person) -> dict[str, Any]:
    """What stands in the copy alone."""
    return {
        "letters": letters_held(person),
        "unnamed": unnamed_held(person),
        "reached": reached(person.pk),
        "concerns": concerns_held(person),
        "wordings": wordings_held(person),
        "needs": needs_held(person),
        "plan": plan_held(person),
        "conduct": conduct_held(person),
        "poll_answers": poll_answers_held(person),
    }


@prepared
def _facts(person: UUID) -> "QuerySet[Any, Any]":
    """The person with programme, profile and numbers, in one query."""
    roster = RosterEntry.objects.filter(person=person)
    rows = Person.objects.select_related(
        "programme__organisation", "profile__item", "user", "avoid_list__item", "own_row"
    ).annotate(
        on_roster=Exists(roster),
        # Of whom, the database does not say; mostly there is none of anybody.
        any_hold=Exists(Hold.objects.all()),
        # Each counted by itself: joined, they would multiply each other.
        posts_written=count_of(Post.objects.filter(person=OuterRef("pk"))),
        letters_written=count_of(Letter.objects.filter(person=OuterRef("pk"))),
        sessions=count_of(Session.objects.filter(user=OuterRef("user"))),
        second_steps=count_of(Authenticator.objects.filter(user=OuterRef("user"))),
        **{_done(kind): Min("steps__done_on", filter=Q(steps__kind=kind)) for kind in Step.Kind},
    )
    return rows.filter(pk=person)


@prepared
def _seats(person: UUID) -> QuerySet[Seat]:
    return Seat.objects.filter(person=person).select_related("item", "group__item").order_by("since_on", "pk")


def _done(kind: Step.Kind) -> str:
    return f"done_{kind.name.lower()}"


def _open(own: list[Profile | AvoidList], seats: list[Seat], posts: list[Post]) -> set[UUID]:
    """Open what opens; the seats and posts that did. Whoever left has no keys of a group any more, and is told so."""
    groups = [seat.group for seat in seats]
    try:
        open_all(own, seats, groups, posts)
    except CannotOpen:
        open_all(own)
        opened = {seat.pk for seat in seats if _opens([seat, seat.group])}
        return opened | {post.pk for post in posts if _opens([post])}
    return {row.pk for row in (*seats, *posts)}


def _opens(rows: "Sequence[HasItem]") -> bool:
    try:
        open_all(rows)
    except CannotOpen:
        return False
    return True


def _seat(seat: Seat, *, opens: bool) -> HeldSeat:
    group, name = (seat.group.name, seat.name) if opens else (None, None)
    return HeldSeat(group, name, str(Seat.Role(seat.role).label), seat.since_on, seat.until_on)


def _evenings(person: Person) -> list[HeldEvening]:
    """Every evening with an answer, a presence or a shift of this person, in one query."""
    said = {None: "", True: _("yes"), False: _("not this time")}
    presences: dict[str | None, str] = {None: "", **{one.value: str(one.label) for one in Attendance.Presence}}
    rows = _meetings(person=person.pk)
    # What somebody was there: of many evenings it is said in few ways.
    parts = {shift: _part(*shift) for shift in {(role, reserve) for *_words, role, reserve in rows}}
    return [
        HeldEvening(at, said[coming], presences[mark], parts[role, reserve]) for at, coming, mark, role, reserve in rows
    ]


@prepared
def _meetings(person: UUID) -> "QuerySet[Meeting, tuple[Any, ...]]":
    mine = {"meeting": OuterRef("pk"), "person": person}
    answered, marked, served = (
        Answer.objects.filter(**mine),
        Attendance.objects.filter(**mine),
        Shift.objects.filter(**mine),
    )
    return (
        Meeting.objects.filter(Exists(answered) | Exists(marked) | Exists(served))
        .order_by("starts_at", "pk")
        .values_list(
            "starts_at",
            Subquery(answered.values("coming")[:1]),
            Subquery(marked.values("presence")[:1]),
            Subquery(served.values("role")[:1]),
            Subquery(served.values("reserve")[:1]),
        )
    )


def _part(role: str | None, reserve: bool | None) -> str:  # noqa: FBT001  as it stands in the row
    if role is None:
        return ""
    return _("stands by") if reserve else str(label_of_role(role))
