"""The rota and the evenings."""

from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from faults.acts import Done, act, coordinating
from faults.house import MONDAY, House, during
from wayhouse.groups import drawing
from wayhouse.groups.models import Cycle, Drawing, Proposal
from wayhouse.meetings import access, actions, drawing_up, ending, planning, polling, scheduling, standing_in, swapping
from wayhouse.meetings.models import FIXED_FROM, AccessTask, Attendance, Change, Guide, Meeting, Poll, Shift, Swap
from wayhouse.meetings.polls import Suits
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.meetings.tests.scenes import nobody_leads
from wayhouse.people.models import Person, Role

SAFETY = Change.Reason.SAFETY
HERE = Attendance.Presence.HERE


@act("cycle.ended")
def end_a_cycle(house: House) -> Done:
    Meeting.objects.filter(group=house.group).update(ends_at="2020-01-07T20:00Z")
    Cycle.objects.filter(groups=house.group).update(starts_on="2020-01-06")
    return ending.end_cycles


@act("meetings.planned")
def plan_meetings(house: House) -> Done:
    return coordinating(house, lambda: planning.plan_meetings(Cycle.objects.get(starts_on=MONDAY), actor=house.ana))


@act("rota.proposed")
def propose_a_rota(house: House) -> Done:
    with patch.object(drawing, "run_apart", nobody_leads), house.acting():
        drawn = drawing_up.draw_up_rota(Cycle.objects.get(starts_on=MONDAY), actor=house.ana, wait=True)
    return coordinating(house, lambda: drawing_up.take_rota(Drawing.objects.get(pk=drawn.pk), actor=house.ana))


@act("rota.changed")
def change_a_rota(house: House) -> Done:
    place = house.group.pk, 3

    def change() -> None:
        staff = [house.people["bo"].pk]
        drawing_up.change_rota(house.proposal(Proposal.Kind.ROTA), place, staff, revision=1, actor=house.ana)

    return coordinating(house, change)


@act("meetings.planned", "meetings.staffed", "rota.accepted", "seat.taken", thrifty=True)
def accept_a_rota(house: House) -> Done:
    return coordinating(
        house, lambda: drawing_up.accept_rota(house.proposal(Proposal.Kind.ROTA), revision=1, actor=house.ana)
    )


@act("meeting.staffed", "seats.ended")
def staff_an_evening(house: House) -> Done:
    mia = {house.person("mia"): ("Mia", Role.Kind.MENTOR)}
    others = [house.evening(1), house.evening(3)]
    with house.acting():
        for evening in others:
            staff_meeting(evening, mia, actor=house.ana)
    return coordinating(house, lambda: staff_meeting(house.evening(), mia, actor=house.ana))


@act("meeting.answered")
def answer(house: House) -> Done:
    cass = house.person("cass")
    actions.answer_meeting(house.evening(), coming=False, actor=cass)
    return lambda: actions.answer_meeting(house.evening(), coming=True, actor=cass)


@act("attendance.recorded", "evening.recorded", thrifty=True)
def record_an_evening(house: House) -> Done:
    def done() -> None:
        evening, marks = house.evening(), {house.person("cass"): HERE}
        with during(evening):
            actions.record_evening(evening, marks, held=True, mood=4, actor=house.person("bo"))

    return done


@act("evening.recorded")
def record_that_an_evening_was_not_held(house: House) -> Done:
    record_an_evening(house)()

    def done() -> None:
        evening = house.evening()
        with during(evening):
            actions.record_evening(evening, {}, held=False, actor=house.person("bo"))

    return done


@act("evening.closed")
def close_an_evening(house: House) -> Done:
    record_an_evening(house)()

    def done() -> None:
        with during(house.evening()):
            actions.close_evening(house.evening(), talked=True, actor=house.person("bo"))

    return done


@act("evening.talked")
def tick_the_talk(house: House) -> Done:
    record_an_evening(house)()
    with during(house.evening()):
        actions.close_evening(house.evening(), talked=False, actor=house.person("bo"))

    def done() -> None:
        with during(house.evening()):
            actions.tick_talk(house.evening(), actor=house.person("bo"))

    return done


@act("meeting.moved", "meeting.staffed")
def move_an_evening(house: House) -> Done:
    actions.answer_meeting(house.evening(), coming=True, actor=house.person("cass"))

    def move() -> None:
        evening = house.evening()
        later = evening.starts_at + timedelta(days=1)
        scheduling.move_meeting(evening, later, reason=SAFETY, without_busy=True, actor=house.ana)

    return coordinating(house, move)


@act("meeting.skipped")
def skip_an_evening(house: House) -> Done:
    return coordinating(house, lambda: scheduling.skip_meeting(house.evening(), reason=SAFETY, actor=house.ana))


@act("topic.swapped")
def swap_a_topic(house: House) -> Done:
    def swap() -> None:
        topic = Guide.objects.get(week=3, cycle__starts_on=MONDAY).key
        scheduling.swap_topic(house.evening(), topic, reason=SAFETY, actor=house.ana)

    return coordinating(house, swap)


@act("reserve.called", "meeting.staffed", "seat.taken")
def call_the_reserve(house: House) -> Done:
    def call() -> None:
        zoe = Shift.objects.get(meeting=house.evening(), reserve=True).person
        standing_in.call_reserve(house.evening(), zoe, instead_of=house.person("bo"), actor=house.ana)

    return coordinating(house, call)


@act("gap.filled", "meeting.staffed")
def fill_a_gap(house: House) -> Done:
    take_somebody_off(house)()
    mia = house.person("mia")
    return coordinating(house, lambda: standing_in.fill_gap(house.evening(), mia, as_reserve=False, actor=house.ana))


@act("shift.ended", "meeting.staffed")
def take_somebody_off(house: House) -> Done:
    return coordinating(house, lambda: standing_in.take_off(house.evening(), house.person("max"), actor=house.ana))


@act("swap.asked")
def ask_to_swap(house: House) -> Done:
    return lambda: _asked(house)


@act("swap.decided", "meeting.staffed")
def agree_to_a_swap(house: House) -> Done:
    swap = _asked(house)
    mia = house.person("mia")
    return coordinating(house, lambda: swapping.decide_swap(_again(swap), agree=True, taker=mia, actor=house.ana))


@act("swap.withdrawn")
def keep_a_shift(house: House) -> Done:
    swap = _asked(house)
    return lambda: swapping.withdraw_swap(_again(swap), actor=house.person("max"))


def _asked(house: House) -> Swap:
    max_: Person = house.person("max")
    with house.acting("max"):
        shift = Shift.objects.select_related("meeting").get(meeting=house.evening(), person=max_)
        return swapping.ask_swap(shift, house.person("mia"), actor=max_)


def _again(swap: Swap) -> Swap:
    return Swap.objects.select_related("meeting__group").get(pk=swap.pk)


@act("access.asked", thrifty=True)
def ask_for_an_interpreter(house: House) -> Done:
    return lambda: _ask(house)


@act("access.withdrawn")
def need_it_no_more(house: House) -> Done:
    _ask(house)
    return lambda: access.take_back_access(_task(), actor=house.person("cass"))


@act("access.settled")
def arrange_it(house: House) -> Done:
    _ask(house)
    return lambda: access.settle_access(_task(), access.State.ARRANGED, actor=house.ana)


@act("access.planned")
def make_tasks_from_the_roster(house: House) -> Done:
    house.says(house.people["cass"], needs=["childcare"])
    soon = house.evening()

    def done() -> None:
        with during(soon), house.acting():
            access.make_access_tasks(house.ana.programme, actor=house.ana)

    return done


def _ask(house: House) -> None:
    with house.acting("cass"):
        access.ask_access([house.evening()], "interpreter", actor=house.person("cass"))


def _task() -> AccessTask:
    return AccessTask.objects.select_related("meeting__group").get()


def _polled(house: House) -> Poll:
    """Bo asks about the second evening, and Cass says what suits."""
    evening = Meeting.objects.select_related("group__scope", "group__programme").get(pk=house.evening().pk)
    bo, cass = house.person("bo"), house.person("cass")
    closes = evening.starts_at - FIXED_FROM
    with house.acting("bo"):
        poll = polling.ask_poll(evening, [evening.starts_at + timedelta(days=1)], closes, actor=bo)
    with house.acting("cass"):
        polling.answer_poll(poll, [Suits.YES, Suits.NO], actor=cass)
    return Poll.objects.select_related("item__scope", "meeting__group__scope").get(pk=poll.pk)


@act("poll.asked")
def ask_a_poll(house: House) -> Done:
    evening = Meeting.objects.select_related("group__scope").get(pk=house.evening().pk)
    other, closes = evening.starts_at + timedelta(days=1), evening.starts_at - FIXED_FROM
    return coordinating(house, lambda: polling.ask_poll(evening, [other], closes, actor=house.ana))


@act("poll.answered")
def answer_a_poll(house: House) -> Done:
    poll, cass = _polled(house), house.person("cass")

    def answer() -> None:
        with house.acting("cass"):
            polling.answer_poll(poll, [Suits.NO, Suits.YES], actor=cass)

    return answer


@act("poll.withdrawn")
def take_back_a_poll(house: House) -> Done:
    poll = _polled(house)
    return coordinating(house, lambda: polling.withdraw_poll(poll, actor=house.ana))


@act("poll.counted")
def count_a_poll(house: House) -> Done:
    poll = _polled(house)
    Poll.objects.update(closes_at=timezone.now())
    poll.refresh_from_db()
    return coordinating(house, lambda: polling.count_poll(poll))
