"""A state machine of the house: seats, roles and keys change by its real actions; who reads a group's name is compared
with what the keys of each person open, and with what tabs show that were open before (harness H6).
"""

import os
import random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from conftest import PASSPHRASE, Cast, may_open, next_monday
from wayhouse.accounts import actions as accounts
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.models import Scope
from wayhouse.crypto.scopes import rotate_due
from wayhouse.groups import actions as groups
from wayhouse.groups.models import Group, Seat
from wayhouse.people import actions as people
from wayhouse.people.invitations import found
from wayhouse.people.models import Person, Role

EXAMPLES = int(os.environ.get("WAYHOUSE_EXAMPLES", "0"))
HOW_MANY = settings(
    max_examples=max(EXAMPLES // 5, 1),
    stateful_step_count=60,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
LEADS, MEMBER, COORDINATES = Role.Kind.FACILITATOR, Role.Kind.MEMBER, Role.Kind.COORDINATOR
CAST = {"bo": LEADS, "cass": MEMBER, "dee": MEMBER, "cleo": LEADS}
HAPPENS = ["take_seat"] * 4 + ["leave"] * 2 + ["end_role"] * 2 + ["give_role"] * 2
HAPPENS += ["renew_keys", "rename", "grow_old", "new_tab", "new_tab", "look", "look"]
STEPS = 50
number = st.integers(0, 2**16)


class House(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.cast, self.people = Cast(), dict[str, Person]()
        self.roles: dict[str, set[Any]] = {}
        self.names: dict[Any, str] = {}
        self.seated: dict[Any, set[str]] = {}
        self.tabs: list[tuple[str, Any]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        programme, token = found("Lantern Trust (invented)", "Open Circle", "Ana", time_zone="Europe/Berlin")
        may_open(programme)
        self.people["ana"] = self.cast.accept(token, "ana")
        self.people |= {who: self.cast.enter(who, kind, self.people["ana"]) for who, kind in CAST.items()}
        self.roles = {"ana": {COORDINATES}, **{who: {kind} for who, kind in CAST.items()}}
        words: dict[str, Any] = {"pack": "twelve-evenings", "version": "1.0.0", "title": "Twelve evenings", "weeks": 14}
        with self.acting():
            cycle = groups.begin_cycle(self.ana.programme, **words, starts_on=next_monday(), actor=self.ana)
            for name in ("Kestrel", "Wren"):
                kept = {"name": name, "venue": "Mill", "slot": "tue-evening", "language": "en", "kind": "mixed"}
                group = groups.open_group(cycle, kept, facilitators={}, members={}, actor=self.ana)
                self.names[group.pk], self.seated[group.pk] = name, set()

    @rule(what=st.sampled_from(HAPPENS), one=number, other=number)
    def something_happens(self, what: str, one: int, other: int) -> None:
        who = sorted(CAST)[one % len(CAST)]
        getattr(self, what)(who, list(self.names)[other % len(self.names)], one)

    def take_seat(self, who: str, group: Any, _one: int) -> None:
        role = Seat.Role.FACILITATOR if LEADS in self.roles[who] else Seat.Role.MEMBER
        if who in self.seated[group] or not self.roles[who] & {LEADS, MEMBER}:
            return
        with self.acting():
            groups.take_seat(Group.objects.get(pk=group), self.person(who), who, role, actor=self.ana)
        self.seated[group].add(who)

    def leave(self, _who: str, _group: Any, one: int) -> None:
        seats = [(who, group) for group, inside in self.seated.items() for who in sorted(inside)]
        if seats:
            who, group = seats[one % len(seats)]
            groups.leave_group(self._seat(who, group), actor=self.person(who))
            self.seated[group].discard(who)

    def end_role(self, who: str, _group: Any, one: int) -> None:
        roles = sorted(self.roles[who] - {MEMBER})
        if not roles:
            return
        kind = roles[one % len(roles)]
        with self.acting():
            people.end_role(Role.objects.get(person=self.people[who], kind=kind, until_on=None), actor=self.ana)
        self.roles[who].discard(kind)
        self.tabs = [tab for tab in self.tabs if tab[0] != who]
        if kind == LEADS and MEMBER not in self.roles[who]:
            for inside in self.seated.values():
                inside.discard(who)

    def give_role(self, who: str, _group: Any, one: int) -> None:
        kind = COORDINATES if one % 2 else LEADS
        # A member who sits keeps that seat: whether it leads is said when it is taken.
        if MEMBER in self.roles[who] or kind in self.roles[who]:
            return
        with self.acting():
            people.give_role(self.person(who), kind, actor=self.ana)
        self.roles[who].add(kind)

    def renew_keys(self, who: str, _group: Any, _one: int) -> None:
        person = self.person(who)
        assert person.user is not None
        secret, _code = accounts.renew_keys(person.user, self.cast.secrets[person.pk], PASSPHRASE)
        self.cast.secrets[person.pk] = secret
        self.tabs = [tab for tab in self.tabs if tab[0] != who]

    def rename(self, _who: str, group: Any, one: int) -> None:
        with self.acting():
            groups.rename_group(Group.objects.get(pk=group), f"Heron {one}", actor=self.ana)
        self.names[group] = f"Heron {one}"

    def grow_old(self, _who: str, _group: Any, _one: int) -> None:
        Scope.objects.update(epoch_on="2020-01-01")
        assert rotate_due().refused == 0

    def new_tab(self, who: str, _group: Any, _one: int) -> None:
        if self.roles[who]:
            self.tabs.append((who, self.cast.sign_in(self.person(who))))

    def look(self, _who: str, group: Any, one: int) -> None:
        """In a tab that was opened before whatever happened since."""
        if self.tabs:
            who, tab = self.tabs[one % len(self.tabs)]
            answer = tab.get(f"/groups/{group}/")
            shown = answer.status_code == 200 and self.names[group] in answer.text
            assert shown == self.may_read(who, group)
            assert answer.status_code in {200, 404}

    @invariant()
    def keys_open_what_the_model_says_and_nothing_else(self) -> None:
        for who in self.people:
            read = {group: self._name(who, group) for group in self.names}
            assert read == {pk: name if self.may_read(who, pk) else None for pk, name in self.names.items()}

    def may_read(self, who: str, group: Any) -> bool:
        return COORDINATES in self.roles[who] or who in self.seated[group]

    def _name(self, who: str, group: Any) -> str | None:
        with self.cast.acting(self.person(who)):
            try:
                return str(Group.objects.get(pk=group).name)
            except CannotOpen:
                return None

    def _seat(self, who: str, group: Any) -> Seat:
        return Seat.objects.select_related("group").get(group=group, person=self.people[who], until_on=None)

    def person(self, who: str) -> Person:
        return Person.objects.get(pk=self.people[who].pk)

    def acting(self) -> Any:
        return self.cast.acting(self.ana)

    @property
    def ana(self) -> Person:
        return self.person("ana")


@pytest.mark.soaked
@pytest.mark.django_db
@pytest.mark.abuse(29)
def test_whoever_has_a_seat_or_coordinates_reads_and_nobody_else() -> None:
    """The same long walk at each change; a soak lets Hypothesis look for others."""
    if EXAMPLES:
        run_state_machine_as_test(House, settings=HOW_MANY)
        return
    house, chance = House(), random.Random(3)  # noqa: S311  no secret
    house.begin()
    for _step in range(STEPS):
        house.something_happens(chance.choice(HAPPENS), chance.randrange(2**16), chance.randrange(2**16))
        house.keys_open_what_the_model_says_and_nothing_else()
    house.teardown()
