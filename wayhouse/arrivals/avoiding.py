"""Whom somebody must not meet: names that they enter, compared blind with the roster.

What matches becomes a keep-apart like any other, which formation and rota obey; nobody is told that anything matched.
"""

from contextlib import suppress
from itertools import chain
from uuid import UUID

from django.db import transaction

from wayhouse.arrivals import rules
from wayhouse.arrivals.matching import are_the_same, may_be_the_same
from wayhouse.arrivals.models import AvoidList
from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto import items, scopes
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Group, Seat
from wayhouse.people import reach
from wayhouse.people.entries import keep_apart, known_people, lock_roster
from wayhouse.people.models import KeepApart, Person, Programme
from wayhouse.people.roster.comparing import Known

KIND = "avoid"
# As many people as one list may keep somebody apart from: twice as many as it has names.
MOST_APART = 20


def list_of(person: Person) -> AvoidList | None:
    """Somebody's own list, if they have one."""
    return AvoidList.objects.select_related("item").filter(person=person).first()


def keep_list(person: Person, names: list[str], *, actor: Person) -> None:
    """Write down whom one must not meet; it takes the place of what stood there. Error: `CannotOpen`."""
    require(rules.may_keep_list(actor, person))
    with transaction.atomic():
        # One list for each person, also where the button was pressed twice.
        Person.objects.select_for_update().get(pk=person.pk)
        found = list_of(person)
        if found is None:
            scope = reach.share(KIND, person.programme.desk, [person])
            item = items.seal(scope, KIND, {"names": names}, subject_id=person.pk)
            AvoidList.objects.create(person=person, item=item)
        else:
            found.rewrite(names=names)
            found.compared = None
            found.save(update_fields=["compared"])
        record("avoid_list.kept", person, actor=actor)


def compare_lists(programme: Programme, *, actor: Person) -> None:
    """Compare every list that is new, or older than the roster, with the roster. Nothing tells what matched."""
    require(rules.may_compare_lists(actor, programme))
    with transaction.atomic():
        locked = lock_roster(programme)
        due = _held(programme)
        known = known_people(programme) if due else Known({})
        pairs = chain.from_iterable(_pairs(row, known) for row in due)
        keep_apart(programme, pairs)
        AvoidList.objects.filter(pk__in=[row.pk for row in due]).update(compared=locked.roster_revision)
        if due:
            record("avoid_lists.compared", actor=actor, lists=len(due))


def groups_not_for(person: Person) -> list[Group]:
    """In which groups somebody must not sit, opened; not because of whom. For coordinators."""
    rows = list(KeepApart.objects.filter(programme=person.programme_id).select_related("item"))
    open_all(rows)
    own = str(person.pk)
    others = {UUID(other) for row in rows if own in row.people for other in row.people} - {person.pk}
    seats = Seat.objects.current().filter(person__in=others)
    found = list(Group.objects.open().filter(seats__in=seats).select_related("item").distinct())
    open_all(found)
    return sorted(found, key=lambda group: group.name)


def forget_list(person: Person) -> None:
    """Somebody goes: their list goes, with its keys. Needs nobody's key."""
    with transaction.atomic():
        for row in AvoidList.objects.filter(person=person).select_related("item__scope"):
            row.delete()
            scopes.drop(row.item.scope)


def _held(programme: Programme) -> list[AvoidList]:
    """The lists to compare, held until the end, so that no name written meanwhile counts as compared."""
    rows = AvoidList.objects.due(programme.pk).select_for_update(of=("self",)).order_by("pk")
    held = list(rows.values_list("pk", flat=True))
    # Only now the words: they may have been written while another hand held the row.
    return list(AvoidList.objects.filter(pk__in=held).select_related("item").order_by("pk")) if held else []


def _pairs(row: AvoidList, known: Known) -> set[frozenset[str]]:
    own, names = str(row.person_id), list[str]()
    # One list that does not open must not keep the others from being compared.
    with suppress(CannotOpen):
        names = list(row.names)
    called = {who: str(words.get("name", "")) for who, words in known.entries.items() if who != own}
    matched = {who for who, theirs in called.items() if any(may_be_the_same(name, theirs) for name in names)}
    # Whoever is called just so comes first: names that many have must not keep somebody apart from everybody.
    certain = {who for who in matched if any(are_the_same(name, called[who]) for name in names)}
    nearest = sorted(certain) + sorted(matched - certain)
    return {frozenset({own, other}) for other in nearest[:MOST_APART]}
