"""The ways out of the house. Each takes a letter that the plan allows, and says by an error where it did not go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from wayhouse.notices.kinds import Channel
from wayhouse.notices.plan import Plan

# Nobody waits longer than this for the other side.
TIME_LIMIT = 10


class Somebody(Protocol):
    """A person, of whom this room knows the random id only."""

    @property
    def pk(self) -> UUID: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Letter:
    """All that leaves the house for one person on one way."""

    # Stays the same when it is sent again, so that the other side can see that.
    id: UUID
    person_id: UUID
    channel: Channel
    plan: Plan
    title: str
    words: str
    ends_at: datetime
    urgent: bool = False


class NotSent(Exception):  # noqa: N818  an answer of the other side, not a fault
    """It did not go, and may be tried again."""


class Refused(NotSent):
    """It did not go and never will."""


class NoDevice(Refused):
    """There is no browser that takes messages."""


class Unsure(NotSent):
    """The other side did not answer in time: it may have gone."""


class Way(NamedTuple):
    """A way out: whether this house uses it, and how a letter goes. `send` raises `NotSent` or one of its kinds."""

    is_set_up: Callable[[], bool]
    send: Callable[[Letter], None]


# Filled by `ready()` of this room.
WAYS: dict[Channel, Way] = {}


def is_set_up(channel: Channel) -> bool:
    """Whether this house uses a way."""
    return channel in WAYS and WAYS[channel].is_set_up()
