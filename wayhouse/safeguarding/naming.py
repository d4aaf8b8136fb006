"""Naming later whom a concern is about, where whoever raised it was not sure. It stands in the record, with the reason.

Only somebody whom the one who names may know of: from another concern that they answer for, or from a group of theirs.
What the raiser reads stays as it was: they do not learn whom somebody else has in mind.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto.sealed import open_all
from wayhouse.people import reach
from wayhouse.people.models import Person
from wayhouse.safeguarding import parting, rules, steps
from wayhouse.safeguarding.models import Concern, Entry
from wayhouse.safeguarding.refusals import ConcernsYou

NAMED = "named"
# Nobody else is meant where somebody told it about themselves, or named whom it is about; a drill is about nobody.
_OPEN = frozenset({"unsure", "staff"})
_MOST = 100


def may_be_named(concern: Concern) -> bool:
    """Whether it is open whom a concern is about. It must be open to whoever asks."""
    return not concern.is_over and not concern.about_person and concern.about in _OPEN


def people_known_to(actor: Person) -> dict[str, str]:
    """Names by the ids of those who are known from concerns that somebody answers for; two queries."""
    visible = Concern.objects.visible_to(actor).filter(is_drill=False)
    found = list(visible.select_related("item").order_by("-week", "pk")[:_MOST])
    open_all(found)
    return {one.about_person: one.about_name for one in reversed(found) if one.about_person and one.about_name}


def name_person(concern: Concern, person_id: str, reason: str, *, known: Mapping[str, str], actor: Person) -> None:
    """Write down whom it is about. They do not read it from now on. `known`: the names of those who may be chosen.

    Another naming takes the place of an earlier one. Error: `ConcernsYou` where it would be oneself.
    """
    require(rules.may_answer(actor, concern) and bool(reason.strip()) and person_id in known)
    if person_id == str(actor.pk):
        raise ConcernsYou
    with transaction.atomic():
        # Whoever writes a message holds its keys first, and then names the concern.
        rows = Concern.objects.select_for_update(of=("self",), no_key=True)
        locked = rows.select_related("programme", "item", "scope", "own_scope").get(pk=concern.pk)
        open_all([locked])
        require(may_be_named(locked))
        person = Person.objects.get(pk=UUID(person_id), programme=locked.programme_id)
        steps.write_down(
            locked, NAMED, {"person": person_id, "name": known[person_id], "reason": reason.strip()}, actor=actor
        )
        _keep_from(locked, person)
        record("concern.named", locked, actor=actor)


def named_in(concern: Concern, entries: Iterable[Entry] | None = None) -> tuple[str, str] | None:
    """Id and name of whom it is about, from the raiser or named later; None where that is open. Opens its record."""
    if concern.about_person:
        return concern.about_person, concern.about_name
    if concern.about not in _OPEN:
        return None
    if entries is None:
        entries = list(concern.entries.select_related("item").order_by("item__seq"))
        open_all(entries)
    named = [entry for entry in entries if entry.what == NAMED and not entry.struck]
    return (named[-1].fields["person"], named[-1].fields["name"]) if named else None


def _keep_from(concern: Concern, person: Person) -> None:
    """Whom it is about reads no more of it, also somebody who answers; nobody lets them in again."""
    concern.rewrite(kept_from=sorted({*concern.kept_from, str(person.pk)}))
    if not concern.scope.belongings.filter(person=person).exists():
        return
    reach.show_out(concern.scope, person)
    reach.show_out(concern.own_scope, person)
    Concern.objects.filter(pk=concern.pk, held_by=person).update(held_by=None)
    parting.watch_readers(concern)
