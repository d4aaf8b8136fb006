"""Somebody with a random id and a salt; a mail server that answers as a test says; a clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction

from wayhouse.crypto.shred import add_subject
from wayhouse.notices import actions, channels
from wayhouse.notices.channels import Letter, NotSent, Somebody, Way
from wayhouse.notices.hours import Hours
from wayhouse.notices.kinds import Channel, Kind
from wayhouse.notices.models import Delivery
from wayhouse.notices.plan import Plan

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
BY_MAIL = Plan(channels=(Channel.EMAIL,), email="fern@example.org", hours=Hours(time(9), time(9), zone="UTC"))


class Someone:
    """A person, as far as this room knows one."""

    def __init__(self) -> None:
        self.pk = uuid4()
        add_subject(self.pk)


class Outside:
    """The world outside: what arrived there, and what it answers next, on each way."""

    def __init__(self) -> None:
        self.arrived: list[Letter] = []
        self.answers: dict[Channel, list[NotSent]] = {}

    def take(self, letter: Letter) -> None:
        """Arrives, unless an answer was prepared."""
        waiting = self.answers.get(letter.channel)
        if waiting:
            raise waiting.pop(0)
        self.arrived.append(letter)

    @property
    def ways(self) -> list[Channel]:
        return [letter.channel for letter in self.arrived]


@pytest.fixture
def someone(db: None) -> Someone:
    return Someone()


def everything_goes_out(monkeypatch: pytest.MonkeyPatch) -> Outside:
    """All ways are set up, and lead to an invented world."""
    found = Outside()
    for channel in Channel:
        monkeypatch.setitem(channels.WAYS, channel, Way(lambda: True, found.take))
    return found


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    return everything_goes_out(monkeypatch)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def put_in(*people: Somebody, kind: Kind = Kind.REMINDER, once: str = "evening:1", **more: Any) -> int:
    with transaction.atomic():
        return actions.notify([person.pk for person in people], kind, once=once, **more)


def stands() -> list[tuple[str, str, str]]:
    """Every delivery: its way, its state and why."""
    return list(Delivery.objects.order_by("next_at", "pk").values_list("channel", "state", "why"))
