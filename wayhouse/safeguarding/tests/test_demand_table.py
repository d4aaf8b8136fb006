"""The table of demands: from every place it can reach, nothing is given or held with fewer than two signatures."""

from dataclasses import replace
from itertools import product

import pytest

from wayhouse.safeguarding.demand_forms import MOVE_FIELDS
from wayhouse.safeguarding.demand_words import MOVES, STAGES
from wayhouse.safeguarding.protocol import Post
from wayhouse.safeguarding.protocol.demands import (
    DEMANDS,
    GIVES,
    Brought,
    Matter,
    Move,
    Need,
    NotPossible,
    Stage,
    Standing,
    move,
    possible,
)

TEAM = frozenset({"sol", "dot", "dia"})
WORDS = frozenset(name for fields in MOVE_FIELDS.values() for name in fields)
WHOLE = Brought("sol", Post.LEAD, WORDS, readers=TEAM, here=1)
STEPS = [
    (what, by, matter)
    for what, by in product(Move, ("sol", "dot"))
    for matter in (Matter.COMPLIED, Matter.NOTHING)
    if what == Move.PROPOSE or matter == Matter.COMPLIED
]


def reached() -> dict[Standing, set[tuple[Move, str]]]:
    """Every place of the table, with what led there."""
    found: dict[Standing, set[tuple[Move, str]]] = {Standing(): set()}
    todo = [Standing()]
    while todo:
        here = todo.pop()
        for what, by, matter in STEPS:
            try:
                there = move(here, what, replace(WHOLE, actor=by, matter=matter))
            except NotPossible:
                continue
            if there not in found:
                todo.append(there)
            found.setdefault(there, set()).add((what, by))
    return found


def test_two_different_people_sign_whatever_is_given_or_held() -> None:
    found = reached()
    assert {one.stage for one in found} == set(Stage)
    assert {line.move for line in DEMANDS} == {what for ways in found.values() for what, _by in ways}
    for here in found:
        assert (here.decision is None) == (len(here.signed) != 2), here
        assert here.stage != Stage.ANSWERED or here.decision in GIVES, here
        # One who signs alone changes nothing that is held, whichever way.
        for what, by, matter in STEPS:
            alone = replace(WHOLE, actor=by, matter=matter)
            if here.waits is None or here.waits[1] == by:
                try:
                    assert move(here, what, alone).held == here.held
                except NotPossible:
                    continue


@pytest.mark.parametrize("matter", [Matter.COMPLIED, Matter.HOLD, Matter.LIFT, Matter.STAY])
def test_a_signature_counts_while_whoever_gave_it_answers(matter: Matter) -> None:
    here = Standing(Stage.CHECKED, (matter, "sol"), held=matter in {Matter.LIFT, Matter.STAY})
    with pytest.raises(NotPossible) as refused:
        move(here, Move.CONFIRM, replace(WHOLE, actor="dot", readers=TEAM - {"sol"}))
    assert refused.value.lacking == (Need.SECOND,)
    with pytest.raises(NotPossible):
        move(here, Move.CONFIRM, WHOLE)
    after = move(here, Move.CONFIRM, replace(WHOLE, actor="dot"))
    assert after.waits is None
    decided = Standing(Stage.DECIDED, decision=Matter.COMPLIED, signed=frozenset({"sol", "dot"}))
    assert move(decided, Move.ANSWER, replace(WHOLE, actor="dia")).stage == Stage.ANSWERED
    with pytest.raises(NotPossible) as late:
        move(decided, Move.ANSWER, replace(WHOLE, actor="dia", readers=TEAM - {"dot"}))
    assert late.value.lacking == (Need.GIVES,)
    assert move(decided, Move.UNSIGN, replace(WHOLE, actor="dot")).signed == frozenset()


def test_each_field_is_asked_for_and_what_a_page_offers_is_possible() -> None:
    for here, (what, by, matter) in product(reached(), STEPS):
        for name in MOVE_FIELDS[what]:
            fewer = replace(WHOLE, actor=by, matter=None, filled=WORDS - {name})
            with pytest.raises(NotPossible):
                move(here, what, fewer if name == "matter" else replace(fewer, matter=matter))
    for here in reached():
        can = {what for what, by, matter in STEPS if _goes(here, what, by, matter)}
        assert can - possible(here) == set()
        assert possible(here) - can == set(), here
    assert set(MOVES) == set(Move) == set(MOVE_FIELDS)
    assert set(STAGES) == set(Stage)


def _goes(here: Standing, what: Move, by: str, matter: Matter) -> bool:
    try:
        move(here, what, replace(WHOLE, actor=by, matter=matter))
    except NotPossible:
        return False
    return True
