"""Break-glass: one who answers asks, a coordinator agrees, and the copy is read for a limited time (decision 30).

Only in an open concern at the fastest level about this person, and only while their consent holds. Each step is in the
log, in the record of the concern, and on a page of the person, from where nobody can take it.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.crypto import halves, items, scopes
from wayhouse.crypto.models import Scope
from wayhouse.notices.actions import notify, withdraw
from wayhouse.notices.kinds import Kind as Notice
from wayhouse.people import reach
from wayhouse.people.models import Belonging, Person, Profile, Role
from wayhouse.safeguarding import posts, rules, steps
from wayhouse.safeguarding.calling import WAYS
from wayhouse.safeguarding.models import Appointment, Concern, EmergencyCopy, HalfKey, PlanOpening, ReleasedHalf
from wayhouse.safeguarding.naming import named_in
from wayhouse.safeguarding.raising import LONGEST
from wayhouse.safeguarding.refusals import NothingToOpen
from wayhouse.safeguarding.safety_plan.chance import asked_by, subject_of
from wayhouse.safeguarding.safety_plan.copying import close_openings, may_be_opened
from wayhouse.safeguarding.safety_plan.own import lock_person

GLASS = "break-glass"
# For so long a question waits, and for so long what was opened is read.
LASTS = timedelta(hours=24)
ASKED, READ = "plan_asked", "plan_read"
# Of how many readings the times are kept.
_MOST = 50
State = PlanOpening.State


def ask_opening(concern: Concern, reason: str, *, actor: Person) -> PlanOpening:
    """Ask a coordinator to open the copy with one. They and the person read the reason. Asked twice, it is asked once.

    Error: `NothingToOpen`.
    """
    require(rules.may_ask_opening(actor, concern) and bool(reason.strip()))
    with transaction.atomic():
        person = subject_of(concern)
        if person is None or person.pk == actor.pk:
            raise NothingToOpen
        lock_person(person)
        if running := asked_by(person, actor).first():
            return running
        _copy_of(person)
        opening = PlanOpening.objects.create(
            item=_sealed(concern, person, reason, actor), person=person, asked_by=actor, ends_at=clock.now() + LASTS
        )
        steps.write_down(concern, ASKED, {"reason": reason}, actor=actor)
        _call(_coordinators(person), opening)
        record("opening.asked", opening, actor=actor)
    return opening


def agree_to_opening(opening: PlanOpening, *, actor: Person) -> PlanOpening:
    """A coordinator hands their half over, until the time is over.

    Error: `NothingToOpen`, also where somebody answered meanwhile.
    """
    require(rules.may_answer_opening(actor, opening))
    with transaction.atomic():
        locked = _locked(opening)
        copy = _copy_of(locked.person)
        key = copy.halves.select_related("item").get(side=HalfKey.Side.COORDINATING).key
        locked.state, locked.second_by, locked.ends_at, locked.seen = State.OPEN, actor, clock.now() + LASTS, False
        locked.save(update_fields=["state", "second_by", "ends_at", "seen"])
        locked.rewrite(second=_called(actor), answered_at=_now())
        item = items.seal(locked.item.scope, GLASS, {"key": key}, subject_id=locked.person_id, standing=False)
        ReleasedHalf.objects.create(opening=locked, item=item)
        _call_off(locked)
        _call([locked.asked_by_id], locked)
        record("opening.agreed", locked, actor=actor)
    return locked


def refuse_opening(opening: PlanOpening, *, actor: Person) -> PlanOpening:
    """A coordinator says no. The person sees that as well. Error: `NothingToOpen`."""
    require(rules.may_answer_opening(actor, opening))
    with transaction.atomic():
        locked = _locked(opening)
        locked.state, locked.second_by, locked.seen = State.REFUSED, actor, False
        locked.save(update_fields=["state", "second_by", "seen"])
        locked.rewrite(second=_called(actor), answered_at=_now())
        _call_off(locked)
        record("opening.refused", locked, actor=actor)
    return locked


def read_opened(concern: Concern, *, actor: Person) -> dict[str, Any]:
    """The parts of the plan, for whoever asked, while all of it still holds. The log says so before anything is shown.

    Error: `NothingToOpen`.
    """
    require(rules.may_answer(actor, concern))
    with transaction.atomic():
        person = subject_of(concern)
        if person is None or not rules.may_ask_opening(actor, concern):
            raise NothingToOpen
        lock_person(person)
        opening = (
            asked_by(person, actor).filter(state=State.OPEN).select_related("item__scope", "released__item").first()
        )
        if opening is None or opening.concern != str(concern.pk):
            raise NothingToOpen
        copy = _copy_of(person)
        first = copy.halves.select_related("item").get(side=HalfKey.Side.ANSWERING).key
        words = halves.open_with_halves(halves.Halves(first, opening.released.key), person.pk, copy.pk, bytes(copy.box))
        opening.rewrite(read_at=[*opening.read_at, _now()][:_MOST])
        PlanOpening.objects.filter(pk=opening.pk).update(seen=False)
        steps.write_down(concern, READ, {}, actor=actor)
        record("opening.read", opening, actor=actor)
    return words


def end_opening(opening: PlanOpening, *, actor: Person) -> None:
    """Whoever asked needs it no more: it closes at once."""
    require(opening.asked_by_id == actor.pk)
    with transaction.atomic():
        close_openings(PlanOpening.objects.filter(pk=opening.pk))
        record("opening.closed", opening, actor=actor)


def note_seen(person: Person, *, actor: Person) -> None:
    """The person has read who opened their plan: the first screen says no more of it, the page goes on saying it."""
    require(actor.pk == person.pk)
    with transaction.atomic():
        if PlanOpening.objects.filter(person=person, seen=False).update(seen=True):
            record("opening.seen", person, actor=actor)


def _locked(opening: PlanOpening) -> PlanOpening:
    """The opening that waits for an answer, held. The person before it, as everywhere."""
    lock_person(opening.person)
    waiting = PlanOpening.objects.waiting(clock.now()).select_for_update(of=("self",))
    locked = waiting.select_related("item__scope", "person").filter(pk=opening.pk).first()
    if locked is None:
        raise NothingToOpen
    return locked


def _copy_of(person: Person) -> EmergencyCopy:
    copy = EmergencyCopy.objects.filter(person=person).first()
    if copy is None or not may_be_opened(person):
        raise NothingToOpen
    return copy


def _sealed(concern: Concern, person: Person, reason: str, actor: Person) -> Any:
    """A scope of three sides: who asks, the coordinators, and whose plan it is, who is in no list that a role ends."""
    asking, own = reach.holder_of(actor), reach.holder_of(person)
    scope: Scope = scopes.create_scope(GLASS, [person.programme.desk, *filter(None, (asking, own))])
    Belonging.objects.create(person=actor, scope=scope)
    post = Appointment.objects.current().select_related("item").get(person=actor)
    words = {
        "concern": str(concern.pk),
        "about": (named_in(concern) or ("", ""))[1] or concern.raiser,
        "reason": reason.strip()[:LONGEST],
        "asker": post.name,
        "post": str(posts.post_of(actor) or ""),
        "asked_at": _now(),
    }
    return items.seal(scope, GLASS, words, subject_id=person.pk, standing=False)


def _coordinators(person: Person) -> list[UUID]:
    found = Person.objects.with_role(Role.Kind.COORDINATOR).active().filter(programme=person.programme_id)
    return list(found.exclude(pk=person.pk).exclude(user=None).values_list("pk", flat=True).distinct())


def _call(people: list[Any], opening: PlanOpening) -> None:
    whom = [pk for pk in people if pk]
    notify(whom, Notice.CALL_IN_NOW, once=_once(opening, State(opening.state)), urgent=True, channels=WAYS)


def _call_off(opening: PlanOpening) -> None:
    """Somebody answered: coordinators who were not reached yet are not called any more."""
    withdraw(_once(opening, State.ASKED))


def _once(opening: PlanOpening, state: State) -> str:
    return f"opening:{opening.pk}:{state.value}"


def _called(actor: Person) -> str:
    profile = Profile.objects.filter(person=actor).select_related("item").first()
    return profile.name if profile else ""


def _now() -> str:
    return clock.now().isoformat(timespec="seconds")
