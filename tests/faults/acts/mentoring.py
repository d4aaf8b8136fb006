"""Threads of two: hours, beginning, writing, taking back, ending."""

from datetime import time, timedelta

from django.db import transaction
from time_machine import travel

from faults.acts import Done, act
from faults.house import House
from wayhouse.core import clock
from wayhouse.mentoring import asking, masks, nudging, parting, telling, writing
from wayhouse.mentoring.asked import ASKED_FOR, Exchange, Question
from wayhouse.mentoring.models import Letter, Pair
from wayhouse.mentoring.offering import keep_hours
from wayhouse.notices.hours import Hours
from wayhouse.people import actions as people

_HOURS = Hours(time(18), time(20), (1,), "Europe/Berlin")


def _begun(house: House) -> Pair:
    keep_hours(_HOURS, takes=2, answers=True, actor=house.person("max"))
    max_, cass = house.person("max"), house.person("cass")
    with house.acting("cass"):
        return writing.begin_pair(max_.pk, "Cass", "Hello.", quiet_weeks=2, actor=cass)


@act("office_hours.kept")
def keep_office_hours(house: House) -> Done:
    return lambda: keep_hours(_HOURS, takes=2, answers=True, actor=house.person("max"))


@act("pair.begun")
def begin_a_thread_of_two(house: House) -> Done:
    keep_office_hours(house)()
    max_, cass = house.person("max"), house.person("cass")

    def begin() -> None:
        with house.acting("cass"):
            writing.begin_pair(max_.pk, "Cass", "Hello.", quiet_weeks=2, actor=cass)

    return begin


@act("letter.written", thrifty=True)
def write_a_letter(house: House) -> Done:
    pair, cass = _begun(house), house.person("cass")

    def write() -> None:
        with house.acting("cass"):
            writing.write_letter(pair, "And you?", actor=cass)

    return write


@act("letter.struck")
def take_a_letter_back(house: House) -> Done:
    _begun(house)
    return lambda: writing.take_back(Letter.objects.get(), actor=house.person("cass"))


@act("nudge.chosen")
def choose_whether_a_hello_is_welcome(house: House) -> Done:
    pair = _begun(house)
    return lambda: writing.choose_nudge(pair, 4, actor=house.person("cass"))


@act("pair.ended")
def end_a_thread_of_two(house: House) -> Done:
    pair = _begun(house)
    return lambda: writing.end_pair(pair, with_words=True, actor=house.person("cass"))


@act("pair.ended")
def end_what_nobody_writes_in(house: House) -> Done:
    _begun(house)

    def end() -> None:
        with travel(clock.now() + parting.SILENT_FOR + timedelta(days=1), tick=False):
            parting.end_threads()

    return end


@act("pair.erased")
def erase_a_thread_that_ended(house: House) -> Done:
    end_a_thread_of_two(house)()

    def erase() -> None:
        with travel(clock.now() + parting.KEPT_FOR + timedelta(days=1), tick=False):
            parting.drop_old_pairs()

    return erase


@act("nudge.put")
def ask_for_a_hello(house: House) -> Done:
    _begun(house)
    in_hours = _HOURS.next_moment(clock.now() + timedelta(weeks=3))
    assert in_hours is not None

    def ask() -> None:
        with travel(in_hours + timedelta(minutes=5), tick=False):
            nudging.ask_for_hellos()

    return ask


@act("nudge.answered")
def answer_a_nudge(house: House) -> Done:
    ask_for_a_hello(house)()
    return lambda: nudging.answer_nudge(Pair.objects.get(), in_touch=True, actor=house.person("max"))


@act()
def tell_of_letters(house: House) -> Done:
    _begun(house)
    in_hours = _HOURS.next_moment(clock.now() + timedelta(weeks=1))
    assert in_hours is not None

    def tell() -> None:
        with travel(in_hours + timedelta(minutes=5), tick=False):
            telling.tell_letters()

    return tell


@act("person.paused")
def take_a_break_before_a_nudge_arrives(house: House) -> Done:
    ask_for_a_hello(house)()
    return lambda: people.pause(house.person("max"), actor=house.person("max"))


@act()
def erase_what_no_law_holds_of_a_thread(house: House) -> Done:
    end_a_thread_of_two(house)()
    held = house.person("max").pk

    def erase() -> None:
        with travel(clock.now() + parting.KEPT_FOR + timedelta(days=1), tick=False):
            parting.drop_old_pairs([held])

    return erase


def _asked(house: House) -> Question:
    keep_office_hours(house)()
    with house.acting("cass"):
        return asking.ask_question("How was it?", actor=house.person("cass"))


def _answered(house: House) -> Exchange:
    question = _asked(house)
    with house.acting("max"):
        return asking.answer_question(question, "Slow.", actor=house.person("max"))


def _seated(house: House, who: str) -> masks.Seat:
    seat = masks.seat_in(Exchange.objects.get().pk, house.person(who))
    assert seat is not None
    return seat


@act()
def ask_without_a_name(house: House) -> Done:
    keep_office_hours(house)()
    cass = house.person("cass")

    def ask() -> None:
        with house.acting("cass"):
            asking.ask_question("How was it?", actor=cass)

    return ask


@act()
def answer_without_a_name(house: House) -> Done:
    question, max_ = _asked(house), house.person("max")

    def answer() -> None:
        with house.acting("max"):
            asking.answer_question(question, "Slow.", actor=max_)

    return answer


@act()
def tell_of_questions(house: House) -> Done:
    _asked(house)
    in_hours = _HOURS.next_moment(clock.now() + timedelta(days=1))
    assert in_hours is not None

    def tell() -> None:
        with travel(in_hours + timedelta(minutes=5), tick=False):
            telling.tell_questions()

    return tell


@act()
def go_on_without_a_name(house: House) -> Done:
    _answered(house)
    cass = house.person("cass")

    def go_on() -> None:
        with house.acting("cass"):
            asking.say(_seated(house, "cass"), "And then?", actor=cass)

    return go_on


@act()
def open_ones_own_name(house: House) -> Done:
    _answered(house)
    max_ = house.person("max")

    def open_it() -> None:
        with house.acting("max"):
            asking.open_name(_seated(house, "max"), "Max", actor=max_)

    return open_it


@act()
def keep_ones_own_name_after_all(house: House) -> Done:
    open_ones_own_name(house)()

    def keep() -> None:
        with house.acting("max"):
            asking.keep_name(_seated(house, "max"))

    return keep


@act()
def take_all_back_without_a_name(house: House) -> Done:
    _answered(house)
    cass = house.person("cass")

    def take() -> None:
        with house.acting("cass"), transaction.atomic():
            asking.take_all_back(cass)

    return take


@act("pair.begun", thrifty=True)
def open_names_to_each_other(house: House) -> Done:
    _answered(house)
    cass, max_ = house.person("cass"), house.person("max")
    with house.acting("max"):
        asking.open_name(_seated(house, "max"), "Max", actor=max_)

    def meet() -> None:
        with house.acting("cass"):
            asking.open_name(_seated(house, "cass"), "Cass", actor=cass)

    return meet


@act()
def end_what_has_no_names(house: House) -> Done:
    _answered(house)

    def end() -> None:
        with house.acting("cass"):
            asking.close_exchange(_seated(house, "cass"))

    return end


@act()
def take_a_question_back(house: House) -> Done:
    question = _answered(house).question

    def take() -> None:
        with house.acting("cass"):
            asking.take_back_question(question)

    return take


@act()
def erase_questions_whose_time_is_over(house: House) -> Done:
    _answered(house)

    def erase() -> None:
        with travel(clock.now() + ASKED_FOR, tick=False):
            parting.drop_old_questions()

    return erase
