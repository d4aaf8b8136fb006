"""What holds at every moment, whatever was interrupted: asked of the database as it lies there, with real keys."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection
from django.db.models import F, Max, Q

from conftest import PASSPHRASE
from wayhouse.accounts.models import User
from wayhouse.arrivals.models import Contact
from wayhouse.audit.heads import latest_head, require_whole_log
from wayhouse.audit.models import AuditDetail, AuditLeaf, AuditState
from wayhouse.audit.proofs import DamagedLogError, consistency_proof
from wayhouse.audit.tree import verify_consistency
from wayhouse.crypto import desks, items
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.models import Envelope, Item, Keyholder, Membership, Scope, Shred, Slot
from wayhouse.crypto.sealed import sealed_models
from wayhouse.crypto.slots import open_with_passphrase
from wayhouse.mentoring.asked import Exchange, Question
from wayhouse.people.models import Away, Belonging, Invitation, Person, Programme, WayBack
from wayhouse.safeguarding.models import Concern, ConductStep, HalfKey, PlanOpening, SafetyPlan

# What an act changes the passphrase to.
ANOTHER = "another six plain words for it"


def broken() -> list[str]:
    """Every sentence that does not hold; none where all is well."""
    found = [*damage(), *_scopes(), *_envelopes(), *_belongings(), *_people(), *_rows(), *_log()]
    # With damaged tables nothing below says more.
    return found or list(_words())


def damage() -> list[str]:
    """What the database itself finds wrong with its files and references."""
    found = []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            answers = [row[0] for row in cursor.execute("PRAGMA integrity_check").fetchall()]
        found += [f"the file is damaged: {answer}" for answer in answers if answer != "ok"]
    try:
        connection.check_constraints()
    except IntegrityError as error:
        found.append(f"a reference leads nowhere: {error}")
    return found


def shape() -> dict[str, int]:
    """How many rows each table has."""
    return {table: len(rows) for table, rows in _tables()}


def digest() -> str:
    """The whole database in one number: the same where not a byte of a row changed."""
    whole = hashlib.sha256()
    for table, rows in _tables():
        whole.update(f"{table} {sorted(rows)}".encode())
    return whole.hexdigest()


def keyrings(*passphrases: str) -> list[Keyring]:
    """The keys of every account that one of these passphrases opens, with the desks that they sit at."""
    found = []
    for user in User.objects.select_related("holder"):
        for words in passphrases:
            with suppress(CannotOpen):
                found.append(_keyring(user, open_with_passphrase(user.holder, words, user.username)))
    return found


def _tables() -> Iterator[tuple[str, list[str]]]:
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  names from the database itself
            yield table, [repr([_plain(value) for value in row]) for row in cursor.fetchall()]


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _scopes() -> Iterator[str]:
    found = Scope.objects.annotate(last=Max("items__seq"), newest=Max("items__epoch"))
    for kind, epoch, seq, begun, last, newest in found.values_list(
        "kind", "epoch", "seq", "epoch_seq", "last", "newest"
    ):
        if epoch < 1:
            yield f"a scope of kind {kind} has no epoch"
        # A number that was used twice the database refuses.
        if last is not None and last >= seq:
            yield f"a scope of kind {kind}: its items are numbered to {last} of {seq}"
        if (newest or 0) > epoch or begun > seq:
            yield f"a scope of kind {kind}: an item is newer than its epoch"
    unsalted = set(Scope.objects.values_list("pk", flat=True)) - set(Shred.objects.values_list("pk", flat=True))
    yield from (f"scope {pk} has no salt" for pk in unsalted)


def _envelopes() -> Iterator[str]:
    members = set(Membership.objects.values_list("scope_id", "holder_id"))
    every = Envelope.objects.annotate(now=F("scope__epoch")).values_list("scope_id", "holder_id", "epoch", "now")
    rows = list(every)
    if {(scope, holder) for scope, holder, epoch, now in rows if epoch == now} != members:
        yield "the envelopes of the present epochs are not those of the members"
    if not {(scope, holder) for scope, holder, _epoch, _now in rows} <= members:
        yield "somebody outside of a scope has an envelope of it"
    if any(epoch > now for _scope, _holder, epoch, now in rows):
        yield "an envelope is newer than its scope"


def _own_plans() -> "Iterator[Iterable[tuple[Any, Any]]]":
    """Scope and holder of everybody's own plan, of the halves of its copy, and of who opened that."""
    yield SafetyPlan.objects.values_list("item__scope", "person__user__holder")
    yield HalfKey.objects.values_list("item__scope", "copy__person__user__holder")
    yield PlanOpening.objects.values_list("item__scope", "person__user__holder")


def _masks() -> "Iterator[Iterable[tuple[Any, Any]]]":
    yield Question.objects.values_list("scope", "holder")
    yield Exchange.objects.values_list("scope", "holder")
    yield Exchange.objects.values_list("scope", "question__holder")


def _belongings() -> Iterator[str]:
    members = set(Membership.objects.values_list("scope_id", "holder_id"))
    accounts = set(Belonging.objects.exclude(person__user=None).values_list("scope_id", "person__user__holder_id"))
    # Who is away belongs to their group and has no keys of it.
    for had, holder in Away.objects.values_list("had", "person__user__holder_id"):
        accounts -= {(UUID(scope), holder) for scope in had}
    waiting = Belonging.objects.filter(person__user=None)
    open_ones = waiting.filter(person__invitations__in=Invitation.objects.open())
    # What ran out keeps its keys until the next hour.
    any_invited = {*waiting.values_list("scope_id", "person__invitations__holder_id")}
    desks_of = set(Keyholder.objects.filter(kind=Keyholder.Kind.DESK).values_list("pk", flat=True))
    # Whoever wrote without a name has the keys of what they wrote, and no others.
    strangers = set(Contact.objects.values_list("scope_id", "holder_id"))
    # Masks have the keys of what was asked and answered without a name.
    strangers |= {row for rows in _masks() for row in rows}
    present = {(scope, holder) for scope, holder in members if holder not in desks_of} - strangers
    yield from (f"{who} wrote something and cannot open it" for who in strangers - members)
    # Whoever raised a concern, or was told a step, is in no list: only the keys tell who it was.
    raised = {
        *Concern.objects.values_list("own_scope", flat=True),
        *ConductStep.objects.values_list("scope", flat=True),
    }
    told = {(scope, holder) for scope, holder in members if scope in raised}
    # Whose plan it is holds its keys in no list, so that no role that ends takes them.
    owned = {row for rows in _own_plans() for row in rows}
    yield from (f"{who} has a plan and cannot open it" for who in owned - members)
    told |= owned
    expected = {*accounts, *open_ones.values_list("scope_id", "person__invitations__holder_id")}
    yield from (f"{who} belongs to a scope without its keys" for who in expected - present)
    yield from (f"{who} has keys to a scope without belonging" for who in present - {*accounts} - any_invited - told)


def _people() -> Iterator[str]:
    slots = Q(slots__kind=Slot.Kind.PASSPHRASE)
    if Keyholder.objects.filter(kind=Keyholder.Kind.ACCOUNT).exclude(slots).exists():
        yield "an account has no passphrase"
    if Keyholder.objects.filter(kind=Keyholder.Kind.ACCOUNT).exclude(slots__kind=Slot.Kind.RECOVERY).exists():
        yield "an account has no recovery code"
    if Keyholder.objects.filter(kind=Keyholder.Kind.ACCOUNT, user=None).exists():
        yield "a key pair belongs to no account"
    if Keyholder.objects.filter(kind=Keyholder.Kind.INVITATION, invitation=None, concern=None).exists():
        yield "a key pair belongs to no invitation"
    if Keyholder.objects.filter(kind=Keyholder.Kind.DESK, programme=None).exists():
        yield "a key pair belongs to no desk"
    if User.objects.filter(people=None).exists():
        yield "an account belongs to nobody"


def _rows() -> Iterator[str]:
    """Every sealed record belongs to a row, and each to one."""
    named = [pk for model in sealed_models() for pk in model._default_manager.values_list("item_id", flat=True)]
    named += Programme.objects.values_list("desk_item_id", flat=True)
    named += WayBack.objects.exclude(item=None).values_list("item_id", flat=True)
    if len(named) != len(set(named)):
        yield "a sealed record belongs to two rows"
    # A profile that an invitation made anew leaves its record behind in a scope without anybody.
    alone = Item.objects.exclude(pk__in=named).exclude(scope__memberships=None)
    yield from (f"a sealed record of kind {kind} belongs to no row" for kind in alone.values_list("kind", flat=True))


def _log() -> Iterator[str]:
    if not AuditState.objects.exists():
        return
    try:
        require_whole_log()
    except DamagedLogError as error:
        yield f"the log: {error}"
        return
    if AuditDetail.objects.count() != AuditLeaf.objects.count():
        yield "an entry of the log has no detail"
    state, head = AuditState.objects.get(), latest_head()
    if head and head.size and not _continues(head.size, bytes(head.root), state):
        yield "the log does not continue its last head"


def _continues(size: int, root: bytes, state: AuditState) -> bool:
    proof = consistency_proof(size, state.size)
    return verify_consistency(size, state.size, root, state.root, proof)


def _words() -> Iterator[str]:
    """Each account opens with one passphrase, and each record for somebody who is there."""
    rings = keyrings(PASSPHRASE, ANOTHER)
    if len(rings) != User.objects.count():
        yield f"{len(rings)} passphrases open {User.objects.count()} accounts"
    opened = {pk for ring in rings for pk in _opened_by(ring)}
    salted = Item.objects.filter(subject_id__in=Shred.objects.values("pk"))
    # Whoever is invited reads later; until then only those with an account do.
    closed = salted.filter(scope__memberships__holder__kind=Keyholder.Kind.ACCOUNT).exclude(pk__in=opened)
    yield from (f"a record of kind {kind} opens for nobody" for kind in set(closed.values_list("kind", flat=True)))
    people = set(Person.objects.values_list("pk", flat=True))
    erased = people - set(Shred.objects.values_list("pk", flat=True))
    if Item.objects.filter(pk__in=opened, subject_id__in=erased).exists():
        yield "a record about somebody erased opens"


def _opened_by(ring: Keyring) -> Iterable[Any]:
    holders = list(ring._secrets)
    with use(ring):
        found = list(Item.objects.filter(scope__memberships__holder__in=holders).distinct())
        ring.load({item.scope_id for item in found}, {item.subject_id for item in found})
        for item in found:
            with suppress(CannotOpen):
                items.words_of(item)
                yield item.pk


def _keyring(user: User, secret: bytes) -> Keyring:
    ring = Keyring(user.holder_id, secret)
    for person in user.people.select_related("programme__desk_item", "programme__desk"):
        if person.is_coordinator:
            with use(ring):
                desks.sit_down(ring, person.programme.desk_item, person.programme.desk)
    return ring
