"""Agreeing to be reached, and stopping that."""

from faults.acts import Done, act
from faults.house import House
from wayhouse.notices.actions import agree_contact, stop_contact
from wayhouse.notices.kinds import Channel
from wayhouse.notices.plan import Plan

BY_MAIL = Plan(channels=(Channel.EMAIL,), email="cass@example.org")


@act("contact.agreed")
def agree_to_be_reached(house: House) -> Done:
    cass = house.person("cass")
    return lambda: agree_contact(BY_MAIL, actor=cass)


@act("contact.stopped")
def stop_all_messages(house: House) -> Done:
    cass = house.person("cass")
    agree_contact(BY_MAIL, actor=cass)
    return lambda: stop_contact(actor=cass)
