"""What is done with posts: appoint somebody, end it; and who answers for a concern, in which order they are called."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.core.prepared import prepared
from wayhouse.crypto import items
from wayhouse.crypto.models import Keyholder
from wayhouse.people import reach
from wayhouse.people.models import Person, Programme, Role
from wayhouse.safeguarding import readiness, rules
from wayhouse.safeguarding.models import Appointment, Concern, ConductStep, Demand, OnCall, PassedOver, Safety
from wayhouse.safeguarding.protocol import Post
from wayhouse.safeguarding.reaching import reachable
from wayhouse.safeguarding.refusals import NobodyAnswers, TooFewReaders
from wayhouse.safeguarding.safety_plan.copying import ask_for_halves
from wayhouse.safeguarding.times import zone_of

CONCERN, SAFETY = "concern", "safety"
# With fewer than so many, the trustee reads along: nobody holds a concern alone.
FEWEST = 2
_ORDER = (Post.LEAD, Post.DEPUTY, Post.DIRECTOR, Post.TRUSTEE)

# Who is not called: on a break of their own, or sent away for a while; the page says the same of both.
_ABSENT = {Person.Status.PAUSED, Person.Status.AWAY}


@dataclass(frozen=True, slots=True)
class Turns:
    """Whom to call one after the other, and whose turn it is by the rota; the second has those who cannot be, too."""

    concern: Concern
    people: list[Person]
    by_rota: list[Person]
    why: dict[Person, PassedOver.Why]

    def passed_for(self, called: Collection[Person]) -> list[PassedOver]:
        """Who was before the first of `called` and cannot be called, to be written down."""
        if not called:
            return []
        place = min(self.by_rota.index(person) for person in called)
        before = [person for person in self.by_rota[:place] if person in self.why]
        now = clock.now()
        return [PassedOver(concern=self.concern, person=one, why=self.why[one], at=now) for one in before]


def appoint(person: Person, post: Post, name: str, *, actor: Person) -> Appointment:
    """Give somebody a post, or another one. They read what is raised from now on, and nothing older.

    There is one lead and one director; whoever was it before stops, and reads no more. `name`: as colleagues call
    them. Error: `TooFewReaders`.
    """
    require(rules.may_appoint(actor, person))
    with transaction.atomic():
        # Held, so that nobody makes them a coordinator at the same moment.
        Person.objects.select_for_update().get(pk=person.pk)
        require(not person.roles.filter(kind=Role.Kind.COORDINATOR, until_on=None).exists())
        safety = locked_safety(person.programme)
        same_post = Appointment.objects.filter(person__programme=person.programme_id, post=post, until_on=None)
        for ended in Appointment.objects.filter(person=person, until_on=None):
            _end(ended)
        reach.let_in(safety.scope, person)
        ask_for_halves(person)
        item = items.seal(safety.scope, "appointment", {"name": name}, subject_id=person.pk)
        appointment = Appointment.objects.create(person=person, post=post, item=item)
        for replaced in () if post == Post.DEPUTY else same_post.exclude(person=person).select_related("person"):
            _show_out(replaced, safety)
            record("post.ended", replaced.person, actor=actor, post=str(post))
        readiness.refresh(person.programme)
        record("post.given", person, actor=actor, post=str(post))
    return appointment


def end_post(appointment: Appointment, *, actor: Person) -> None:
    """Somebody answers no more: the keys of every concern go, and the days on call become free.

    Error: `TooFewReaders`.
    """
    require(rules.may_end_post(actor, appointment))
    end_held(appointment, actor=actor)


def end_held(appointment: Appointment, *, actor: Person) -> None:
    """The same where the role that goes with it ends, by whoever may end that. Error: `TooFewReaders`."""
    with transaction.atomic():
        person = appointment.person
        _show_out(appointment, locked_safety(person.programme))
        readiness.refresh(person.programme)
        record("post.ended", person, actor=actor, post=appointment.post)


def leave_post(appointment: Appointment, *, actor: Person) -> None:
    """The same for somebody who leaves, which nobody refuses; their keys go with leaving."""
    with transaction.atomic():
        _end(appointment)
        readiness.refresh(appointment.person.programme)
        record("post.ended", appointment.person, actor=actor, post=appointment.post)


def safety_of(programme: Programme) -> Safety:
    """What the programme's posts share with its coordinators; begins with the first of them."""
    found = Safety.objects.filter(programme=programme).select_related("scope").first()
    if found is None:
        desk = Keyholder.objects.get(pk=programme.desk_id)
        found = Safety.objects.create(programme=programme, scope=reach.share(SAFETY, desk, []))
    return found


def kept_from(programme: Programme, posts: Collection[Post], about_person: str) -> frozenset[str]:
    """Ids of those who must not read a concern: who holds one of these posts now, and whom it is about ("" if open)."""
    held = Appointment.objects.current().filter(person__programme=programme, post__in=posts)
    about = {about_person} if about_person else set()
    return frozenset({str(pk) for pk in held.values_list("person", flat=True)} | about)


def answering(programme: Programme, *, without: Collection[str] = ()) -> list[Person]:
    """Those to whom a concern is sealed: lead, deputies and director; the trustee where fewer than two remain.

    `without`: ids of those it is kept from. Error: `NobodyAnswers`.
    """
    found = Appointment.objects.current().filter(person__programme=programme).select_related("person__user")
    held = [one for one in in_order(found) if str(one.person_id) not in without]
    team = [one.person for one in held if one.post != Post.TRUSTEE]
    if len(team) < FEWEST:
        team = [one.person for one in held]
    if not team:
        raise NobodyAnswers
    return team


def in_order(held: Iterable[Appointment]) -> list[Appointment]:
    """Lead, deputies, director, trustee."""
    return sorted(held, key=lambda one: _ORDER.index(Post(one.post)))


def to_call(concern: Concern, *, after: Person | None = None) -> Sequence[Person]:
    """Whom to call, one after the other: first and second on call today, the director, then the others who read it.

    Who pauses is left out, and who cannot be reached comes last, unless everybody is. `after`: somebody who knows
    already, and comes last of all. Where nobody who reads it answers any more, all who came later: better somebody who
    asks than nobody.
    """
    return turns(concern, after=after).people


def turns(concern: Concern, *, after: Person | None = None) -> Turns:
    """The same, and who is passed over."""
    today = clock.now().astimezone(zone_of(concern.programme)).date()
    on_call = OnCall.objects.filter(programme=concern.programme_id, day=today).order_by("place")
    readers = Appointment.objects.current().filter(person__belongings__scope=concern.scope_id).select_related("person")
    by_id = {one.person_id: one for one in readers}
    first = [by_id[served.person_id].person for served in on_call if served.person_id in by_id]
    posts = (Post.DIRECTOR, Post.LEAD, Post.DEPUTY, Post.TRUSTEE)
    rest = sorted(by_id.values() or _newcomers(concern), key=lambda one: posts.index(Post(one.post)))
    people = list(dict.fromkeys([*first, *(one.person for one in rest)]))
    there = [person for person in people if person.status not in _ABSENT] or people
    able = reachable(there)
    why = {person: PassedOver.Why.NO_WAY for person in there if person.pk not in able}
    why |= {person: PassedOver.Why.PAUSES for person in people if person not in there}
    found = sorted(there, key=lambda person: (person == after, person.pk not in able))
    return Turns(concern, found, people, why)


def outside(concern: Concern | Demand | ConductStep, found: Sequence[Appointment] | None = None) -> list[Appointment]:
    """Those who answer, do not read this, and may be let in: it was not kept from them. `found`: of `strangers`."""
    if found is None:
        found = strangers(programme=concern.programme_id, scope=concern.scope_id)
    there = [one for one in found if str(one.person_id) not in concern.kept_from]
    return sorted(there, key=lambda one: (one.since_on, one.pk))


@prepared
def strangers(programme: UUID, scope: UUID) -> QuerySet[Appointment]:
    """Those who answer and do not read what is sealed there, kept from them or not."""
    held = Appointment.objects.current().filter(person__programme=programme).select_related("item", "person")
    return held.exclude(person__belongings__scope=scope)


def readers_of(scopes: Collection[UUID], *, without: Person | None = None) -> Counter[UUID]:
    """How many of those who answer now read each of these scopes, with or without somebody."""
    held = Appointment.objects.current().filter(person__belongings__scope__in=scopes)
    others = held.exclude(person=without) if without else held
    return Counter(others.values_list("person__belongings__scope", flat=True))


def newly_directing(concern: Concern) -> list[Person]:
    """Whoever directs since after it was raised, so that it was not kept from them."""
    return [one.person for one in _newcomers(concern) if one.post == Post.DIRECTOR]


def post_of(person: Person) -> Post | None:
    """The post somebody holds now."""
    held = Appointment.objects.current().filter(person=person).values_list("post", flat=True).first()
    return Post(held) if held else None


def _newcomers(concern: Concern) -> list[Appointment]:
    """Whoever had a post when it was raised and does not read it was kept out; this is known without a key."""
    begun_on = concern.raised_at.date() if concern.raised_at else concern.week
    earlier = Appointment.objects.filter(since_on__lte=begun_on).exclude(until_on__lt=begun_on).values("person")
    held = Appointment.objects.current().filter(person__programme=concern.programme_id).select_related("person")
    return list(held.exclude(person__in=earlier))


def locked_safety(programme: Programme) -> Safety:
    """Of two who stop at the same moment, the second sees that the first has gone."""
    return Safety.objects.select_for_update(of=("self",)).select_related("scope").get(pk=safety_of(programme).pk)


def _sealed_to_posts(person: Person) -> list["QuerySet[Any]"]:
    """What was sealed to somebody because of a post and is not over: as sets of rows with a `scope`."""
    concerns = Concern.objects.open().filter(is_drill=False)
    return [
        rows.filter(scope__belongings__person=person)
        for rows in (concerns, Demand.objects.open(), ConductStep.objects.open())
    ]


def kept_by(person: Person) -> "list[Concern | Demand | ConductStep]":
    """What is open and would be left with fewer than two readers without somebody: a colleague is let in before."""
    found = [row for rows in _sealed_to_posts(person) for row in rows]
    left = readers_of([row.scope_id for row in found], without=person)
    return [row for row in found if left[row.scope_id] < FEWEST]


def _show_out(appointment: Appointment, safety: Safety) -> None:
    person = appointment.person
    concerns = Concern.objects.filter(scope__belongings__person=person)
    if kept_by(person):
        raise TooFewReaders
    _end(appointment)
    for concern in concerns.select_related("scope", "own_scope"):
        reach.show_out(concern.scope, person)
        reach.show_out(concern.own_scope, person)
    for rows in (Demand.objects, ConductStep.objects):
        for row in rows.filter(scope__belongings__person=person).select_related("scope"):
            reach.show_out(row.scope, person)
    reach.show_out(safety.scope, person)


def _end(appointment: Appointment) -> None:
    today = clock.today()
    appointment.until_on = today
    appointment.save(update_fields=["until_on"])
    OnCall.objects.filter(person=appointment.person_id, day__gt=today).delete()
