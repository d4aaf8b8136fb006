"""After its cycle a group goes on in another one, with its members, space and keys; nobody has to stay."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.groups import rules
from wayhouse.groups.ending import end_seats_of_leads
from wayhouse.groups.models import Cycle, Group, Seat
from wayhouse.groups.opening import NotReady, lacking_to_open
from wayhouse.groups.refusals import Outdated
from wayhouse.notices.actions import notify
from wayhouse.notices.kinds import Kind
from wayhouse.people.models import Person

# Whoever may not be reached sooner reads it on the page of their group.
_TOLD_WITHIN = timedelta(days=7)


def go_on_in(cycle: Cycle, ended: Cycle, groups: Collection[UUID], *, actor: Person) -> None:
    """Move groups (by id) from a cycle that has ended to one that begins; members are told at once, in no words.

    Seats, space and keys of members go along. Whoever led is no part of it: the rota says anew who leads. Earlier
    evenings stay in their cycle. Errors: `Outdated` where one of them does not wait there any more; `NotReady`.
    """
    require(rules.may_form_groups(actor, cycle) and rules.may_begin_cycle(actor, ended.programme))
    if lacking := lacking_to_open(cycle.programme):
        raise NotReady(lacking)
    with transaction.atomic():
        waiting = Group.objects.open().filter(cycle=ended, cycle__state=Cycle.State.ENDED, pk__in=groups)
        found = list(waiting.select_for_update(of=("self",)).select_related("scope").order_by("pk"))
        if len(found) != len(set(groups)):
            raise Outdated
        for group in found:
            # What the end of the cycle has not come to yet: those who led then do not go along.
            end_seats_of_leads(group)
            group.cycle = cycle
            group.save(update_fields=["cycle"])
            record("group.went_on", group, actor=actor)
        cycle.state = Cycle.State.STAFFING
        cycle.save(update_fields=["state"])
        seats = Seat.objects.current().members().filter(group__in=found, person__status=Person.Status.ACTIVE)
        people = set(seats.values_list("person_id", flat=True))
        notify(people, Kind.CHANGED, once=f"groups.circle:{cycle.pk}", ends_at=clock.now() + _TOLD_WITHIN)


def waits_to_go_on(cycle: Cycle) -> list[Group]:
    """Groups of a cycle, if it has ended, that still meet nowhere else; unopened."""
    here = Group.objects.open().filter(cycle=cycle, cycle__state=Cycle.State.ENDED)
    return list(here.select_related("item").order_by("pk"))
