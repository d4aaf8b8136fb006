"""A safety plan: written, shown, taken back, erased; its copy for emergencies, and opening that."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from django.utils import timezone

from faults.acts import Done, act, coordinating
from faults.acts.safeguarding import team
from faults.house import House
from wayhouse.people.models import Belonging
from wayhouse.safeguarding.models import Concern, PlanOpening, SafetyPlan
from wayhouse.safeguarding.protocol import Kind, Level
from wayhouse.safeguarding.raising import Report, raise_concern
from wayhouse.safeguarding.safety_plan import copying, opening, writing

_WORDS = {"signs": "words", "people": "words"}


@act("plan.written")
def write_a_plan(house: House) -> Done:
    return _with_keys(house, lambda: writing.write_plan(_WORDS, actor=house.person("cass")))


@act("plan.shown", thrifty=True)
def show_a_plan(house: House) -> Done:
    plan = written(house)
    return _with_keys(house, lambda: writing.show_plan(plan, house.person("bo"), "Bo", actor=house.person("cass")))


@act("plan.unshown")
def take_a_plan_back(house: House) -> Done:
    plan, bo = written(house), house.person("bo")
    with house.acting("cass"):
        writing.show_plan(plan, bo, "Bo", actor=house.person("cass"))
    given = Belonging.objects.get(person=bo, scope=plan.item.scope).pk
    return _with_keys(house, lambda: writing.take_plan_back(plan, given, actor=house.person("cass")))


@act("plan.erased")
def erase_a_plan(house: House) -> Done:
    plan = written(house)
    return _with_keys(house, lambda: writing.erase_plan(plan, actor=house.person("cass")))


@act("plan.copied", "consent.given", thrifty=True)
def keep_a_copy(house: House) -> Done:
    written(house)
    team(house)
    return _with_keys(house, lambda: copying.keep_copy("2", "en", actor=house.person("cass")))


@act("plan.uncopied")
def destroy_a_copy_whose_time_is_over(house: House) -> Done:
    _copied(house)

    def swept() -> object:
        with time_machine.travel(timezone.now() + timedelta(days=181), tick=False):
            return copying.destroy_run_out()

    return swept


@act("opening.asked", "concern.written", thrifty=True)
def ask_to_open_a_plan(house: House) -> Done:
    concern = _in_danger(house)
    return _answering(house, lambda: opening.ask_opening(concern, "words", actor=house.person("sol")))


@act("opening.agreed", thrifty=True)
def agree_to_open_a_plan(house: House) -> Done:
    asked, _concern = _asked(house)
    return coordinating(house, lambda: opening.agree_to_opening(asked, actor=house.ana))


@act("opening.refused")
def refuse_to_open_a_plan(house: House) -> Done:
    asked, _concern = _asked(house)
    return coordinating(house, lambda: opening.refuse_opening(asked, actor=house.ana))


@act("opening.read", "concern.written")
def read_an_opened_plan(house: House) -> Done:
    asked, concern = _asked(house)
    with house.acting():
        opening.agree_to_opening(asked, actor=house.ana)
    return _answering(house, lambda: opening.read_opened(concern, actor=house.person("sol")))


@act("opening.closed")
def close_an_opened_plan(house: House) -> Done:
    asked, _concern = _asked(house)
    return _answering(house, lambda: opening.end_opening(asked, actor=house.person("sol")))


@act("opening.seen")
def read_who_opened_ones_plan(house: House) -> Done:
    _asked(house)
    cass = house.person("cass")
    return _with_keys(house, lambda: opening.note_seen(cass, actor=cass))


def _copied(house: House) -> None:
    written(house)
    team(house)
    with house.acting("cass"):
        copying.keep_copy("2", "en", actor=house.person("cass"))


def _in_danger(house: House) -> Concern:
    _copied(house)
    with house.acting("cass"):
        concern = raise_concern(Report(Level.NOW, Kind.SELF_HARM, "me"), actor=house.person("cass"))
    return Concern.objects.select_related("item", "programme", "scope", "own_scope").get(pk=concern.pk)


def _asked(house: House) -> tuple[PlanOpening, Concern]:
    concern = _in_danger(house)
    with house.acting("sol"):
        return opening.ask_opening(concern, "words", actor=house.person("sol")), concern


def _answering(house: House, work: Callable[[], object]) -> Done:
    def done() -> object:
        with house.acting("sol"):
            return work()

    return done


def written(house: House) -> SafetyPlan:
    """Cass has a plan."""
    with house.acting("cass"):
        plan = writing.write_plan(_WORDS, actor=house.person("cass"))
    return SafetyPlan.objects.select_related("item__scope").get(pk=plan.pk)


def _with_keys(house: House, work: Callable[[], object]) -> Done:
    def done() -> object:
        with house.acting("cass"):
            return work()

    return done
