"""Who may do what with cycles, groups and seats."""

from django.utils import timezone

from wayhouse.groups.models import Cycle, Drawing, Group, Proposal, Seat
from wayhouse.people.models import Person, Programme
from wayhouse.people.rules import seat_held_until


def may_begin_cycle(actor: Person, programme: Programme) -> bool:
    """Coordinators of the programme."""
    return actor.is_coordinator and actor.programme_id == programme.pk


def may_form_groups(actor: Person, cycle: Cycle) -> bool:
    """Coordinators, while the cycle has not ended."""
    return may_begin_cycle(actor, cycle.programme) and cycle.state != Cycle.State.ENDED


def may_trim_lists(actor: Person, programme: Programme) -> bool:
    """Coordinators of the programme: only they open its lists."""
    return may_begin_cycle(actor, programme)


def may_stop_drawing(actor: Person, drawing: Drawing) -> bool:
    """Whoever may have groups formed."""
    return may_form_groups(actor, drawing.cycle)


def may_change_proposal(actor: Person, proposal: Proposal) -> bool:
    """Coordinators, while the cycle has not ended. Whether it is open still, only the locked row can say."""
    return may_form_groups(actor, proposal.cycle)


def may_accept_groups(actor: Person, proposal: Proposal) -> bool:
    """Whoever may change the proposal."""
    return may_change_proposal(actor, proposal)


def may_keep_venues(actor: Person, programme: Programme) -> bool:
    """Coordinators of the programme."""
    return may_begin_cycle(actor, programme)


def may_rename_group(actor: Person, group: Group) -> bool:
    """Coordinators, while the cycle has not ended."""
    return may_form_groups(actor, group.cycle)


def may_give_seat(actor: Person, group: Group, person: Person) -> bool:
    """Coordinators, in groups that still meet, to people of their programme."""
    ours = person.programme_id == group.programme_id
    return ours and group.closed_on is None and may_form_groups(actor, group.cycle)


def may_leave_group(actor: Person, seat: Seat) -> bool:
    """Only the person themselves, without a reason."""
    return seat.person_id == actor.pk and seat.until_on is None


def may_let_go(seat: Seat) -> bool:
    """Nobody decides this: a member's seat is free once its person has paused for as long as it is held."""
    theirs = seat.role == Seat.Role.MEMBER and seat.until_on is None
    pauses = seat.person.status == Person.Status.PAUSED
    return theirs and pauses and seat_held_until(seat.person) <= timezone.localdate()
