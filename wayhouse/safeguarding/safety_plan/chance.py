"""Whom a concern is about, and whether their plan can be opened now: what a page of the concern shows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from wayhouse.core import clock
from wayhouse.core.prepared import prepared
from wayhouse.core.together import together
from wayhouse.people.consents.ledger import ConsentEntry
from wayhouse.people.consents.wordings import Purpose
from wayhouse.people.models import Person
from wayhouse.safeguarding import rules
from wayhouse.safeguarding.models import Concern, EmergencyCopy, PlanOpening
from wayhouse.safeguarding.naming import named_in

_ME = "me"


@dataclass(frozen=True, slots=True)
class Chance:
    """Whether the plan of whom a concern is about can be opened. `running`: what was asked already by the reader."""

    person: Person | None
    has_copy: bool
    running: PlanOpening | None


def chance_of(concern: Concern, named: str, *, actor: Person) -> Chance | None:
    """What whoever answers can do about the plan; None where break-glass does not apply, one query elsewhere.

    `named`: the id of whom it is about, from the raiser or from whoever named them later (`naming.named_in`), or "".
    """
    if not rules.is_for_opening(actor, concern):
        return None
    if not named and concern.about != _ME:
        return Chance(None, has_copy=False, running=None) if rules.may_answer(actor, concern) else None
    asked: dict[str, Any] = {"programme": concern.programme_id, "actor": actor.pk, "now": clock.now()}
    asked |= {"today": clock.today(), "concern": concern.pk, "person": actor.pk}
    if named:
        answered, people, running = _about_named(**asked, about=UUID(named))
    else:
        answered, people, running = _about_raiser(**asked, own_scope=concern.own_scope_id)
    if not rules.may_answer(actor, concern, found=answered):
        return None
    if not people:
        return Chance(None, has_copy=False, running=None)
    there = bool(people[0].has_copy)  # type: ignore[attr-defined]  # fetched along
    return Chance(people[0], has_copy=there, running=min(running, key=lambda one: one.ends_at, default=None))


def subject_of(concern: Concern) -> Person | None:
    """Whom a concern is about, where it is somebody of this programme who was named, soon or later, or the raiser."""
    if named := named_in(concern):
        return _named(concern.programme_id, UUID(named[0])).first()
    return _raiser(concern.programme_id, concern.own_scope_id).first() if concern.about == _ME else None


def asked_by(person: Person, actor: Person) -> "QuerySet[PlanOpening]":
    """What somebody asked for about a plan, or has open, the first to end first."""
    return PlanOpening.objects.running(clock.now()).filter(person=person, asked_by=actor).order_by("ends_at")


def _named(programme: UUID, about: UUID) -> QuerySet[Person]:
    return Person.objects.filter(programme=programme, pk=about)


def _raiser(programme: UUID, own_scope: UUID) -> QuerySet[Person]:
    # Whoever raised it holds a key of their own part and does not answer for it.
    raisers = Person.objects.filter(programme=programme, user__holder__memberships__scope=own_scope)
    return raisers.exclude(belongings__scope=own_scope)


def _with_copy(people: QuerySet[Person], today: date) -> QuerySet[Person]:
    """Each with whether there is a copy that consent C7 opens today."""
    said = ConsentEntry.objects.in_force(today).filter(person=OuterRef("person"), purpose=Purpose.EMERGENCY)
    return people.annotate(has_copy=Exists(EmergencyCopy.objects.filter(Exists(said), person=OuterRef("pk"))))


def _running(people: QuerySet[Person], actor: UUID, now: datetime) -> "QuerySet[PlanOpening]":
    return PlanOpening.objects.running(now).filter(person__in=people.values("pk"), asked_by=actor)


@prepared
def _named_now(programme: UUID, about: UUID, today: date) -> QuerySet[Person]:
    return _with_copy(_named(programme, about), today)


@prepared
def _named_running(programme: UUID, about: UUID, actor: UUID, now: datetime) -> "QuerySet[PlanOpening]":
    return _running(_named(programme, about), actor, now)


@prepared
def _raiser_now(programme: UUID, own_scope: UUID, today: date) -> QuerySet[Person]:
    return _with_copy(_raiser(programme, own_scope), today)


@prepared
def _raiser_running(programme: UUID, own_scope: UUID, actor: UUID, now: datetime) -> "QuerySet[PlanOpening]":
    return _running(_raiser(programme, own_scope), actor, now)


_about_named = together(rules.answered, _named_now, _named_running)
_about_raiser = together(rules.answered, _raiser_now, _raiser_running)
