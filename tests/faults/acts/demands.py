"""The register of what authorities ask for: enter it, every move, let a colleague in; and erasing what is held."""

from datetime import date, timedelta

import time_machine
from django.utils import timezone

from faults.acts import Done, act
from faults.acts.safeguarding import _appointed, _by, team
from faults.house import House
from wayhouse.crypto.models import Scope
from wayhouse.leaving.actions import erase
from wayhouse.people import holds, reach
from wayhouse.people.models import Person
from wayhouse.safeguarding import demands, left_alone, looking_again
from wayhouse.safeguarding.models import Concern, Demand
from wayhouse.safeguarding.protocol import Kind, Level, Post
from wayhouse.safeguarding.protocol.demands import Matter, Move
from wayhouse.safeguarding.raising import Report, raise_concern

_WORDS = {
    **dict.fromkeys(("law_sheet", "validity", "counsel", "asked", "reason", "given", "whom", "said", "told"), "words"),
    "note": "words",
    "again": "2199-01-01",
}
_DECIDED = (Move.CHECK, Move.PROPOSE, Move.CONFIRM)
# By entry of the log, the moves up to it; the last one is the act.
_WAYS: dict[str, tuple[Move, ...]] = {
    "demand.checked": (Move.CHECK,),
    "demand.narrowed": (Move.CHECK, Move.NARROW),
    "demand.challenged": (Move.CHECK, Move.CHALLENGE),
    "demand.proposed": (Move.CHECK, Move.PROPOSE),
    "demand.hold_proposed": (Move.HOLD,),
    "demand.lift_proposed": (Move.HOLD, Move.CONFIRM, Move.LIFT),
    "demand.stay_proposed": (Move.HOLD, Move.CONFIRM, Move.STAY),
    "demand.signed": (Move.HOLD, Move.CONFIRM),
    "demand.proposal_dropped": (Move.HOLD, Move.WITHDRAW),
    "demand.unsigned": (*_DECIDED, Move.UNSIGN),
    "demand.answered": (*_DECIDED, Move.ANSWER),
    "demand.refused": (*_DECIDED, Move.REFUSE),
    "demand.person_informed": (Move.HOLD, Move.CONFIRM, Move.TELL),
    "demand.person_not_informed": (Move.MAY_NOT_TELL,),
    "demand.noted": (Move.NOTE,),
    "demand.closed": (*_DECIDED, Move.ANSWER, Move.TELL, Move.CLOSE),
    "demand.reopened": (*_DECIDED, Move.TAKE_UP),
}


@act("demand.received")
def enter_a_demand(house: House) -> Done:
    concern = _about_bo(house)
    asked = demands.Asked("a court", "words", "words", "words", people=[concern])
    return _by(house, "sol", lambda sol: demands.enter_demand(asked, actor=sol))


@act("demand.opened")
def open_a_demand(house: House) -> Done:
    demand = _entered(house)
    return _by(house, "sol", lambda sol: demands.open_demand(demand, actor=sol))


@act("demand.shared")
def let_a_colleague_read_a_demand(house: House) -> Done:
    demand, dia = _entered(house), _appointed(house, "dia", Post.DIRECTOR)
    return _by(house, "sol", lambda sol: demands.admit_to_demand(demand, dia, actor=sol))


def _act_of(kind: str, way: tuple[Move, ...]) -> None:
    def prepare(house: House) -> Done:
        demand, matter = _entered(house), Matter.NOTHING if kind == "demand.refused" else Matter.COMPLIED
        for move in way[:-1]:
            _take(house, demand, move, matter)
        return lambda: _take(house, demand, way[-1], matter)

    prepare.__name__ = f"{way[-1]}_a_demand"
    act(kind, thrifty=kind == "demand.signed")(prepare)


for _kind, _way in _WAYS.items():
    _act_of(_kind, _way)


@act("erasing.postponed", "account.locked", "evenings.given_up", "person.left", "seat.left", thrifty=True)
def ask_for_erasing_what_is_held(house: House) -> Done:
    bo = house.person("bo")
    holds.place(holds.Terms(bo.pk, date(2199, 1, 1)))
    return _by(house, "bo", lambda bo: erase(bo, actor=bo))


@act("look.called")
def call_for_a_day(house: House) -> Done:
    team(house)
    with house.acting("sol"):
        asked = demands.Asked("a court", "words", "words", "words", until=timezone.localdate())
        demands.enter_demand(asked, actor=house.person("sol"))

    def worked() -> None:
        # Nobody is called at a weekend; a working day comes soon.
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for _day in range(6):
                looking_again.run()
                clock.shift(timedelta(days=1))

    return worked


@act("hold.end_proposed")
def say_that_an_unread_hold_ends(house: House) -> Done:
    found = _unread(house)
    return _by(house, "sol", lambda sol: left_alone.end_unread(found, actor=sol))


@act("hold.ended")
def end_an_unread_hold(house: House) -> Done:
    found = _unread(house)
    left_alone.end_unread(found, actor=house.person("sol"))
    return _by(house, "dot", lambda dot: left_alone.end_unread(found, actor=dot))


@act("hold.left_alone")
def call_for_an_unread_hold(house: House) -> Done:
    _unread(house)
    return left_alone.call


def _unread(house: House) -> left_alone.LeftAlone:
    demand = _entered(house)
    _take(house, demand, Move.HOLD, Matter.COMPLIED)
    _take(house, demand, Move.CONFIRM, Matter.COMPLIED)
    # As if whoever read it had left with locked keys, and those who answer now came later.
    scope = Scope.objects.get(pk=demand.scope_id)
    reach.show_out(scope, *Person.objects.filter(belongings__scope=scope))
    return left_alone.left_alone()[0]


def _about_bo(house: House) -> Concern:
    team(house)
    bo = house.person("bo")
    report = Report(Level.THIS_WEEK, Kind.LEGAL_DEMAND, "seat", about_person=str(bo.pk), about_name="Bo")
    with house.acting("bo"):
        made = raise_concern(report, actor=bo)
    return Concern.objects.select_related("item", "programme", "scope", "own_scope").get(pk=made.pk)


def _entered(house: House) -> Demand:
    concern, sol = _about_bo(house), house.person("sol")
    with house.acting("sol"):
        return demands.enter_demand(demands.Asked("a court", "words", "words", "words", people=[concern]), actor=sol)


def _take(house: House, demand: Demand, move: Move, matter: Matter) -> Demand:
    name = "dot" if move == Move.CONFIRM else "sol"
    who: Person = house.person(name)
    with house.acting(name):
        found = Demand.objects.select_related("item", "scope", "programme").get(pk=demand.pk)
        entries = list(found.entries.select_related("item").order_by("item__seq"))
        waits = demands.shown_for_signing(entries)
        words = {**_WORDS, "person": found.people[0]["id"], "proposal": str(waits.pk) if waits else ""}
        return demands.take_move(found, move, words, matter=matter if move == Move.PROPOSE else None, actor=who)
