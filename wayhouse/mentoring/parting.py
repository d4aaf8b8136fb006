"""How threads end by themselves: a role ends, somebody leaves, half a year of silence; and when their words go."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.crypto import scopes, shred
from wayhouse.crypto.models import Item, Scope
from wayhouse.mentoring.asked import ASKED_FOR
from wayhouse.mentoring.asking import drop_question
from wayhouse.mentoring.models import READ_FOR, Letter, Pair, Question, Side
from wayhouse.people.models import Person, Role

KEPT_FOR = READ_FOR
SILENT_FOR = timedelta(days=182)


def scopes_of_role(person: Person, ended: str) -> "QuerySet[Scope]":
    """The threads in which somebody was in a role that has just ended: their keys go with it."""
    side = {Role.Kind.MENTOR: "mentor", Role.Kind.MEMBER: "member"}.get(Role.Kind(ended))
    if side is None or Role.objects.filter(person=person, kind=ended, until_on=None).exists():
        return Scope.objects.none()
    return Scope.objects.filter(**{f"pair__{side}": person})


def over(now: datetime) -> QuerySet[Pair]:
    """Threads that have ended by themselves and have no day yet, and those that are silent for too long."""
    silent = Pair.objects.filter(last_on__lte=timezone.localdate(now) - SILENT_FOR).values("pk")
    going = Pair.objects.going().exclude(pk__in=silent)
    return Pair.objects.filter(ended_on=None).exclude(pk__in=going.values("pk"))


def end_threads() -> int:
    """Put the day to threads that have ended by themselves, and end those that are silent; how many there were."""
    ended = 0
    for pk in list(over(clock.now()).values_list("pk", flat=True)):
        with transaction.atomic():
            locked = Pair.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            if locked is not None and over(clock.now()).filter(pk=pk).exists():
                locked.ended_on = clock.today()
                locked.save(update_fields=["ended_on"])
                record("pair.ended", locked)
                ended += 1
    return ended


def old_pairs(now: datetime) -> QuerySet[Pair]:
    """Threads that ended long enough ago at a moment, those of nobody, and those that a restore brought back."""
    long_ago = Q(ended_on__lte=timezone.localdate(now) - KEPT_FOR)
    return Pair.objects.filter(long_ago | Q(member=None, mentor=None) | ~Q(scope__in=shred.salted()))


def drop_old_pairs(keep: Collection[UUID] = ()) -> int:
    """Erase them with their keys; of those of these people only what the other one wrote. How many went whole."""
    due = old_pairs(clock.now())
    for pk in list(due.filter(Q(member__in=keep) | Q(mentor__in=keep)).values_list("pk", flat=True)) if keep else ():
        _drop_part(pk, keep)
    free = due.exclude(member__in=keep).exclude(mentor__in=keep)
    return sum(_drop(pk) for pk in list(free.values_list("pk", flat=True)))


def old_questions(now: datetime) -> QuerySet[Question]:
    """Questions whose time is over at a moment, and those that a restore brought back."""
    over = Q(asked_on__lte=timezone.localdate(now) - ASKED_FOR)
    return Question.objects.filter(over | ~Q(scope__in=shred.salted()))


def drop_old_questions() -> int:
    """Erase them, with everything that was said to them; how many there were."""
    gone = 0
    for pk in list(old_questions(clock.now()).values_list("pk", flat=True)):
        with transaction.atomic():
            gone += drop_question(pk)
    return gone


def _drop_part(pair_id: UUID, keep: Collection[UUID]) -> None:
    """What is not held goes in its time: a clock stops for exactly whose records a law holds."""
    with transaction.atomic():
        scopes.lock(Pair.objects.select_related("scope").get(pk=pair_id).scope)
        for sealed in (Letter, Side):
            rows = sealed.objects.filter(pair=pair_id).exclude(person__in=keep)
            gone = list(rows.values_list("item_id", flat=True))
            rows.delete()
            Item.objects.filter(pk__in=gone).delete()


def _drop(pair_id: UUID) -> bool:
    with transaction.atomic():
        pair = Pair.objects.select_related("scope").select_for_update(of=("self",)).filter(pk=pair_id).first()
        if pair is None:
            return False
        record("pair.erased", pair)
        # As an entry of the ledger it is carried out again after a restore.
        shred.shred(pair.scope_id)
        for sealed in (Letter, Side):
            sealed.objects.filter(pair=pair).delete()
        pair.delete()
        scopes.drop(pair.scope)
    return True
