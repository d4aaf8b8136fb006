"""Ground rules: anybody in the group proposes them, everybody agrees, and again when somebody joins (handbook F22)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from wayhouse.audit.record import record
from wayhouse.conversations import rules
from wayhouse.conversations.models import Agreement, GroundRules
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.core.prepared import prepared
from wayhouse.crypto import items, scopes
from wayhouse.crypto.models import Item
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Group, Seat
from wayhouse.people.models import Person

MOST_LINES, LONGEST_LINE = 20, 200


class Replaced(Exception):  # noqa: N818  an answer to a person, not a fault
    """These ground rules were only proposed, and others took their place."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one version stands: how many agree, of how many, how many want to talk, and what the reader said."""

    rules: GroundRules
    agree: int
    of: int
    talk: int
    # None: nothing yet, or it has to be said again because somebody joined.
    mine: bool | None

    @property
    def is_agreed(self) -> bool:
        """Everybody who sits there now agrees."""
        return self.agree == self.of


def propose_rules(group: Group, lines: Sequence[str], *, actor: Person) -> GroundRules:
    """Propose ground rules; a proposal that waited before goes. Who proposes agrees."""
    require(rules.may_write(actor, group))
    with transaction.atomic():
        scopes.lock(group.scope)
        for before in GroundRules.objects.filter(group=group, agreed_on=None).select_related("item"):
            said = list(before.agreements.values_list("item_id", flat=True))
            before.delete()
            Item.objects.filter(pk__in=[before.item_id, *said]).delete()
        latest = GroundRules.objects.filter(group=group).order_by("-version").first()
        # About nobody: they stay when whoever proposed them is erased. Standing: a newcomer reads them first of all.
        item = items.seal(group.scope, "ground_rules", {"lines": list(lines)})
        made = GroundRules.objects.create(
            item=item, group=group, version=latest.version + 1 if latest else 1, proposed_on=clock.today()
        )
        record("rules.proposed", made, actor=actor, version=made.version)
        answer_rules(made, group, agrees=True, actor=actor)
    return made


def answer_rules(found: GroundRules, group: Group, *, agrees: bool, actor: Person) -> None:
    """Agree, or say that one wants to talk about them; no reason is asked. A second answer replaces the first.

    Error: `Replaced` where others were proposed meanwhile.
    """
    require(rules.may_enter(actor, group) and found.group_id == group.pk)
    with transaction.atomic():
        scopes.lock(group.scope)
        held = GroundRules.objects.filter(pk=found.pk).first()
        if held is None:
            raise Replaced
        seats = active_seats(group)
        _say(held, group, sorted(str(seat.pk) for seat in seats), agrees=agrees, actor=actor)
        if held.agreed_on is None and standing_of(held, seats, actor).is_agreed:
            held.agreed_on = clock.today()
            held.save(update_fields=["agreed_on"])
        # Not which answer it was: that is nobody's business but the group's.
        record("rules.answered", held, actor=actor)


def standing_of(found: GroundRules, seats: Sequence[Seat], person: Person) -> Standing:
    """How a version stands among the seats taken now; one query and two to open, where it was not fetched along."""
    here = {seat.person_id for seat in seats}
    said = {row.person_id: row for row in found.agreements.all() if row.person_id in here and holds(row.seats, seats)}
    open_all(said.values())
    mine = said.get(person.pk)
    agree = sum(row.agrees for row in said.values())
    return Standing(found, agree, len(here), len(said) - agree, mine.agrees if mine else None)


def _say(held: GroundRules, group: Group, seats: list[str], *, agrees: bool, actor: Person) -> None:
    before = Agreement.objects.select_related("item").filter(rules=held, person=actor).first()
    if before is None:
        item = items.seal(group.scope, "agreement", {"agrees": agrees}, subject_id=actor.pk)
        Agreement.objects.create(item=item, rules=held, person=actor, seats=seats)
        return
    before.rewrite(agrees=agrees)
    before.seats = seats
    before.save(update_fields=["seats"])


def active_seats(group: Group) -> list[Seat]:
    """The seats of those who take part now. Nobody waits for somebody who takes a break, or has no account yet."""
    return _active_seats(group=group.pk)


@prepared
def _active_seats(group: UUID) -> QuerySet[Seat]:
    seats = Seat.objects.current().filter(group=group, person__status=Person.Status.ACTIVE, person__user__isnull=False)
    return seats.select_related("item", "person")


def holds(among: Collection[str] | None, seats: Sequence[Seat]) -> bool:
    """Whether an answer that was given among these seats still holds: nobody sits there who was not among them."""
    active = (seat for seat in seats if seat.person.status == Person.Status.ACTIVE)
    return among is not None and all(str(seat.pk) in among for seat in active)
