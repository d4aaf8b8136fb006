"""Who may do what with concerns and with the posts of those who answer."""

from uuid import UUID

from django.db.models import QuerySet

from wayhouse.core import clock
from wayhouse.core.prepared import prepared
from wayhouse.people.models import Person, Programme, Role
from wayhouse.people.rules import KNOWN_FOR, TAKING_PART
from wayhouse.safeguarding.models import (
    Appointment,
    Concern,
    ConductStep,
    Demand,
    OnCall,
    OnCallSwap,
    PlanOpening,
    SafetyPlan,
)
from wayhouse.safeguarding.protocol import Kind, Level
from wayhouse.safeguarding.safety_plan.near import near


def may_raise(actor: Person, programme: Programme) -> bool:
    """Everybody who takes part, pausing or not."""
    return actor.programme_id == programme.pk and any(actor.holds(kind) for kind in TAKING_PART)


def may_raise_unnamed(actor: Person, programme: Programme) -> bool:
    """Whoever may raise."""
    return may_raise(actor, programme)


def may_answer(actor: Person, concern: Concern, *, found: list[UUID] | None = None) -> bool:
    """Whoever it was sealed to, while they hold the post. `found`: of `answered`, where a page asked that along."""
    if not actor.holds(Role.Kind.SAFEGUARDING_LEAD):
        return False
    return bool(answered(person=actor.pk, concern=concern.pk) if found is None else found)


def may_write_to(actor: Person, concern: Concern) -> bool:
    """Whoever answers, and whoever raised it under their account."""
    return may_answer(actor, concern) or Concern.objects.raised_by(actor).filter(pk=concern.pk).exists()


def may_enter_demand(actor: Person) -> bool:
    """Whoever answers."""
    return answers(actor)


def may_handle_demand(actor: Person, demand: Demand, *, found: list[UUID] | None = None) -> bool:
    """Whoever it was sealed to, while they hold the post. `found`: of `handled`, where a page asked that along."""
    if not actor.holds(Role.Kind.SAFEGUARDING_LEAD):
        return False
    return bool(handled(person=actor.pk, demand=demand.pk) if found is None else found)


def may_handle_conduct(actor: Person, step: ConductStep) -> bool:
    """Whoever it was sealed to, while they hold the post; never the person."""
    return ConductStep.objects.visible_to(actor).filter(pk=step.pk).exists()


def may_answer_conduct(actor: Person, step: ConductStep) -> bool:
    """The person, from the moment at which they are told."""
    return ConductStep.objects.told_to(actor).filter(pk=step.pk).exists()


def may_appoint(actor: Person, person: Person) -> bool:
    """Coordinators, to people of their programme with the role and an account, and never to a coordinator."""
    here = actor.is_coordinator and actor.programme_id == person.programme_id
    fit = person.holds(Role.Kind.SAFEGUARDING_LEAD) and not person.is_coordinator and person.user_id is not None
    return here and fit and person.status != Person.Status.LEFT


def may_end_post(actor: Person, appointment: Appointment) -> bool:
    """Coordinators of the programme; anybody may step back from their own."""
    coordinates = actor.is_coordinator and actor.programme_id == appointment.person.programme_id
    return coordinates or appointment.person_id == actor.pk


def may_keep_rota(actor: Person, programme: Programme) -> bool:
    """Coordinators of the programme, and those who answer in it."""
    return actor.programme_id == programme.pk and (actor.is_coordinator or answers(actor))


def may_ask_swap(actor: Person, on_call: OnCall) -> bool:
    """Whoever has the day, and still answers."""
    return on_call.person_id == actor.pk and answers(actor)


def may_answer_swap(actor: Person, swap: OnCallSwap) -> bool:
    """Whoever was asked."""
    return swap.taker_id == actor.pk and answers(actor)


def may_drill(actor: Person, programme: Programme) -> bool:
    """Whoever keeps the rota."""
    return may_keep_rota(actor, programme)


def may_change_limit(actor: Person, programme: Programme) -> bool:
    """The lead and the director."""
    return actor.programme_id == programme.pk and bool({"lead", "director"}.intersection(_posts(person=actor.pk)))


def may_mark_days(actor: Person, programme: Programme) -> bool:
    """Coordinators of the programme, its lead and its director."""
    coordinates = actor.is_coordinator and actor.programme_id == programme.pk
    return coordinates or may_change_limit(actor, programme)


@prepared
def _posts(person: UUID) -> "QuerySet[Appointment, str]":
    return Appointment.objects.current().filter(person=person).values_list("post", flat=True)


@prepared
def answered(person: UUID, concern: UUID) -> "QuerySet[Concern, UUID]":
    """The concern, where somebody answers for it; whether they hold the role is `may_answer`'s to ask."""
    return Concern.objects.answered_by(person).filter(pk=concern).values_list("pk", flat=True)


@prepared
def handled(person: UUID, demand: UUID) -> "QuerySet[Demand, UUID]":
    """The demand, where somebody answers for it; the same holds."""
    return Demand.objects.handled_by(person).filter(pk=demand).values_list("pk", flat=True)


def may_write_learning_note(actor: Person, programme: Programme) -> bool:
    """Whoever answers in the programme."""
    return actor.programme_id == programme.pk and answers(actor)


def may_tick_aftercare(actor: Person, concern: Concern) -> bool:
    """Whoever raised it under their account."""
    return Concern.objects.raised_by(actor).filter(pk=concern.pk).exists()


def answers(actor: Person) -> bool:
    """Whether somebody holds a post now."""
    return bool(_posts(person=actor.pk))


def may_write_plan(actor: Person) -> bool:
    """Everybody about themselves, while they have not left."""
    return actor.user_id is not None and actor.status != Person.Status.LEFT


def may_keep_plan(actor: Person, plan: SafetyPlan) -> bool:
    """Whose plan it is, whether they have left or not."""
    return plan.person_id == actor.pk


def may_show_plan(actor: Person, plan: SafetyPlan, reader: Person) -> bool:
    """Whose plan it is, to somebody who leads or accompanies one of their groups now."""
    own = may_keep_plan(actor, plan) and may_write_plan(actor)
    return own and reader.pk in {row.person_id for row in near(actor)}


def may_ask_opening(actor: Person, concern: Concern) -> bool:
    """Whoever answers for an open concern at the fastest level, not since yesterday, and does not coordinate."""
    return is_for_opening(actor, concern) and may_answer(actor, concern)


def is_for_opening(actor: Person, concern: Concern) -> bool:
    """The same without whether they answer for it: whether there is anything to ask for."""
    urgent = concern.level == Level.NOW and not concern.is_over and not concern.is_drill
    # There it is about the accused, or about whom an authority looks for: their plan is not for that.
    urgent = urgent and concern.kind not in {Kind.CONDUCT, Kind.ALLEGATION, Kind.LEGAL_DEMAND}
    return urgent and _is_known(actor, Role.Kind.SAFEGUARDING_LEAD) and not actor.is_coordinator


def may_answer_opening(actor: Person, opening: PlanOpening) -> bool:
    """A coordinator of the programme, not since yesterday, without a post: never who asked, nor whose plan it is."""
    there = actor.status not in {Person.Status.LEFT, Person.Status.AWAY}
    here = there and actor.programme_id == opening.person.programme_id
    other = actor.pk not in {opening.person_id, opening.asked_by_id} and not answers(actor)
    return here and other and _is_known(actor, Role.Kind.COORDINATOR)


def _is_known(actor: Person, kind: Role.Kind) -> bool:
    """Whether somebody holds this role since some days: a second whom the first has just made up is no second."""
    return actor.holds_since(kind, clock.today() - KNOWN_FOR)
