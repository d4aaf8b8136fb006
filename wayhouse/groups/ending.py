"""The end of a cycle: seats of those who lead end, with their keys to the group and its space; members' seats stay.

When it is over, the room of evenings knows (`meetings/ending.py`), which ends the keys of the evenings, too.
"""

from django.db import transaction
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.groups.models import Cycle, Group, Seat
from wayhouse.people import reach
from wayhouse.people.models import Person


def end_seats_of_leads(group: Group) -> int:
    """Whoever leads a group reads nothing of it from now on; how many they were. Needs nobody's key."""
    leading = Seat.objects.filter(group=group, role=Seat.Role.FACILITATOR, until_on=None)
    with transaction.atomic():
        seats = list(leading.select_for_update(of=("self",)).select_related("person").order_by("pk"))
        leading.update(until_on=timezone.localdate())
        if seats:
            reach.show_out(group.scope, *(seat.person for seat in seats))
    return len(seats)


def set_ended(locked: Cycle, *, actor: Person | None) -> None:
    """From now on nothing is planned in it. Call it with the row locked; nobody acts where it ends by itself."""
    locked.state = Cycle.State.ENDED
    locked.save(update_fields=["state"])
    record("cycle.ended", locked, actor=actor, by_hand=actor is not None)
