"""A scene from memory is the scene itself, and nothing comes from memory where a difference could be made."""

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from django.utils import translation

from conftest import Cast
from wayhouse.core.tests import rehearsing
from wayhouse.people.invitations import found
from wayhouse.people.models import Person, Role

NOWHERE = UUID(int=0)
Played = tuple[rehearsing.Rows, dict[object, bytes], list[Person]]


@pytest.fixture(autouse=True)
def _nothing_kept(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsing, "_KEPT", {})


def begin(cast: Cast) -> Person:
    _programme, token = found("A house (invented)", "A circle", "Ana", time_zone="Europe/Berlin")
    return cast.accept(token, "ana")


def play(number_from_memory: int, between: Callable[[Person], object] = lambda _ana: None) -> Played:
    """Ana begins in an empty house and Bo joins; how much of it has to come from memory."""
    cast = Cast()
    with transaction.atomic(), cast.stage.watched() as stage:
        ana = stage.play("ana", functools.partial(begin, cast))
        between(ana)
        bo = stage.play("bo", lambda: cast.enter("bo", Role.Kind.FACILITATOR, ana))
        rows = rehearsing._all_rows()
        assert stage.again == number_from_memory
        transaction.set_rollback(True)
    return rows, cast.secrets, [ana, bo]


def test_a_scene_from_memory_is_the_scene_itself() -> None:
    first, again = play(0), play(2)
    assert first == again
    assert sum(map(len, first[0].values())) > 20
    assert [mine is others for mine, others in zip(first[2], again[2], strict=True)] == [False, False]


def _elsewhere(ana: Person) -> list[Person]:
    ana.programme_id = NOWHERE
    return [ana]


def test_who_came_before_is_one_person_in_both_scenes() -> None:
    for number_from_memory in (0, 2):
        cast = Cast()
        with transaction.atomic(), cast.stage.watched() as stage:
            ana = stage.play("ana", functools.partial(begin, cast))
            alone: list[Person] = stage.play("alone", functools.partial(_elsewhere, ana))
            assert (alone[0] is ana, ana.programme_id, stage.again) == (True, NOWHERE, number_from_memory)
            transaction.set_rollback(True)


def _writes(ana: Person) -> None:
    ana.programme.save()


@pytest.mark.parametrize(
    ("around", "between", "from_memory"),
    [
        (nullcontext(), _writes, 1),
        (translation.override("ar"), None, 0),
        (time_machine.travel(1_700_000_000, tick=False), None, 0),
        (time_machine.travel(1_700_000_000, tick=True), None, 0),
    ],
    ids=["written in between", "another language", "another day", "a clock that goes on"],
)
def test_what_makes_a_difference_is_done_anew(
    around: AbstractContextManager[object], between: Callable[[Person], object] | None, from_memory: int
) -> None:
    people = play(0)[2]
    with around:
        others = play(from_memory, between or (lambda _ana: None))[2]
    assert [one == other for one, other in zip(people, others, strict=True)] == [from_memory == 1, False]
