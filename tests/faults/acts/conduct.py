"""The conduct ladder: decide, sign, drop, look again, say, agree, appeal, and what time alone does."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from faults.acts import Done, act
from faults.acts.safeguarding import _appointed, _by, team
from faults.house import House
from wayhouse.leaving.endings import carry_out_endings
from wayhouse.people.away import end_times_away
from wayhouse.safeguarding import conduct, conduct_clock
from wayhouse.safeguarding.conduct import Decided
from wayhouse.safeguarding.models import Concern, ConductStep
from wayhouse.safeguarding.protocol import Kind, Level, Post
from wayhouse.safeguarding.protocol.conduct import Deed, Rung
from wayhouse.safeguarding.raising import Report, raise_concern

_TALK = Decided(Rung.AGREEMENT, "words", agreement="words", review_on=timezone.localdate() + timedelta(days=9))
_AWAY = Decided(Rung.AWAY, "words", until=timezone.localdate() + timedelta(days=9))
_ENDING = Decided(Rung.ENDING, "words", signpost="words")
# By entry of the log, the deeds up to it, by whom; the last one is the act.
_WAYS: dict[str, tuple[tuple[str, Deed], ...]] = {
    "conduct.reversed": (("sol", Deed.TAKE_BACK),),
    "conduct.reviewed": (("dot", Deed.KEEP),),
    "conduct.lifted": (("dot", Deed.END),),
    "conduct.completed": (("sol", Deed.CLOSE),),
    "conduct.answered": (("bo", Deed.SAY),),
    "conduct.agreed": (("bo", Deed.AGREE),),
    "conduct.appealed": (("bo", Deed.APPEAL),),
    "conduct.appeal_decided": (("bo", Deed.APPEAL), ("dot", Deed.OVERTURN)),
}


@act("conduct.decided", "concern.written", thrifty=True)
def send_somebody_away(house: House) -> Done:
    concern = _about_bo(house)
    return _by(house, "sol", lambda sol: conduct.take_conduct_step(concern, _AWAY, actor=sol))


@act("conduct.confirmed")
def sign_an_ending(house: House) -> Done:
    step = _ending(house)
    return lambda: _do(house, step, "dot", Deed.CONFIRM)


@act("conduct.dropped")
def drop_an_ending(house: House) -> Done:
    step = _ending(house)
    return lambda: _do(house, step, "dot", Deed.DROP)


@act("conduct.ended", "evenings.given_up", "person.left", "seat.left")
def carry_out_an_ending(house: House) -> Done:
    _do(house, _ending(house), "dot", Deed.CONFIRM)
    return _later(carry_out_endings)


@act("away.ended")
def come_back_from_time_away(house: House) -> Done:
    _decided(house, _AWAY)
    return _later(end_times_away)


@act("appeal.missed")
def miss_an_appeal(house: House) -> Done:
    _do(house, _decided(house, _TALK), "bo", Deed.APPEAL)
    return _later(conduct_clock.run)


@act("conduct.shared")
def let_a_colleague_read_a_step(house: House) -> Done:
    step, dia = _decided(house, _TALK), _appointed(house, "dia", Post.DIRECTOR)
    return _by(house, "sol", lambda sol: conduct.admit_to_conduct(step, dia, actor=sol))


def _act_of(kind: str, way: tuple[tuple[str, Deed], ...]) -> None:
    def prepare(house: House) -> Done:
        step = _decided(house, _AWAY if kind == "conduct.reversed" else _TALK)
        for who, deed in way[:-1]:
            _do(house, step, who, deed)
        return lambda: _do(house, step, *way[-1])

    prepare.__name__ = f"{way[-1][1]}_a_conduct_step"
    act(kind)(prepare)


for _kind, _way in _WAYS.items():
    _act_of(_kind, _way)


def _about_bo(house: House) -> Concern:
    team(house)
    bo = house.person("bo")
    report = Report(Level.CONDUCT, Kind.CONDUCT, "seat", about_person=str(bo.pk), about_name="Bo")
    with house.acting("sol"):
        made = raise_concern(report, actor=house.person("sol"))
    return Concern.objects.select_related("item", "programme", "scope", "own_scope").get(pk=made.pk)


def _decided(house: House, decided: Decided) -> ConductStep:
    concern = _about_bo(house)
    with house.acting("sol"):
        return conduct.take_conduct_step(concern, decided, actor=house.person("sol"))


def _ending(house: House) -> ConductStep:
    concern = _about_bo(house)
    with house.acting("sol"):
        conduct.take_conduct_step(concern, _TALK, actor=house.person("sol"))
        return conduct.take_conduct_step(concern, _ENDING, actor=house.person("sol"))


def _do(house: House, step: ConductStep, who: str, deed: Deed) -> ConductStep:
    do = conduct.answer_step if who == "bo" else conduct.do_with_step
    with house.acting(who):
        return do(step, deed, {"reason": "words", "words": "words"}, actor=house.person(who))


def _later(work: Done) -> Done:
    def done() -> object:
        with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
            return work()

    return done
