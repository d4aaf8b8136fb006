"""What is done when somebody goes: leave at once, take a copy, erase everything."""

from django.db import transaction

from wayhouse.arrivals.avoiding import forget_list
from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.groups.actions import give_up_seats
from wayhouse.leaving import rules
from wayhouse.leaving.erasing import Receipt, carry_out, put_away
from wayhouse.leaving.held import Held, held_about
from wayhouse.meetings.parting import come_off_evenings
from wayhouse.mentoring.asking import take_all_back
from wayhouse.people import actions as people
from wayhouse.people.holds import holds_of
from wayhouse.people.models import Person
from wayhouse.people.way_back import end_ways_back
from wayhouse.safeguarding.parting import part
from wayhouse.safeguarding.safety_plan.writing import hide_plan
from wayhouse.safeguarding.talking import let_go


def leave(person: Person, *, actor: Person) -> None:
    """Leave the programme at once and without a reason: seats, evenings and keys of others end; the door stays open."""
    require(rules.may_leave(actor, person))
    with transaction.atomic():
        # Before the log is held, and before the person is: who says something there holds its scope, then these.
        take_all_back(person)
        # First of what others hold: whoever raises something waits here, and the log is held from the first entry on.
        part(person)
        end_ways_back(person)
        come_off_evenings(person, actor=actor)
        give_up_seats(person, actor=actor)
        if not holds_of(person.pk):
            forget_list(person)
        let_go(person)
        hide_plan(person)
        people.leave(person, actor=actor)


def take_copy(person: Person, *, actor: Person) -> Held:
    """Everything that is held about somebody, for themselves. The log says that a copy was taken."""
    require(rules.may_take_copy(actor, person))
    held = held_about(person, words=True)
    with transaction.atomic():
        record("copy.taken", person, actor=actor)
    return held


def erase(person: Person, *, actor: Person) -> Receipt:
    """Erase everything about somebody, for good, and with it their account where no other programme needs it.

    What a law holds is closed to everybody instead, and erased when the hold ends.
    """
    require(rules.may_erase(actor, person))
    with transaction.atomic():
        # Also of whoever was made to leave, when their keys were not at hand.
        take_all_back(person)
        Person.objects.select_for_update().get(pk=person.pk)
        if rules.may_leave(actor, person):
            leave(person, actor=actor)
        if holds_of(person.pk):
            record("erasing.postponed", person, actor=actor)
            return put_away(person)
        record("person.erased", person, actor=actor)
        return carry_out(person)
