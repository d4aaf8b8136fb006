"""kill -9 of the worker at every write between due and delivered: each page of somebody on call arrives, at most twice.

The round of the worker that answers a missed limit and sends what is due dies at each write; then later rounds go on.
"""

import os
import shutil
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import time_machine
from django.db import connection
from django.utils import timezone

from faults.acts.safeguarding import raised
from faults.house import House
from faults.killing import Fuse
from faults.trying import KILLED, BrokenTrialError, Tried, in_child
from wayhouse.notices.actions import agree_contact
from wayhouse.notices.channels import WAYS, Letter, Way
from wayhouse.notices.delivering import LEASE, deliver_due
from wayhouse.notices.hours import Hours
from wayhouse.notices.kinds import Channel
from wayhouse.notices.models import Delivery
from wayhouse.notices.plan import Plan
from wayhouse.safeguarding import misses
from wayhouse.safeguarding.models import Call

NAME = "page_somebody_on_call"
_MISSED = timedelta(minutes=16)
_WAYS = (Channel.SMS, Channel.EMAIL)
# In a few: in the middle of answering the miss, and between the claim, the sending and the mark of letters.
_FEW = 4


def try_paging(house: House, *, few: bool) -> Tried:
    """Try it at every write, or at a few, in a process of its own."""

    def work() -> dict[str, Any]:
        return vars(_Trial(house).run(few=few))

    try:
        return Tried(**in_child(work))
    except BrokenTrialError as error:
        return Tried(NAME, faults=[str(error)])


class _Trial:
    def __init__(self, house: House) -> None:
        self.house, self.tried = house, Tried(NAME)
        house.store.put_back("scene")
        shutil.rmtree(house.files, ignore_errors=True)
        house.files.mkdir()
        raised(house)
        for who in ("sol", "dot"):
            plan = Plan(channels=_WAYS, email="a@example.org", phone="+490", hours=Hours(), paged=True)
            agree_contact(plan, actor=house.person(who))
        for channel in _WAYS:
            WAYS[channel] = Way(lambda: True, self._take)
        self.begun = timezone.now()
        house.store.keep("prepared")

    def run(self, *, few: bool) -> Tried:
        connection.close()
        writes: list[str] = in_child(lambda: self._round(_MISSED, burns_at=0))
        every = range(1, len(writes) + 1)
        for point in every[len(every) // _FEW :: len(every) // _FEW] if few else every:
            self._die_at(point)
        self.tried.writes = len(writes)
        return self.tried

    def _die_at(self, point: int) -> None:
        self.house.store.put_back("prepared")
        self._letters.unlink(missing_ok=True)
        connection.close()
        if in_child(lambda: self._round(_MISSED, burns_at=point), dies=True) != KILLED:
            self.tried.faults.append(f"not killed at {point}")
        # Later rounds, of a worker that lives.
        for late in (1, 2):
            in_child(partial(self._round, _MISSED + late * (LEASE + timedelta(seconds=1)), burns_at=0))
        self.tried.faults += [f"killed at {point}: {words}" for words in self._wrong()]
        self.tried.kills += 1

    def _round(self, after: timedelta, *, burns_at: int) -> list[str]:
        fuse = Fuse(self.house.files, burns_at=burns_at)
        fuse.light()
        with time_machine.travel(self.begun + after, tick=False):
            misses.sweep()
            deliver_due()
        return fuse.seen

    def _take(self, letter: Letter) -> None:
        file = os.open(self._letters, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(file, f"{letter.id}\n".encode())
        os.close(file)

    def _wrong(self) -> list[str]:
        """Two people were called once each, and every letter arrived once, or twice and marked so."""
        called = Counter(Call.objects.values_list("person", flat=True))
        found = [] if sorted(called.values()) == [1, 1] else [f"calls {sorted(called.values())}"]
        arrived = Counter(self._letters.read_text().split())
        rows = list(Delivery.objects.filter(channel__in=_WAYS))
        found += [] if len(rows) == len(called) * len(_WAYS) else [f"{len(rows)} deliveries"]
        for row in rows:
            times = arrived[str(row.pk)]
            if row.state != Delivery.State.DELIVERED or times not in {1, 2} or (times == 2 and not row.repeated):
                found.append(f"{row.channel} {row.state}, arrived {times} times, marked {row.repeated}")
        return found

    @property
    def _letters(self) -> Any:
        return self.house.files / "letters"
