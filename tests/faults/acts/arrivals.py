"""First contacts: somebody writes without a name, and is answered."""

from faults.acts import Done, act, coordinating
from faults.house import House
from wayhouse.arrivals import answering, removing, writing
from wayhouse.arrivals.models import Contact
from wayhouse.arrivals.writing import Opened


@act(thrifty=True)
def write_without_a_name(house: House) -> Done:
    return lambda: _written(house)


@act("contact.sent")
def show_that_one_has_the_code(house: House) -> Done:
    opened = _written(house)
    return lambda: writing.send(opened.contact)


@act("contact.written")
def write_again(house: House) -> Done:
    opened = _sent(house)
    return lambda: writing.write_again(opened, "Are you there?", language="en")


@act("contact.erased", thrifty=True)
def erase_what_one_wrote(house: House) -> Done:
    opened = _sent(house)
    return lambda: writing.erase(opened.contact)


@act("contact.answered")
def answer_a_contact(house: House) -> Done:
    contact = _sent(house).contact
    return coordinating(house, lambda: answering.answer_contact(contact, "Come on Tuesday.", actor=house.ana))


@act("contact.taken")
def take_a_contact(house: House) -> Done:
    contact = _sent(house).contact
    return lambda: answering.take_contact(contact, actor=house.ana)


@act("contact.handed_on")
def hand_on_a_contact(house: House) -> Done:
    contact = _sent(house).contact
    answering.take_contact(contact, actor=house.ana)
    return lambda: answering.hand_on_contact(contact, actor=house.ana)


@act("contact.closed")
def close_a_contact(house: House) -> Done:
    contact = _sent(house).contact
    return lambda: answering.close_contact(contact, actor=house.ana)


@act("contact.removed")
def remove_old_contacts(house: House) -> Done:
    _sent(house)
    Contact.objects.update(last_on="2020-01-01")
    return removing.remove_old_contacts


def _written(house: House) -> Opened:
    opened, _code = writing.write_first(house.ana.programme, Contact.Kind.FIRST, "I cannot sleep.", language="en")
    return opened


def _sent(house: House) -> Opened:
    opened = _written(house)
    writing.send(opened.contact)
    return opened
