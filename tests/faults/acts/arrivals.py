"""First contacts: somebody writes without a name, and is answered."""

from faults.acts import Done, act, coordinating
from faults.house import House
from wayhouse.arrivals import answering, avoiding, orienting, removing, welcoming, writing
from wayhouse.arrivals.models import Contact, Step, Voice
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
    return lambda: writing.erase(opened)


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


@act("welcome.voiced")
def say_what_one_thinks(house: House) -> Done:
    contact = _sent(house).contact
    return coordinating(house, lambda: welcoming.give_voice(contact, Voice.Reason.MET, actor=house.ana))


@act("welcome.given", "person.entered", "person.invited", thrifty=True)
def welcome_somebody(house: House) -> Done:
    contact = _agreed(house)
    return coordinating(house, lambda: welcoming.welcome_contact(contact, "Quiet Fox", ["en"], actor=house.ana))


@act("welcome.renewed", "person.invited")
def make_another_invitation(house: House) -> Done:
    contact = _agreed(house)
    with house.acting():
        welcoming.welcome_contact(contact, "Quiet Fox", ["en"], actor=house.ana)
    return coordinating(house, lambda: welcoming.renew_welcome(contact, actor=house.ana))


@act("avoid_list.kept")
def write_down_whom_one_must_not_meet(house: House) -> Done:
    return lambda: _kept_list(house)


@act("avoid_lists.compared")
def compare_lists_with_the_roster(house: House) -> Done:
    _kept_list(house)
    return coordinating(house, lambda: avoiding.compare_lists(house.ana.programme, actor=house.ana))


@act("step.taken")
def take_a_step(house: House) -> Done:
    return lambda: orienting.take_step(house.person("cass"), Step.Kind.NEEDS, actor=house.ana)


@act("step.undone")
def undo_a_step(house: House) -> Done:
    orienting.take_step(house.person("cass"), Step.Kind.NEEDS, actor=house.ana)
    return lambda: orienting.undo_step(house.person("cass"), Step.Kind.NEEDS, actor=house.ana)


def _kept_list(house: House) -> None:
    with house.acting("cass"):
        avoiding.keep_list(house.person("cass"), ["Dee"], actor=house.person("cass"))


def _agreed(house: House) -> Contact:
    contact = _sent(house).contact
    for who in ("ana", "bo"):
        with house.acting(who):
            welcoming.give_voice(contact, Voice.Reason.MET, actor=house.person(who))
    return contact


def _written(house: House) -> Opened:
    opened, _code = writing.write_first(house.ana.programme, Contact.Kind.FIRST, "I cannot sleep.", language="en")
    return opened


def _sent(house: House) -> Opened:
    opened = _written(house)
    writing.send(opened.contact)
    return opened
