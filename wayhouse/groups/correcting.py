"""Words of groups that were corrected. Rooms above that keep copies of them say so here, and write theirs first."""

from collections.abc import Callable, Mapping
from uuid import UUID

from wayhouse.crypto.models import Scope
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.locks import unlocked
from wayhouse.groups.models import Cycle, Group, Venue

# The words that change, by group.
Changes = Mapping[UUID, Mapping[str, str]]
_PLACE = ("name", "venue"), ("address", "address")
_COPIES: list[Callable[[Changes], None]] = []


def copied(renew: Callable[[Changes], None]) -> None:
    """Let a room above write its copies anew, in the transaction in which words of groups change."""
    _COPIES.append(renew)


def correct_words(changes: Changes) -> None:
    """Change words of groups everywhere. Call it in a transaction, before anything else is locked. `CannotOpen`."""
    # Whoever staffs an evening holds it first and writes to the group after that: so here, too.
    for renew in _COPIES:
        renew(changes)
    list(Scope.objects.select_for_update().filter(group__in=changes).order_by("pk"))
    # Only now the words: others of them may have been changed meanwhile.
    for group in Group.objects.filter(pk__in=changes).select_related("item").order_by("pk"):
        group.rewrite(**changes[group.pk])


def at_venue(venue: Venue, words: Mapping[str, object]) -> Changes:
    """What these words of a venue change for the groups that meet there and go on. Error: `CannotOpen`."""
    found = Group.objects.open().filter(programme=venue.programme_id).exclude(cycle__state=Cycle.State.ENDED)
    groups = list(found.select_related("item").order_by("pk"))
    open_all(groups)
    here = [group for group in groups if unlocked(group.cell).partition(":")[0] == str(venue.pk)]
    place = {ours: str(words[theirs]) for theirs, ours in _PLACE if theirs in words}
    new = {group.pk: {word: value for word, value in place.items() if getattr(group, word) != value} for group in here}
    return {group: changed for group, changed in new.items() if changed}
