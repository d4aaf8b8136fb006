"""What somebody does with their own safety plan: write it, show it to one person, take that back, erase it."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.core.prepared import prepared
from wayhouse.crypto import items, scopes, shred
from wayhouse.people import reach
from wayhouse.people.models import Belonging, Person, Profile
from wayhouse.safeguarding import rules
from wayhouse.safeguarding.models import PlanOpening, SafetyPlan
from wayhouse.safeguarding.safety_plan.copying import destroy_copy, give_up_copy, renew_copy
from wayhouse.safeguarding.safety_plan.own import lock_person, plan_of
from wayhouse.safeguarding.safety_plan.parts import LONGEST, NAMES

PLAN = "plan"


def write_plan(words: Mapping[str, str], *, actor: Person) -> SafetyPlan:
    """Write one's plan; what stood there before is gone. `words` by the names of parts; others stay empty."""
    require(rules.may_write_plan(actor))
    with transaction.atomic():
        lock_person(actor)
        said = {name: words.get(name, "").strip()[:LONGEST] for name in NAMES}
        said |= {"name": _name_of(actor), "written_on": clock.today().isoformat()}
        plan = plan_of(actor)
        if plan is None:
            plan = _begun(actor, said)
        else:
            plan.rewrite(**said)
        renew_copy(actor, plan)
        record("plan.written", plan, actor=actor)
    return plan


def show_plan(plan: SafetyPlan, reader: Person, name: str, *, actor: Person) -> None:
    """Show one's plan to somebody from now on. `name`: what the owner calls them."""
    require(rules.may_show_plan(actor, plan, reader))
    with transaction.atomic():
        lock_person(actor)
        plan.refresh_from_db()
        reach.let_in(plan.item.scope, reader)
        _rewrite(plan, shown={**dict(plan.shown), str(reader.pk): name})
        record("plan.shown", plan, actor=actor)


def take_plan_back(plan: SafetyPlan, belonging_id: int, *, actor: Person) -> None:
    """Show it to somebody no more. They read nothing of it from this moment, and it is locked anew.

    `belonging_id`: as `shown_to` names them.
    """
    require(rules.may_keep_plan(actor, plan))
    with transaction.atomic():
        lock_person(actor)
        plan.refresh_from_db()
        reader = Person.objects.filter(belongings=belonging_id, belongings__scope=plan.item.scope_id).first()
        if reader is not None:
            reach.show_out(plan.item.scope, reader)
            _rewrite(plan, shown={pk: name for pk, name in dict(plan.shown).items() if pk != str(reader.pk)})
            record("plan.unshown", plan, actor=actor)


def erase_plan(plan: SafetyPlan, *, actor: Person) -> None:
    """Erase one's plan, for everybody and for good; the copy for emergencies goes with it, and the yes to it."""
    require(rules.may_keep_plan(actor, plan))
    with transaction.atomic():
        lock_person(actor)
        give_up_copy(actor=actor)
        drop_plan(actor)
        record("plan.erased", actor=actor)
        transaction.on_commit(shred.scrub)


def hide_plan(person: Person) -> None:
    """Somebody leaves: nobody else reads their plan, by consent C7 neither. Needs nobody's key; in a transaction."""
    destroy_copy(person)
    plan = SafetyPlan.objects.filter(person=person).select_related("item__scope").first()
    if plan is not None:
        reach.show_out(plan.item.scope, *Person.objects.filter(belongings__scope=plan.item.scope_id))


def drop_plan(person: Person) -> None:
    """The plan goes with its keys. Needs nobody's key; call it in a transaction."""
    for plan in SafetyPlan.objects.filter(person=person).select_related("item__scope"):
        scope = plan.item.scope
        plan.delete()
        scopes.drop(scope)


def forget_plan(person: Person) -> None:
    """Somebody is erased: plan, copy, and who opened it. Needs nobody's key; call it in a transaction."""
    destroy_copy(person)
    drop_plan(person)
    openings = PlanOpening.objects.filter(person=person)
    going = [opening.item.scope for opening in openings.select_related("item__scope")]
    openings.delete()
    for scope in going:
        scopes.drop(scope)


def shown_to(plan: SafetyPlan) -> list[tuple[Belonging, str]]:
    """To whom a plan is shown now, and what the owner calls them: whoever has the key, whatever the list says."""
    names = dict(plan.shown)
    here = _belonging(scope=plan.item.scope_id)
    return [(one, names.get(str(one.person_id), "")) for one in here]


@prepared
def _belonging(scope: UUID) -> QuerySet[Belonging]:
    return Belonging.objects.filter(scope=scope).order_by("pk")


def _begun(actor: Person, said: Mapping[str, str]) -> SafetyPlan:
    holder = reach.holder_of(actor)
    scope = scopes.create_scope(PLAN, [holder] if holder else [])
    item = items.seal(scope, PLAN, said, subject_id=actor.pk)
    return SafetyPlan.objects.create(person=actor, item=item)


def _rewrite(plan: SafetyPlan, **words: object) -> None:
    # Read anew: letting somebody in, or out, has begun another epoch.
    plan.item.refresh_from_db()
    plan.rewrite(**words)


def _name_of(person: Person) -> str:
    profile = Profile.objects.filter(person=person).select_related("item").first()
    return profile.name if profile else ""
