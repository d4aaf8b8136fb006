"""What is done with roster entries: put people on the roster, change what it says, keep people apart."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wayhouse.accounts.session_store import end_sessions
from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto import items, scopes
from wayhouse.crypto.models import Item
from wayhouse.crypto.sealed import open_all
from wayhouse.crypto.shred import add_subjects
from wayhouse.people import reach, rules
from wayhouse.people.ending import role_ending
from wayhouse.people.models import KeepApart, Person, Programme, Role, RosterEntry
from wayhouse.people.roster.comparing import Known, changes_between, merged

Words = Mapping[str, Any]
Pair = frozenset[str]
NO_ENTRY = -1
_BATCH = 500


class EntryMoved(Exception):  # noqa: N818  an answer to a person, not a fault
    """Somebody else changed this entry meanwhile; nothing was changed."""


class NameTaken(Exception):  # noqa: N818  an answer to a person, not a fault
    """Somebody else on the roster has this chosen name."""


class NobodyCalled(Exception):  # noqa: N818  an answer to a person, not a fault
    """A name that nobody, or more than one person, on the roster has."""


def enter_person(
    programme: Programme, said: Words, *, apart: Sequence[UUID] = (), actor: Person, key: UUID | None = None
) -> Person:
    """Put one person on the roster, with the role it says. Error: `NameTaken`.

    The same `key` a second time gives whom it gave the first time.
    """
    require(rules.may_enter_person(actor, programme))
    with transaction.atomic():
        locked = lock_roster(programme)
        known = Person.objects.filter(pk=key, programme=programme).first() if key else None
        if known is not None:
            return known
        words = merged({}, said)
        _refuse_taken(programme, words["name"], None)
        ids = [key] if key and not Person.objects.filter(pk=key).exists() else []
        person_id = enter_all(programme, [words], ids=ids)[0]
        keep_apart(programme, _pairs(person_id, apart))
        count_change(locked)
        person = Person.objects.get(pk=person_id)
        record("person.entered", person, actor=actor)
    return person


def change_entry(person: Person, said: Words, *, version: int, apart: Sequence[UUID] = (), actor: Person) -> None:
    """Change what the roster says about somebody, who gets an entry where there is none yet.

    `version` is the number of the sealed record that was shown (-1: none). Errors: `EntryMoved`, `NameTaken`.
    """
    require(rules.may_change_entry(actor, person))
    with transaction.atomic():
        locked = lock_roster(person.programme)
        entry = RosterEntry.objects.filter(person=person).select_related("item").first()
        if version != (entry.item.seq if entry else NO_ENTRY):
            raise EntryMoved
        before = entry.as_words() if entry else {}
        words = merged(before, said)
        if words["name"] != before.get("name"):
            _refuse_taken(person.programme, words["name"], person.pk)
        if entry:
            entry.rewrite(**words)
            change_roles({person.pk: (entry_role(before), words["role"])}, actor=actor)
        else:
            item = items.seal(person.programme.placement, "roster", words, subject_id=person.pk)
            RosterEntry.objects.create(person=person, item=item)
        keep_apart(person.programme, _pairs(person.pk, apart))
        count_change(locked)
        record("entry.changed", person, actor=actor, words=len(changes_between(before, words)))


def known_people(programme: Programme) -> Known:
    """Everybody on the roster, opened; people who left are not known any more."""
    rows = RosterEntry.objects.filter(person__programme=programme).exclude(person__status=Person.Status.LEFT)
    entries = list(rows.select_related("item"))
    open_all(entries)
    return Known({str(entry.person_id): entry.as_words() for entry in entries})


def people_called(programme: Programme, names: Sequence[str]) -> list[UUID]:
    """The people with these chosen names. Error: `NobodyCalled`, which does not say which name it was."""
    if not names:
        return []
    known = known_people(programme)
    found = [known.called(name) for name in names]
    if any(len(people) != 1 for people in found):
        raise NobodyCalled
    return [UUID(people[0]) for people in found]


def lock_roster(programme: Programme) -> Programme:
    """The programme as it stands now, locked until the transaction ends: one change of a roster at a time."""
    return Programme.objects.select_for_update().get(pk=programme.pk)


def count_change(locked: Programme) -> None:
    """The roster is another one now: drafts compared with the old one can no longer be imported."""
    locked.roster_revision += 1
    locked.rows_unsealed = True
    locked.save(update_fields=["roster_revision", "rows_unsealed"])


def enter_all(programme: Programme, entries: Sequence[Words], *, ids: Sequence[UUID] = ()) -> list[UUID]:
    """People, salts, roles and sealed entries, in the order given. The ids of the people, made here unless given."""
    ids = list(ids) or [uuid4() for _words in entries]
    Person.objects.bulk_create([Person(pk=pk, programme=programme) for pk in ids], batch_size=_BATCH)
    add_subjects(ids)
    roles = [Role(person_id=pk, kind=words["role"]) for pk, words in zip(ids, entries, strict=True)]
    Role.objects.bulk_create(roles, batch_size=_BATCH)
    sealed = items.seal_all(programme.placement, "roster", list(zip(ids, entries, strict=True)))
    rows = [RosterEntry(item=item, person_id=pk) for item, pk in zip(sealed, ids, strict=True)]
    RosterEntry.objects.bulk_create(rows, batch_size=_BATCH)
    return ids


def rewrite_all(programme: Programme, entries: Mapping[UUID, Words]) -> None:
    """Replace the words of many entries."""
    scope = scopes.lock(programme.placement)
    opened: list[Item] = []
    for ids in _batches(list(entries)):
        for entry in RosterEntry.objects.filter(person_id__in=ids).select_related("item"):
            entry.item.opened = dict(entries[entry.person_id])
            opened.append(entry.item)
    items.reseal_all(scope, opened)


def change_roles(changes: Mapping[UUID, tuple[str, str]], *, actor: Person) -> None:
    """End the role that the roster named before and begin the one it names now: (before, after) for each person.

    What ends takes its keys and the sessions of the person with it, as in `actions.end_role`. Roles that were given
    otherwise stay. Errors: `ValueError` for coordinators, whose locks have to be changed: no roster makes or ends one;
    `StillNeeded`, and nothing has changed once the transaction of the caller is undone.
    """
    if any(Role.Kind.COORDINATOR in change and len(set(change)) > 1 for change in changes.values()):
        raise ValueError("a roster neither makes nor ends a coordinator")
    for change in set(changes.values()):
        before, after = change
        if before == after:
            continue
        for ids in _batches([pk for pk, one in changes.items() if one == change]):
            current = Role.objects.filter(person_id__in=ids, until_on=None)
            ending = set(current.filter(kind=before).values_list("person_id", flat=True))
            _announce(current.filter(kind=before), actor)
            current.filter(kind=before).update(until_on=timezone.localdate())
            # Before the next role begins: it brings other keys. But a member's seat stays with whoever leads now.
            if before != Role.Kind.MEMBER:
                _part_with(ending, before, actor)
            holding = set(current.filter(kind=after).values_list("person_id", flat=True))
            Role.objects.bulk_create(Role(person_id=pk, kind=after) for pk in ids if pk not in holding)
            if before == Role.Kind.MEMBER:
                _part_with(ending, before, actor)


def _announce(ending: QuerySet[Role], actor: Person) -> None:
    for role in ending.filter(kind__in=reach.WITH_KEYS).select_related("person").order_by("pk"):
        role_ending.send(Role, role=role, actor=actor)


def _part_with(people: Iterable[UUID], role: str, actor: Person) -> None:
    parting = set(people)
    inside = reach.opened_by(role, parting)
    for person in Person.objects.filter(pk__in=parting).select_related("user").order_by("pk"):
        if person.pk in inside:
            reach.give_up_keys(person, role)
        if person.user_id and person.pk != actor.pk:
            end_sessions(person.user_id)


def keep_apart(programme: Programme, pairs: Iterable[Pair], *, asked_by: Mapping[Pair, str] | None = None) -> None:
    """Write down who must not meet; what is written already stays. Nothing tells which pairs were new.

    `asked_by`: of pairs that somebody named in a list of their own, the id of whoever did.
    """
    wanted = set(pairs)
    if not wanted:
        return
    rows = list(KeepApart.objects.filter(programme=programme).select_related("item"))
    open_all(rows)
    known = {frozenset(pair) for row in rows for pair in combinations(row.people, 2)}
    asked = asked_by or {}
    new = sorted(wanted - known, key=sorted)
    # Whether any was new or not.
    Programme.objects.filter(pk=programme.pk).update(shifts_unchecked=True)
    words = [(None, {"people": sorted(pair), "asked_by": asked.get(pair, "")}) for pair in new]
    sealed = items.seal_all(programme.placement, "keep_apart", words)
    KeepApart.objects.bulk_create([KeepApart(item=item, programme=programme) for item in sealed], batch_size=_BATCH)


def entry_role(words: Words) -> str:
    """The role an entry names."""
    return str(words.get("role", Role.Kind.MEMBER))


def _pairs(person_id: UUID, others: Iterable[UUID]) -> set[Pair]:
    return {frozenset({str(person_id), str(other)}) for other in others if other != person_id}


def _refuse_taken(programme: Programme, name: str, person_id: UUID | None) -> None:
    if any(found != str(person_id) for found in known_people(programme).called(name)):
        raise NameTaken


def _batches(ids: list[UUID]) -> Iterable[list[UUID]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
