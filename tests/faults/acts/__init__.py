"""What is done in the house, each act by its name: prepared with everything it needs, then done in one go.

What is new in the house gets its act here: `test_faults.py` compares with the entries that the house writes to its log.
"""

from collections.abc import Callable
from typing import NamedTuple

from faults.house import House

Done = Callable[[], object]


class Act(NamedTuple):
    """`prepare` brings the house to where the act can be done and returns it; `kinds` are its entries in the log."""

    prepare: Callable[[House], Done]
    kinds: frozenset[str]
    # A part of the suite at each change; all others are tried by the soak.
    thrifty: bool


ACTS: dict[str, Act] = {}


def act(*kinds: str, thrifty: bool = False) -> Callable[[Callable[[House], Done]], Callable[[House], Done]]:
    """Give an act its place, under the name of its function."""

    def put(prepare: Callable[[House], Done]) -> Callable[[House], Done]:
        if prepare.__name__ in ACTS:
            message = f"two acts are called {prepare.__name__}"
            raise ValueError(message)
        ACTS[prepare.__name__] = Act(prepare, frozenset(kinds), thrifty)
        return prepare

    return put


def coordinating(house: House, work: Done) -> Done:
    """Do it with Ana's keys."""

    def done() -> object:
        with house.acting():
            return work()

    return done


from faults.acts import (  # noqa: E402  they fill the list
    accounts,  # noqa: F401
    arrivals,  # noqa: F401
    conduct,  # noqa: F401
    conversations,  # noqa: F401
    demands,  # noqa: F401
    groups,  # noqa: F401
    leaving,  # noqa: F401
    meetings,  # noqa: F401
    mentoring,  # noqa: F401
    notices,  # noqa: F401
    operator,  # noqa: F401
    people,  # noqa: F401
    safeguarding,  # noqa: F401
    safety_plan,  # noqa: F401
    way_back,  # noqa: F401
)
