"""Erasing: the salt goes, so that nothing sealed opens again, in no backup either; then every row, and the account.

Needs nobody's key. GDPR Art. 17; NIST SP 800-88 Rev. 1 section 2.5 (cryptographic erase); practice handbook 4.4.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from wayhouse.accounts.actions import close_account, lock_account
from wayhouse.accounts.models import User
from wayhouse.arrivals.avoiding import forget_list
from wayhouse.arrivals.models import Voice
from wayhouse.arrivals.removing import forget_voices
from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.crypto import scopes, shred
from wayhouse.crypto.models import Item, Scope
from wayhouse.crypto.sealed import delete_about
from wayhouse.groups.forgetting import drop_drawings
from wayhouse.leaving.rules import KEPT_FOR
from wayhouse.meetings.parting import drop_past_cards
from wayhouse.notices.actions import forget
from wayhouse.people import holds, reach
from wayhouse.people.actions import PERSONAL
from wayhouse.people.importing import drop_drafts
from wayhouse.people.invitations import close_invitations
from wayhouse.people.models import Person, Programme, Role
from wayhouse.people.way_back import end_ways_back
from wayhouse.safeguarding.conduct import CONDUCT
from wayhouse.safeguarding.safety_plan.writing import forget_plan


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an erasure leaves in somebody's hands: its number in the ledger, its day, how many sealed records it is for.

    Where a law holds them, the same stands here: whoever may not know of it must not see a difference, and nothing
    that is said beside it may be untrue then.
    """

    number: int
    day: date
    records: int


def carry_out(person: Person) -> Receipt:
    """Erase a person who holds no keys of others any more. Call it in a transaction, with the log written."""
    # As an entry of the ledger it is carried out again after a restore.
    entry = shred.shred(person.pk)
    forget_list(person)
    forget_plan(person)
    forget_voices(Voice.objects.filter(person=person))
    # Whoever left is out already; after a restore somebody may be in again.
    for scope in Scope.objects.filter(belongings__person=person).exclude(kind=PERSONAL).order_by("pk"):
        reach.show_out(scope, person)
    drop_drafts(person.programme)
    # Sealed to the coordinators: the next of them takes the id off.
    Programme.objects.filter(pk=person.programme_id).update(lists_outdated=True)
    drop_drawings(person.programme_id)
    drop_past_cards(person)
    close_invitations(person)
    end_ways_back(person)
    forget(person.pk)
    holds.forget(person.pk)
    account = person.user
    own = Q(kind=PERSONAL, belongings__person=person) | Q(
        kind__in=[reach.BETWEEN, CONDUCT], items__subject_id=person.pk
    )
    personal = list(Scope.objects.filter(own).distinct())
    records = delete_about(person.pk)
    person.delete()
    for scope in personal:
        scopes.drop(scope)
    if account is not None:
        _close_if_unused(account)
    transaction.on_commit(shred.scrub)
    return Receipt(entry.pk if entry else 0, clock.today(), records)


def put_away(person: Person) -> Receipt:
    """Erasing waits for the end of a hold: until then nobody signs in as them, and no page of anybody knows them.

    Their words to a group or to a mentor are closed from now on (`holds.closed_ids`); nothing in clear says so.
    Call it in a transaction, with the row of the person locked.
    """
    holds.wait_with_erasing(person.pk)
    drop_past_cards(person)
    Role.objects.filter(person=person, until_on=None).update(until_on=timezone.localdate())
    account = person.user
    if account is not None and not account.people.exclude(pk=person.pk).exists():
        lock_account(account)
    records = Item.objects.filter(subject_id=person.pk).count()
    return Receipt(shred.reserve(), clock.today(), records)


def erase_overdue(keep: Collection[UUID] = ()) -> int:
    """Erase everybody who left long enough ago; how many there were. Those of `keep` are put away instead."""
    due = overdue(timezone.now())
    for pk in (
        due.filter(pk__in=keep, roles__isnull=False, roles__until_on=None).values_list("pk", flat=True).distinct()
    ):
        _put_away_alone(pk)
    due = due.exclude(pk__in=keep)
    return sum(_erase_alone(pk, due) for pk in due.values_list("pk", flat=True))


def finish_erasures() -> int:
    """After a restore: whoever the ledger erased has no salt, and what came back of them goes. How many there were."""
    gone = Person.objects.exclude(pk__in=shred.salted())
    return sum(_erase_alone(pk, gone) for pk in gone.values_list("pk", flat=True))


def overdue(now: datetime) -> "QuerySet[Person]":
    """Who left long enough ago at a moment, and at once who never came in: nobody without an account comes back.

    Whoever coordinates again has come back, whatever the status says: the locks of the desk would stay.
    """
    coordinates = Role.objects.filter(person=OuterRef("pk"), kind=Role.Kind.COORDINATOR, until_on=None)
    long_ago = Q(status_on__lte=timezone.localdate(now) - KEPT_FOR)
    left = Person.objects.filter(long_ago | Q(user=None), status=Person.Status.LEFT)
    return left.exclude(Exists(coordinates))


def _erase_alone(person_id: UUID, still: "QuerySet[Person]") -> bool:
    """Erase one of `still`, as long as they are one: somebody may come back while the list is worked through."""
    with transaction.atomic():
        locked = Person.objects.select_for_update().filter(pk=person_id).first()
        # Whoever places a hold holds the row as well: what is held by now is not erased.
        if locked is None or holds.holds_of(person_id) or not still.filter(pk=person_id).exists():
            return False
        record("person.erased", locked)
        carry_out(locked)
    return True


def _put_away_alone(person_id: UUID) -> None:
    with transaction.atomic():
        held = Person.objects.select_for_update().filter(pk=person_id, status=Person.Status.LEFT).first()
        if held is not None and holds.holds_of(person_id):
            record("erasing.postponed", held)
            put_away(held)


def _close_if_unused(account: User) -> None:
    if not account.people.exists():
        close_account(account)
