"""Anybody does anything at any moment, on the real pages: no state beside the table, no decision with one signature,
and no letter that names anybody. One short walk in the suite, and many long ones from `./run soak`."""

import os
import random
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from conftest import Cast
from wayhouse.notices.actions import stop_contact
from wayhouse.notices.channels import NotSent, Refused, Unsure
from wayhouse.notices.delivering import deliver_due
from wayhouse.notices.kinds import Channel, Kind
from wayhouse.notices.models import Notice
from wayhouse.notices.tests.conftest import Outside, everything_goes_out
from wayhouse.people.models import Person
from wayhouse.safeguarding import law, misses
from wayhouse.safeguarding.forms import STEP_FIELDS
from wayhouse.safeguarding.models import Concern
from wayhouse.safeguarding.protocol import TABLE, Event, Level, State
from wayhouse.safeguarding.protocol.machine import Case, allowed
from wayhouse.safeguarding.protocol.table import NEEDS_TWO, TICKS
from wayhouse.safeguarding.tests.conftest import reachable

Team = dict[str, Person]
WALKS = int(os.environ.get("WAYHOUSE_EXAMPLES", "0")) // 10
STEPS = 60 if WALKS else 28
# The short walk gets as far as two signatures.
SEEDS = list(range(WALKS)) or [120]
MOVES = {(before, row.event): row.after or before for row in TABLE for before in row.before}
SAID = {("Note", str(kind.label)) for kind in (Kind.CALL_IN, Kind.CALL_IN_NOW, Kind.NOTE)}


class Walk:
    """One concern, whoever is there, and what must hold after whatever they do."""

    def __init__(self, cast: Cast, clock: time_machine.Traveller, people: Team, outside: Outside, seed: int) -> None:
        self.cast, self.clock, self.people, self.outside = cast, clock, people, outside
        self.chance = random.Random(seed)  # noqa: S311  no secret
        self.concern = Concern.objects.get()
        self.proposed_by = self.decided_by = uuid4()
        self.reached: set[State] = set()
        self.two_signed = 0

    def go(self) -> None:
        """Something happens, and what must hold is looked at."""
        before = self.concern.case
        who = self.chance.choice([*self.people.values(), self.people["sol"], self.people["dot"]])
        happens = self.chance.choice([self._step] * 12 + [self._time, self._phone, self._talk, self._let_in])
        event = happens(who, before)
        self.concern = Concern.objects.get()
        self._holds(before, self.concern.case, event, who)
        self.reached.add(self.concern.case.state)

    def _holds(self, before: Case, after: Case, event: Event | None, who: Person) -> None:
        moved = before.state != after.state
        assert not moved or (event and after.state == MOVES[before.state, event]), (before, event, after)
        assert not moved or who in (self.people[name] for name in ("sol", "dot", "dia", "tru"))
        if event == Event.PROPOSE and before.pending is None and after.pending:
            self.proposed_by = who.pk
            assert after.outcome == before.outcome
        if event == Event.CONFIRM and moved:
            self.decided_by = who.pk
            self.two_signed += 1
        if after.outcome in NEEDS_TWO:
            assert len(after.signed) == 2
            assert event != Event.CONFIRM or after.signed == {str(self.proposed_by), str(self.decided_by)} or not moved
        if after.outcome != before.outcome:
            assert event in {Event.DECIDE, Event.CONFIRM, Event.REOPEN}
        assert after.level == before.level or event == Event.SET_LEVEL
        assert {(letter.title, letter.words) for letter in self.outside.arrived} <= SAID
        assert all(re.fullmatch(r"(call|word):\d+", once) for once in Notice.objects.values_list("once", flat=True))

    def _step(self, who: Person, before: Case) -> Event:
        possible = sorted(allowed(before) - {Event.RAISE, Event.MISS})
        event = self.chance.choice(possible if self.chance.random() < 0.85 else list(Event))
        address = reverse("safeguarding:take_step", args=[self.concern.pk, event])
        client, words = self.cast.sign_in(who), {name: self._word(name, event) for name in STEP_FIELDS.get(event, ())}
        if event == Event.CONFIRM and self.chance.random() < 0.8:
            found = re.search(r'name="proposal" value="([0-9a-f-]{36})"', client.get(address).content.decode())
            words["proposal"] = found[1] if found else ""
        answer = client.post(address, {name: word for name, word in words.items() if word})
        assert answer.status_code in {200, 302, 404}
        return event

    def _word(self, name: str, event: Event) -> str:
        if self.chance.random() < 0.03:
            return ""
        if name == "outcome":
            one = self.chance.choice(["no_sharing", "with_consent", "without_consent", "legal_duty"])
            return self.chance.choice(sorted(NEEDS_TWO)) if event == Event.PROPOSE else one
        by_name = {"level": str(int(self.chance.choice(list(Level)))), "law_sheet": law.choices("DE")[0][0]}
        by_name |= dict.fromkeys(set(TICKS) - {"told"}, "on") | {"proposal": str(uuid4())}
        return by_name.get(name, "Bo told Sol of Dot")

    def _time(self, _who: Person, _before: Case) -> Event:
        """Time passes, and the worker makes a round; what goes out may be lost on the way."""
        self.clock.shift(self.chance.choice([timedelta(minutes=20), timedelta(hours=3), timedelta(days=5)]))
        self.outside.answers = {way: self.chance.choice([[], [Refused()], [Unsure()], [NotSent()]]) for way in Channel}
        misses.sweep()
        deliver_due()
        return Event.MISS

    def _phone(self, who: Person, _before: Case) -> None:
        """Somebody pauses, comes back, may be paged, or not any more."""
        status = self.chance.choice([Person.Status.ACTIVE, Person.Status.PAUSED])
        Person.objects.filter(pk=who.pk).update(status=status)
        if self.chance.random() < 0.3:
            stop_contact(actor=who)
        else:
            reachable(who)

    def _talk(self, who: Person, _before: Case) -> None:
        self.cast.sign_in(who).post(reverse("safeguarding:say", args=[self.concern.pk]), {"words": "Sol, call Dot"})
        mine = reverse("safeguarding:own", args=[self.concern.pk])
        self.cast.sign_in(self.people["bo"]).post(mine, {"words": "This is Bo"})

    def _let_in(self, who: Person, _before: Case) -> None:
        chosen = self.chance.choice(list(self.people.values()))
        address = reverse("safeguarding:let_in", args=[self.concern.pk])
        self.cast.sign_in(who).post(address, {"colleague": str(chosen.pk)})


@pytest.mark.soaked
@pytest.mark.parametrize("seed", SEEDS)
def test_events_in_any_order_on_the_real_pages(
    cast: Cast, clock: time_machine.Traveller, team: Team, bo: Person, raised: Callable[..., Concern], seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    outside = everything_goes_out(monkeypatch)
    raised()
    walk = Walk(cast, clock, {**team, "bo": bo}, outside, seed)
    for _step in range(STEPS):
        walk.go()
    # A walk that gets nowhere would prove nothing.
    assert WALKS or (len(walk.reached) >= 4 and walk.two_signed and outside.arrived)
