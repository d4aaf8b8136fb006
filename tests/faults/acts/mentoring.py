"""Threads of two: hours, beginning, writing, taking back, ending."""

from datetime import time, timedelta

from time_machine import travel

from faults.acts import Done, act
from faults.house import House
from wayhouse.core import clock
from wayhouse.mentoring import nudging, parting, writing
from wayhouse.mentoring.models import Letter, Pair
from wayhouse.mentoring.offering import keep_hours
from wayhouse.notices.hours import Hours

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
