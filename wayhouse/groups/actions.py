"""What is done with cycles, groups and seats."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto import items
from wayhouse.groups import rules
from wayhouse.groups.correcting import at_venue, correct_words
from wayhouse.groups.models import Cycle, Group, Seat, Venue
from wayhouse.groups.opening import NotReady, lacking_to_open
from wayhouse.people import reach
from wayhouse.people.models import Person, Programme

SCOPE = "group"
NOTHING_MORE: Mapping[str, str] = MappingProxyType({})


def begin_cycle(  # noqa: PLR0913  what a cycle is, and who begins it
    programme: Programme,
    *,
    pack: str,
    version: str,
    title: str,
    starts_on: date,
    weeks: int,
    actor: Person,
    key: UUID | None = None,
) -> Cycle:
    """Begin a cycle on a day; its groups are formed next. `key`: its id, where no other cycle has that."""
    require(rules.may_begin_cycle(actor, programme))
    with transaction.atomic():
        named = {"pk": key} if key and not Cycle.objects.filter(pk=key).exists() else {}
        cycle = Cycle.objects.create(
            programme=programme,
            pack=pack,
            pack_version=version,
            title=title,
            starts_on=starts_on,
            weeks=weeks,
            **named,
        )
        record("cycle.begun", cycle, actor=actor, weeks=weeks)
    return cycle


def open_group(
    cycle: Cycle,
    words: Mapping[str, Any],
    *,
    facilitators: Mapping[Person, str],
    members: Mapping[Person, str],
    actor: Person,
) -> Group:
    """Open a group with its first seats; the names are those its people will read.

    `words`: name, venue, address, online, language, kind, slot, cell. Error: `NotReady` where nobody would answer.
    """
    require(rules.may_form_groups(actor, cycle))
    programme = cycle.programme
    if lacking := lacking_to_open(programme):
        raise NotReady(lacking)
    with transaction.atomic():
        scope = reach.share(SCOPE, programme.desk, [*facilitators, *members])
        item = items.seal(scope, "group", words)
        group = Group.objects.create(item=item, programme=programme, cycle=cycle, scope=scope)
        _seat(group, facilitators, Seat.Role.FACILITATOR)
        _seat(group, members, Seat.Role.MEMBER)
        record("group.opened", group, actor=actor, members=len(members))
    return group


def take_seat(group: Group, person: Person, name: str, role: Seat.Role, *, actor: Person, late: str = "") -> Seat:
    """Give somebody a seat in a group that already meets. They read nothing that was written before.

    `late`: why between the weeks of the pack, sealed with the seat.
    """
    require(rules.may_form_groups(actor, group.cycle))
    with transaction.atomic():
        if role == Seat.Role.MEMBER:
            # First of all, as whoever looks at the shifts does: with no keys held meanwhile.
            Programme.objects.filter(pk=group.programme_id).update(shifts_unchecked=True)
        _end_lapsed(group, person)
        reach.let_in(group.scope, person)
        seat = _seat(group, {person: name}, role, {"late": late} if late else {})[0]
        record("seat.taken", seat, actor=actor, late=bool(late))
    return seat


def leave_group(seat: Seat, *, actor: Person) -> None:
    """Give up one's seat, at once and without a reason. Nothing written from now on opens for the person."""
    require(rules.may_leave_group(actor, seat))
    with transaction.atomic():
        _end(seat)
        record("seat.left", seat, actor=actor)


def give_up_seats(person: Person, *, actor: Person) -> None:
    """Give up every seat somebody has, at once and without a reason."""
    with transaction.atomic():
        for seat in Seat.objects.filter(person=person, until_on=None).select_related("group__scope", "person"):
            leave_group(seat, actor=actor)


def let_go_seat(seat: Seat) -> None:
    """Free the seat of somebody whose break lasts longer than it is held. They read nothing new, and are welcome."""
    require(rules.may_let_go(seat))
    with transaction.atomic():
        _end(seat)
        record("seat.let_go", seat)


def end_leading(group: Group, seats: Sequence[Seat], *, actor: Person) -> None:
    """End seats of people who lead a group no more. They read nothing that is written from now on."""
    require(rules.may_form_groups(actor, group.cycle))
    with transaction.atomic():
        leading = Seat.objects.filter(pk__in=[seat.pk for seat in seats], group=group, role=Seat.Role.FACILITATOR)
        leading.update(until_on=timezone.localdate())
        reach.show_out(group.scope, *(seat.person for seat in leading.select_related("person")))
        record("seats.ended", group, actor=actor, seats=len(seats))


def rename_group(group: Group, name: str, *, actor: Person) -> None:
    """Give a group another name, at once on everything that bears it."""
    require(rules.may_rename_group(actor, group))
    with transaction.atomic():
        correct_words({group.pk: {"name": name}})
        record("group.renamed", group, actor=actor)


def keep_venue(programme: Programme, words: Mapping[str, Any], *, actor: Person, venue: Venue | None = None) -> Venue:
    """Write down a venue, or change one; groups that meet there have its new name and address at once."""
    require(rules.may_keep_venues(actor, programme))
    with transaction.atomic():
        if venue is None:
            item = items.seal(programme.placement, "venue", words)
            venue = Venue.objects.create(item=item, programme=programme)
        else:
            if changes := at_venue(venue, words):
                correct_words(changes)
            venue.rewrite(**words)
        record("venue.kept", venue, actor=actor)
    return venue


def use_venue(venue: Venue, *, in_use: bool, actor: Person) -> None:
    """Offer a venue for new groups, or offer it no longer. Groups that meet there go on meeting there."""
    require(rules.may_keep_venues(actor, venue.programme))
    with transaction.atomic():
        venue.in_use = in_use
        venue.save(update_fields=["in_use"])
        record("venue.used", venue, actor=actor, in_use=in_use)


def _end(seat: Seat) -> None:
    seat.until_on = timezone.localdate()
    seat.save(update_fields=["until_on"])
    reach.show_out(seat.group.scope, seat.person)


def _end_lapsed(group: Group, person: Person) -> None:
    """A seat that counts no more, because a role ended, makes room for a new one."""
    open_ones = Seat.objects.filter(group=group, person=person, until_on=None)
    lapsed = open_ones.exclude(pk__in=open_ones.current())
    Seat.objects.filter(pk__in=[seat.pk for seat in lapsed]).update(until_on=timezone.localdate())


def _seat(
    group: Group, names: Mapping[Person, str], role: Seat.Role, more: Mapping[str, str] = NOTHING_MORE
) -> list[Seat]:
    records = [(person.pk, {"name": name, **more}) for person, name in names.items()]
    sealed = items.seal_all(group.scope, "seat", records)
    return Seat.objects.bulk_create(
        Seat(item=item, group=group, person=person, role=role) for item, person in zip(sealed, names, strict=True)
    )
