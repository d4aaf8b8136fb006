"""Posts, concerns and their steps, the rota of those on call, drills, limits that are over."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import time_machine
from django.utils import timezone

from faults.acts import Done, act, coordinating
from faults.house import House
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding import closed, learning, misses, naming, posts, rota, steps, talking
from wayhouse.safeguarding.drills import begin_drill
from wayhouse.safeguarding.limits import change_limit
from wayhouse.safeguarding.models import Appointment, ClosedDay, Concern, OnCall
from wayhouse.safeguarding.protocol import Duty, Event, Kind, Level, Outcome, Post
from wayhouse.safeguarding.raising import Report, raise_concern, raise_unnamed

REPORT = Report(Level.NOW, Kind.ALLEGATION, "staff", "words")
_WORDS = dict.fromkeys(
    ("wish", "reason", "near", "serious", "credible", "less_intrusive", "smallest", "told", "law_sheet", "plan",
     "found", "person_told", "raiser_told", "aftercare", "learning", "professional", "accepted_at"), "words",
)  # fmt: skip
# By step, the steps before it, and who takes it.
_BEFORE: dict[Event, tuple[Event, ...]] = {
    Event.ACKNOWLEDGE: (),
    Event.FIND_SAFE: (Event.ACKNOWLEDGE,),
    Event.DECIDE: (Event.ACKNOWLEDGE, Event.FIND_SAFE),
    Event.PROPOSE: (Event.ACKNOWLEDGE, Event.FIND_SAFE),
    Event.CONFIRM: (Event.ACKNOWLEDGE, Event.FIND_SAFE, Event.PROPOSE),
    Event.WITHDRAW: (Event.ACKNOWLEDGE, Event.FIND_SAFE, Event.PROPOSE),
    Event.PLAN: (Event.ACKNOWLEDGE, Event.FIND_SAFE, Event.DECIDE),
    Event.REVIEW: (Event.ACKNOWLEDGE, Event.FIND_SAFE, Event.DECIDE, Event.PLAN),
    Event.CLOSE: (Event.ACKNOWLEDGE, Event.FIND_SAFE, Event.DECIDE, Event.PLAN, Event.REVIEW),
    Event.REOPEN: (Event.ACKNOWLEDGE, Event.STRIKE),
    Event.STRIKE: (Event.ACKNOWLEDGE,),
    Event.HAND_OVER: (Event.ACKNOWLEDGE,),
    Event.TAKE_BACK: (Event.ACKNOWLEDGE, Event.HAND_OVER),
    Event.SET_LEVEL: (),
}
_OUTCOMES = {Event.DECIDE: Outcome.NO_SHARING, Event.PROPOSE: Outcome.LEGAL_DUTY}


@act("post.given")
def give_a_post(house: House) -> Done:
    sol = _come(house, "sol")
    return coordinating(house, lambda: posts.appoint(sol, Post.LEAD, "Sol", actor=house.ana))


@act("post.ended")
def end_a_post(house: House) -> Done:
    _appointed(house, "dia", Post.DIRECTOR)
    raised(house)
    held = Appointment.objects.select_related("person__programme").get(person=house.person("sol"))
    return coordinating(house, lambda: posts.end_post(held, actor=house.ana))


@act("concern.raised", thrifty=True)
def raise_a_concern(house: House) -> Done:
    team(house)
    return _by(house, "bo", lambda bo: raise_concern(REPORT, actor=bo))


@act("concern.raised")
def raise_a_concern_without_a_name(house: House) -> Done:
    team(house)
    return _by(house, "bo", lambda bo: raise_unnamed(REPORT, actor=bo))


@act("concern.acknowledged")
def acknowledge_a_concern(house: House) -> Done:
    return _stepping(house, Event.ACKNOWLEDGE)


@act("concern.safety_settled")
def find_somebody_safe(house: House) -> Done:
    return _stepping(house, Event.FIND_SAFE)


@act("concern.decided")
def decide_about_sharing(house: House) -> Done:
    return _stepping(house, Event.DECIDE)


@act("concern.sharing_proposed")
def propose_sharing(house: House) -> Done:
    return _stepping(house, Event.PROPOSE)


@act("concern.sharing_confirmed", thrifty=True)
def confirm_sharing(house: House) -> Done:
    return _stepping(house, Event.CONFIRM, who="dot")


@act("concern.proposal_dropped")
def drop_a_proposal(house: House) -> Done:
    return _stepping(house, Event.WITHDRAW)


@act("concern.planned")
def plan_with_somebody(house: House) -> Done:
    return _stepping(house, Event.PLAN)


@act("concern.reviewed")
def review_a_concern(house: House) -> Done:
    return _stepping(house, Event.REVIEW)


@act("concern.closed")
def close_a_concern(house: House) -> Done:
    return _stepping(house, Event.CLOSE)


@act("concern.reopened")
def reopen_a_concern(house: House) -> Done:
    return _stepping(house, Event.REOPEN)


@act("concern.stricken")
def strike_a_concern(house: House) -> Done:
    return _stepping(house, Event.STRIKE, who="dot")


@act("concern.handed")
def hand_a_concern_over(house: House) -> Done:
    return _stepping(house, Event.HAND_OVER)


@act("concern.reclaimed")
def take_a_concern_back(house: House) -> Done:
    return _stepping(house, Event.TAKE_BACK)


@act("concern.levelled")
def set_another_level(house: House) -> Done:
    return _stepping(house, Event.SET_LEVEL)


@act("duty.fulfilled")
def fulfil_a_duty(house: House) -> Done:
    concern = raised(house)
    return _by(house, "sol", lambda sol: steps.fulfil(concern, Duty.CONTACT, "words", actor=sol))


@act("concern.opened")
def open_a_concern(house: House) -> Done:
    concern = raised(house)
    return _by(house, "sol", lambda sol: steps.open_concern(concern, actor=sol))


@act("concern.written")
def write_in_a_concern(house: House) -> Done:
    concern = raised(house)
    return _by(house, "sol", lambda sol: steps.write_down(concern, steps.NOTE, {"note": "words"}, actor=sol))


@act("entry.struck")
def strike_a_line(house: House) -> Done:
    concern, sol = raised(house), house.person("sol")
    with house.acting("sol"):
        entry = steps.write_down(concern, steps.NOTE, {"note": "words"}, actor=sol)
    return _by(house, "sol", lambda sol: steps.strike_entry(entry, "words", actor=sol))


@act("colleague.admitted")
def let_a_colleague_in(house: House) -> Done:
    concern, dia = raised(house), _come(house, "dia")
    with house.acting():
        posts.appoint(dia, Post.DIRECTOR, "Dia", actor=house.ana)
    return _by(house, "sol", lambda sol: steps.let_colleague_in(concern, dia, actor=sol))


@act("message.written")
def write_to_those_who_answer(house: House) -> Done:
    concern = raised(house)
    return _by(house, "bo", lambda bo: talking.write_message(concern, "words", actor=bo))


@act("aftercare.ticked")
def tick_aftercare(house: House) -> Done:
    concern = raised(house)
    return _by(house, "bo", lambda bo: talking.tick_aftercare(concern, took_place=True, actor=bo))


@act("learning.written")
def write_a_learning_note(house: House) -> Done:
    team(house)

    def written(sol: Person) -> object:
        # What counts here is the writing; that five have to be finished before has its own test.
        with patch.object(learning, "finished_since", return_value=[None] * learning.FEWEST):
            return learning.write_learning_note("words", actor=sol)

    return _by(house, "sol", written)


@act("limit.missed", thrifty=True)
def miss_a_limit(house: House) -> Done:
    raised(house)

    def swept() -> object:
        with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
            return misses.sweep()

    return swept


@act("limit.changed")
def change_a_limit(house: House) -> Done:
    team(house)
    words = (Level.NOW, Duty.ACKNOWLEDGE, 10, "words")
    return _by(house, "sol", lambda sol: change_limit(sol.programme, *words, actor=sol))


@act("concern.named", "concern.written")
def name_whom_it_is_about(house: House) -> Done:
    concern, bo = raised(house), str(house.person("bo").pk)
    return _by(house, "sol", lambda sol: naming.name_person(concern, bo, "words", known={bo: "Bo"}, actor=sol))


@act("days.marked")
def close_days(house: House) -> Done:
    first, last = (timezone.localdate() + timedelta(days=number) for number in (30, 36))
    return coordinating(house, lambda: closed.mark_days(first, last, works=False, actor=house.ana))


@act("days.unmarked")
def open_a_closed_day(house: House) -> Done:
    day = ClosedDay.objects.create(programme=house.ana.programme, day=timezone.localdate() + timedelta(days=30))
    return coordinating(house, lambda: closed.unmark_day(day, actor=house.ana))


@act("rota.filled")
def fill_the_rota(house: House) -> Done:
    sol, dot = team(house)
    days = {timezone.localdate(): (dot, sol)}
    return coordinating(house, lambda: rota.fill_rota(house.ana.programme, days, actor=house.ana))


@act("on_call.asked")
def ask_for_a_swap_of_a_day(house: House) -> Done:
    team(house)
    day, dia = _my_day(house), _appointed(house, "dia", Post.DIRECTOR)
    return _by(house, "sol", lambda sol: rota.ask_on_call_swap(day, dia, actor=sol))


@act("on_call.answered")
def answer_a_swap_of_a_day(house: House) -> Done:
    team(house)
    day, dia = _my_day(house), _appointed(house, "dia", Post.DIRECTOR)
    swap = rota.ask_on_call_swap(day, dia, actor=house.person("sol"))
    return _by(house, "dia", lambda dia: rota.answer_on_call_swap(swap, agree=True, actor=dia))


@act("drill.begun")
def begin_a_drill(house: House) -> Done:
    team(house)
    return coordinating(house, lambda: begin_drill(house.ana.programme, actor=house.ana))


def _come(house: House, who: str) -> Person:
    house.people[who] = house.cast.enter(who, Role.Kind.SAFEGUARDING_LEAD, house.ana)
    return house.person(who)


def _appointed(house: House, who: str, post: Post) -> Person:
    person = _come(house, who)
    with house.acting():
        posts.appoint(person, post, who, actor=house.ana)
    return person


def team(house: House) -> tuple[Person, Person]:
    """Sol leads and is on call today, Dot is the deputy."""
    sol, dot = _appointed(house, "sol", Post.LEAD), _appointed(house, "dot", Post.DEPUTY)
    with house.acting():
        rota.fill_rota(house.ana.programme, {timezone.localdate(): (sol, dot)}, actor=house.ana)
    return sol, dot


def _my_day(house: House) -> OnCall:
    return OnCall.objects.select_related("programme").get(person=house.person("sol"))


def raised(house: House) -> Concern:
    """Bo told it; Sol is first on call, Dot second."""
    team(house)
    with house.acting("bo"):
        concern = raise_concern(REPORT, actor=house.person("bo"))
    return Concern.objects.select_related("item", "programme", "scope", "own_scope").get(pk=concern.pk)


def _stepping(house: House, event: Event, who: str = "sol") -> Done:
    """A concern on its way up to just before a step, which is then taken."""
    concern = raised(house)
    for before in _BEFORE[event]:
        _take(house, "dot" if before == Event.STRIKE else "sol", concern, before)
    return lambda: _take(house, who, concern, event)


def _take(house: House, who: str, concern: Concern, event: Event) -> Concern:
    level = Level.THIS_WEEK if event == Event.SET_LEVEL else None
    with house.acting(who):
        waits = steps.proposed(list(concern.entries.select_related("item").order_by("item__seq")))
        words = _WORDS | ({"proposal": str(waits.pk)} if waits else {})
        return steps.take_step(
            concern, event, words, outcome=_OUTCOMES.get(event), level=level, actor=house.person(who)
        )


def _by(house: House, who: str, work: Callable[[Person], object]) -> Done:
    def done() -> object:
        with house.acting(who):
            return work(house.person(who))

    return done
