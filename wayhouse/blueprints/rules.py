"""Who may begin a cycle from a pack."""

from wayhouse.groups.models import Cycle
from wayhouse.groups.rules import may_begin_cycle
from wayhouse.people.models import Person


def may_start_cycle(actor: Person) -> bool:
    """Coordinators, in their own programme."""
    return may_begin_cycle(actor, actor.programme)


def may_open_circle(actor: Person, ended: Cycle) -> bool:
    """Coordinators, for groups of a cycle of their programme that has ended."""
    return may_begin_cycle(actor, ended.programme) and ended.state == Cycle.State.ENDED


def may_read_packs(actor: Person) -> bool:
    """Whoever carries a programme reads what its evenings are made of."""
    return actor.is_coordinator or actor.leads_evenings
