"""Leaving, a copy, erasing, and taking names off cards."""

from django.utils import timezone

from faults.acts import Done, act, coordinating
from faults.house import House
from wayhouse.groups.forgetting import trim_lists
from wayhouse.leaving import consents
from wayhouse.leaving.actions import erase, leave, take_copy
from wayhouse.leaving.pausing import let_go_seats
from wayhouse.meetings.models import Attendance
from wayhouse.meetings.parting import trim_cards_of
from wayhouse.people.actions import pause
from wayhouse.people.consents.wordings import Purpose
from wayhouse.people.rules import SEAT_HELD


@act("evenings.given_up", "seat.left", "person.left")
def leave_as_a_member(house: House) -> Done:
    cass = house.person("cass")
    return lambda: leave(cass, actor=cass)


@act("evenings.given_up", "seat.left", "person.left", thrifty=True)
def leave_as_a_facilitator(house: House) -> Done:
    bo = house.person("bo")
    return lambda: leave(bo, actor=bo)


@act("copy.taken")
def take_a_copy(house: House) -> Done:
    def done() -> None:
        with house.acting("cass"):
            take_copy(house.person("cass"), actor=house.person("cass"))

    return done


@act("evenings.given_up", "seat.left", "person.left", "person.erased", "account.closed", thrifty=True)
def erase_oneself(house: House) -> Done:
    cass = house.person("cass")
    return lambda: erase(cass, actor=cass)


@act("cards.trimmed")
def take_a_name_off_the_cards(house: House) -> Done:
    cass = house.person("cass")
    leave(cass, actor=cass)
    return coordinating(house, lambda: trim_cards_of(house.ana.programme, actor=house.ana))


@act("lists.trimmed", thrifty=True)
def take_an_id_off_the_lists(house: House) -> Done:
    cass = house.person("cass")
    erase(cass, actor=cass)
    return coordinating(house, lambda: trim_lists(house.ana.programme, actor=house.ana))


@act("consent.given")
def say_yes(house: House) -> Done:
    bo = house.person("bo")
    return lambda: consents.give(bo, Purpose.KEEPING, "1", consents.How.SELF, actor=bo)


@act("consent.withdrawn", thrifty=True)
def take_a_yes_back(house: House) -> Done:
    cass = house.person("cass")
    house.evening().mark(cass, Attendance.Presence.HERE)
    return lambda: consents.withdraw(cass, Purpose.KEEPING, actor=cass)


@act("seat.let_go", thrifty=True)
def let_a_seat_go_after_a_long_break(house: House) -> Done:
    cass = house.person("cass")
    pause(cass, actor=cass)
    long_ago = timezone.localdate() - SEAT_HELD
    type(cass).objects.filter(pk=cass.pk).update(status_on=long_ago)
    return let_go_seats
