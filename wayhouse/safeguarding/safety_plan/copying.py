"""The copy for emergencies: made with consent C7, kept as the plan is, destroyed at once when the consent ends.

Its key lies in two halves (decision 30): one with those who answer for safety, one with the coordinators. Whose plan it
is makes both, so that nobody else needs to be there.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.core.prepared import prepared
from wayhouse.crypto import grants, halves, items, scopes, shred
from wayhouse.crypto.models import Scope
from wayhouse.people import reach
from wayhouse.people.consents.giving import give_consent, withdraw_consent
from wayhouse.people.consents.ledger import ConsentEntry, has_consent
from wayhouse.people.consents.wordings import Purpose, wording_of
from wayhouse.people.models import Person
from wayhouse.safeguarding import rules
from wayhouse.safeguarding.models import (
    Appointment,
    EmergencyCopy,
    HalfKey,
    PlanOpening,
    ReleasedHalf,
    Safety,
    SafetyPlan,
)
from wayhouse.safeguarding.refusals import NobodyAnswers
from wayhouse.safeguarding.safety_plan.own import lock_person, plan_of
from wayhouse.safeguarding.safety_plan.parts import NAMES

HALF = "plan-half"
Side = HalfKey.Side


def keep_copy(
    version: str, language: str, *, how: ConsentEntry.How = ConsentEntry.How.SELF, actor: Person
) -> EmergencyCopy:
    """Say yes to C7 in these words, and with it make the copy. Saying it again begins its time anew.

    Errors: `Reworded`; `KeyError` for no such version; `NobodyAnswers` where nobody would hold one of the halves.
    """
    require(rules.may_write_plan(actor))
    with transaction.atomic():
        lock_person(actor)
        plan = plan_of(actor)
        require(plan is not None)
        assert plan is not None  # noqa: S101  required above
        give_consent(actor, wording_of(Purpose.EMERGENCY, language, version), how=how, actor=actor)
        copy = _made(actor, plan)
        record("plan.copied", copy, actor=actor)
    return copy


def give_up_copy(*, actor: Person) -> None:
    """Take C7 back: the copy is destroyed at once."""
    with transaction.atomic():
        lock_person(actor)
        withdraw_consent(actor, Purpose.EMERGENCY, effects=destroy_copy(actor), actor=actor)


def renew_copy(person: Person, plan: SafetyPlan) -> None:
    """The plan has changed: so does the copy, with new halves. Call it in the transaction of the change.

    Whoever has been let in to read goes on reading: the half they were given is exchanged, too.
    """
    if EmergencyCopy.objects.filter(person=person).exists():
        if may_be_opened(person) and _somebody_answers(person):
            _made(person, plan)
        else:
            destroy_copy(person)


def destroy_copy(person: Person) -> int:
    """The copy goes with both halves of its key, and with what was let in; how many there were. Needs nobody's key.

    The ledger of erasures has it, so that no backup brings it back. Call it in a transaction.
    """
    copy = EmergencyCopy.objects.filter(person=person).first()
    if copy is None:
        return 0
    close_openings(PlanOpening.objects.filter(person=person))
    _drop_halves(copy)
    shred.shred(copy.pk)
    copy.delete()
    transaction.on_commit(shred.scrub)
    return 1


def may_be_opened(person: Person) -> bool:
    """Whether consent C7 holds today. A copy without it opens for nobody, even before it is destroyed."""
    return has_consent(person, Purpose.EMERGENCY)


def state_of(person: Person) -> tuple[date | None, bool]:
    """The day on which a copy goes by itself, None without one; and whether it was ever asked for. One query."""
    ((until, was_asked),) = _state(person=person.pk, today=timezone.localdate())
    return until, bool(was_asked)


@prepared
def _state(person: UUID, today: date) -> "QuerySet[Person, tuple[date | None, bool]]":
    said = ConsentEntry.objects.in_force(today).filter(person=OuterRef("pk"), purpose=Purpose.EMERGENCY)
    kept = said.filter(person__emergency_copy__isnull=False).order_by("-pk").values("until")[:1]
    asked = PlanOpening.objects.filter(person=OuterRef("pk"))
    return Person.objects.filter(pk=person).values_list(Subquery(kept, output_field=DateField()), Exists(asked))


def close_openings(openings: "QuerySet[PlanOpening]") -> int:
    """They are over: the half that was handed over goes. How many there were. Needs nobody's key."""
    running = openings.filter(state__in=(PlanOpening.State.ASKED, PlanOpening.State.OPEN))
    released = ReleasedHalf.objects.filter(opening__in=running).select_related("item")
    going = [one.item for one in released]
    released.delete()
    for item in going:
        item.delete()
    # The hour counts while it runs; afterwards only the day stays in clear.
    return running.update(
        state=PlanOpening.State.ENDED, ends_at=clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    )


def end_openings() -> int:
    """Those whose time is over, for the worker; how many there were."""
    with transaction.atomic():
        return close_openings(PlanOpening.objects.over(clock.now()))


def run_out(now: datetime) -> "QuerySet[EmergencyCopy]":
    """Copies whose consent is over at a moment, or that a restore brought back."""
    day = timezone.localdate(now)
    said = ConsentEntry.objects.in_force(day).filter(person=OuterRef("person"), purpose=Purpose.EMERGENCY)
    return EmergencyCopy.objects.filter(~Exists(said) | ~Q(pk__in=shred.salted()))


def destroy_run_out() -> int:
    """Destroy these; how many there were."""
    people = list(Person.objects.filter(emergency_copy__in=run_out(timezone.now())))
    return sum(_destroy_alone(person) for person in people)


def ask_for_halves(newcomer: Person) -> None:
    """Somebody answers from now on: who answers already gives them the older halves when they are next here."""
    holder = reach.holder_of(newcomer)
    if holder is None:
        return
    for scope in Scope.objects.filter(kind=HALF, follows__safety__programme=newcomer.programme_id).order_by("pk"):
        grants.ask(scope, holder)


def _destroy_alone(person: Person) -> int:
    with transaction.atomic():
        lock_person(person)
        if not run_out(timezone.now()).filter(person=person).exists():
            return 0
        gone = destroy_copy(person)
        record("plan.uncopied", person)
    return gone


def _made(person: Person, plan: SafetyPlan) -> EmergencyCopy:
    """The copy as the plan is now, with new halves for those who answer and coordinate now. Error: `NobodyAnswers`."""
    if not _somebody_answers(person):
        raise NobodyAnswers
    copy, is_new = EmergencyCopy.objects.get_or_create(person=person)
    if is_new:
        shred.add_subject(copy.pk)
    _drop_halves(copy)
    made = halves.fresh_halves()
    words = {name: getattr(plan, name) for name in (*NAMES, "written_on")}
    copy.box = halves.close_in_halves(made, person.pk, copy.pk, words)
    copy.save(update_fields=["box"])
    for side, key, scope in zip(Side, made, _sides(person), strict=True):
        item = items.seal(scope, HALF, {"key": key}, subject_id=person.pk, standing=False)
        HalfKey.objects.create(copy=copy, side=side, item=item)
    for released in ReleasedHalf.objects.filter(
        opening__in=PlanOpening.objects.running(clock.now()).filter(person=person)
    ):
        released.rewrite(key=made.second)
    return copy


def _sides(person: Person) -> tuple[Scope, Scope]:
    """Whoever answers, as long as they do; and the coordinators' desk. Each with whose plan it is."""
    holder = reach.holder_of(person)
    own = [holder] if holder else []
    answering = reach.follow(Safety.objects.get(programme=person.programme_id).scope, HALF)
    scopes.admit(answering, *own)
    return answering, scopes.create_scope(HALF, [person.programme.desk, *own])


def _somebody_answers(person: Person) -> bool:
    held = Appointment.objects.current().filter(person__programme=person.programme_id)
    return held.exclude(person=person).exists()


def _drop_halves(copy: EmergencyCopy) -> None:
    going = [half.item.scope for half in HalfKey.objects.filter(copy=copy).select_related("item__scope")]
    HalfKey.objects.filter(copy=copy).delete()
    for scope in going:
        scopes.drop(scope)
