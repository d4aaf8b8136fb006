"""A safety plan: written, shown, taken back, erased."""

from collections.abc import Callable

from faults.acts import Done, act
from faults.house import House
from wayhouse.safeguarding.models import SafetyPlan
from wayhouse.safeguarding.safety_plan import writing

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
    return _with_keys(house, lambda: writing.take_plan_back(plan, str(bo.pk), actor=house.person("cass")))


@act("plan.erased")
def erase_a_plan(house: House) -> Done:
    plan = written(house)
    return _with_keys(house, lambda: writing.erase_plan(plan, actor=house.person("cass")))


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
