"""Lists and plans with ids of people: those that were replaced go, and whoever was erased is taken off the others.

They are sealed to the coordinators, and an erasure needs nobody's key: the programme is marked, and the next
coordinator who is here takes the ids off without noticing, as names are taken off cards (`meetings/parting.py`).
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto.models import Item
from wayhouse.crypto.sealed import open_all
from wayhouse.groups import rules
from wayhouse.groups.models import Drawing, Group, Proposal, Venue
from wayhouse.people.models import KeepApart, Person, Programme

PLANS_KEPT = timedelta(days=28)
DRAWINGS_KEPT = timedelta(days=7)


def replaced_plans(now: datetime) -> QuerySet[Proposal]:
    """Plans that were replaced long ago; the latest of a kind stays, since the next one begins from its settings."""
    later = Proposal.objects.filter(cycle=OuterRef("cycle"), kind=OuterRef("kind"), item__seq__gt=OuterRef("item__seq"))
    old = Proposal.objects.filter(state=Proposal.State.REPLACED, made_on__lte=(now - PLANS_KEPT).date())
    return old.filter(Exists(later))


def drop_replaced_plans() -> int:
    """Delete them; needs nobody's key. How many there were."""
    with transaction.atomic():
        old = list(replaced_plans(timezone.now()).values_list("pk", "item_id"))
        Proposal.objects.filter(pk__in=[pk for pk, _item in old]).delete()
        Item.objects.filter(pk__in=[item for _pk, item in old]).delete()
    return len(old)


def old_drawings(now: datetime) -> QuerySet[Drawing]:
    """Plans that were drawn up long ago and that nobody has looked at."""
    return Drawing.objects.filter(begun_at__lte=now - DRAWINGS_KEPT)


def drop_old_drawings() -> int:
    """Delete them. How many there were."""
    return old_drawings(timezone.now()).delete()[0]


def drop_drawings(programme_id: UUID) -> None:
    """Delete what is drawn up in a programme: its letters hold ids of people. Part of erasing."""
    Drawing.objects.filter(cycle__programme=programme_id).delete()


def trim_lists(programme: Programme, *, actor: Person) -> None:
    """Take whoever is not here any more off keep-apart lists and plans. Error: `CannotOpen`."""
    require(rules.may_trim_lists(actor, programme))
    with transaction.atomic():
        locked = Programme.objects.select_for_update().get(pk=programme.pk)
        apart = list(KeepApart.objects.filter(programme=locked).select_related("item"))
        plans = list(Proposal.objects.filter(cycle__programme=locked).select_related("item"))
        open_all(apart, plans)
        known = _known(locked)
        for rule in apart:
            _trim_rule(rule, known)
        for plan in plans:
            words = {"plan": plan.plan, "reasons": plan.reasons}
            if (kept := _without_strangers(words, known)) != words:
                plan.rewrite(**kept)
        locked.lists_outdated = False
        locked.save(update_fields=["lists_outdated"])
        record("lists.trimmed", locked, actor=actor)
    programme.lists_outdated = False


def _trim_rule(rule: KeepApart, known: set[str]) -> None:
    people = [person for person in rule.people if person in known]
    if len(people) == len(rule.people):
        return
    if len(people) > 1:
        rule.rewrite(people=people)
        return
    # Nobody can be kept apart from nobody.
    item = rule.item
    rule.delete()
    item.delete()


def _known(programme: Programme) -> set[str]:
    """The ids that may stand in a list: of people, groups and places that exist."""
    models = (Person, Group, Venue)
    ids = (model._default_manager.filter(programme=programme).values_list("pk", flat=True) for model in models)  # noqa: SLF001  Django's public name for it
    return {str(pk) for some in ids for pk in some}


def _without_strangers(words: Any, known: set[str]) -> Any:
    """The same JSON without ids that lead nowhere: out of lists, and with whatever names one of them."""
    if isinstance(words, dict):
        return {key: _without_strangers(value, known) for key, value in words.items() if not _strange(key, known)}
    if isinstance(words, list | tuple):
        return [_without_strangers(one, known) for one in words if not _names_strangers(one, known)]
    return words


def _names_strangers(one: Any, known: set[str]) -> bool:
    values = one.values() if isinstance(one, dict) else [one]
    return any(_strange(value, known) for value in values)


def _strange(value: Any, known: set[str]) -> bool:
    if not isinstance(value, str) or value in known:
        return False
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False
