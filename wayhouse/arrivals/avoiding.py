"""Whom somebody must not meet: names that they enter, compared blind with the roster.

What matches becomes a keep-apart like any other, which formation and rota obey; nobody is told that anything matched.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from wayhouse.arrivals import rules
from wayhouse.arrivals.matching import are_the_same, may_be_the_same
from wayhouse.arrivals.models import AvoidList
from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.core.prepared import prepared
from wayhouse.crypto import items, scopes
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Group, Seat
from wayhouse.people import reach
from wayhouse.people.entries import keep_apart, known_people, lock_roster
from wayhouse.people.models import KeepApart, Person, Programme
from wayhouse.people.roster.comparing import Known

KIND = "avoid"
# As many people as somebody's lists keep them apart from, for good: twice as many as one list has names.
MOST_APART = 20
# As many new names as one may write down within so long, so that nobody finds out by asking who is here.
MOST_NEW, NEW_WITHIN = 20, timedelta(days=90)


class TooManyNew(Exception):  # noqa: N818  an answer to a person, not a fault
    """So many names were changed lately that no new one is taken now; nothing was changed."""


def list_of(person: Person) -> AvoidList | None:
    """Somebody's own list, if they have one."""
    return AvoidList.objects.select_related("item").filter(person=person).first()


def keep_list(person: Person, names: list[str], *, actor: Person) -> None:
    """Write down whom one must not meet; it takes the place of what stood there.

    Errors: `CannotOpen`; `TooManyNew`.
    """
    require(rules.may_keep_list(actor, person))
    with transaction.atomic():
        # One list for each person, also where the button was pressed twice.
        Person.objects.select_for_update().get(pk=person.pk)
        found = list_of(person)
        new_on = _new_on(found, names)
        if found is None:
            scope = reach.share(KIND, person.programme.desk, [person])
            item = items.seal(scope, KIND, {"names": names, "new_on": new_on}, subject_id=person.pk)
            AvoidList.objects.create(person=person, item=item)
        else:
            found.rewrite(names=names, new_on=new_on)
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
        named = _named(programme) if due else {}
        asked = {pair: str(row.person_id) for row in due for pair in _pairs(row, known, named)}
        keep_apart(programme, asked, asked_by=asked)
        AvoidList.objects.filter(pk__in=[row.pk for row in due]).update(compared=locked.roster_revision)
        if due:
            record("avoid_lists.compared", actor=actor, lists=len(due))


def groups_not_for(person: Person) -> list[Group]:
    """In which groups somebody must not sit, opened; not because of whom. For coordinators."""
    rows = _apart(programme=person.programme_id)
    open_all(rows)
    own = str(person.pk)
    others = {UUID(other) for row in rows if own in row.people for other in row.people} - {person.pk}
    found = _groups_with(people=tuple(others)) if others else []
    open_all(found)
    return sorted(found, key=lambda group: group.name)


@prepared
def _apart(programme: UUID) -> QuerySet[KeepApart]:
    return KeepApart.objects.filter(programme=programme).select_related("item")


@prepared
def _groups_with(people: tuple[UUID, ...]) -> QuerySet[Group]:
    seats = Seat.objects.current().filter(person__in=people)
    return Group.objects.open().filter(seats__in=seats).select_related("item").distinct()


def forget_list(person: Person) -> None:
    """Somebody goes: their list goes, with its keys. Needs nobody's key."""
    with transaction.atomic():
        for row in AvoidList.objects.filter(person=person).select_related("item__scope"):
            row.delete()
            scopes.drop(row.item.scope)


def _held(programme: Programme) -> list[AvoidList]:
    """The lists to compare, held until the end, so that no name written meanwhile counts as compared."""
    rows = AvoidList.objects.due().filter(person__programme=programme).select_for_update(of=("self",)).order_by("pk")
    held = list(rows.values_list("pk", flat=True))
    # Only now the words: they may have been written while another hand held the row.
    return list(AvoidList.objects.filter(pk__in=held).select_related("item").order_by("pk")) if held else []


def _named(programme: Programme) -> dict[str, set[str]]:
    """Whom the lists of each person have kept them apart from until now, whatever they say today."""
    rows = list(KeepApart.objects.filter(programme=programme).select_related("item"))
    open_all(rows)
    found: dict[str, set[str]] = {}
    for row in rows:
        if row.asked_by:
            found.setdefault(row.asked_by, set()).update(row.people)
    return {who: others - {who} for who, others in found.items()}


def _new_on(found: AvoidList | None, names: list[str]) -> list[str]:
    """The days on which new names were written that count still, with those of today. Error: `TooManyNew`."""
    today = clock.today()
    since = (today - NEW_WITHIN).isoformat()
    before = {name.casefold() for name in found.names} if found else set()
    counted = [day for day in found.new_on if day > since] if found else []
    new = sum(name.casefold() not in before for name in names)
    if new and len(counted) + new > MOST_NEW:
        raise TooManyNew
    return [*counted, *[today.isoformat()] * new]


def _pairs(row: AvoidList, known: Known, named: Mapping[str, set[str]]) -> set[frozenset[str]]:
    own, names = str(row.person_id), list[str]()
    # One list that does not open must not keep the others from being compared.
    with suppress(CannotOpen):
        names = list(row.names)
    called = {who: str(words.get("name", "")) for who, words in known.entries.items() if who != own}
    matched = {who for who, theirs in called.items() if any(may_be_the_same(name, theirs) for name in names)}
    # Whoever is called just so comes first: names that many have must not keep somebody apart from everybody.
    certain = {who for who in matched if any(are_the_same(name, called[who]) for name in names)}
    before = named.get(own, set())
    nearest = [who for who in sorted(certain) + sorted(matched - certain) if who not in before]
    return {frozenset({own, other}) for other in nearest[: max(0, MOST_APART - len(before))]}
