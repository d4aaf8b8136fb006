"""Whoever sends may be killed at any moment: stepped through here, as if nobody lived to take the next step."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from wayhouse.notices import channels, delivering
from wayhouse.notices.actions import agree_contact, withdraw
from wayhouse.notices.channels import Letter, NoDevice, NotSent, Refused, Unsure
from wayhouse.notices.delivering import LEASE, WAITS, claim, decide, deliver_due, mark, send
from wayhouse.notices.kinds import Channel
from wayhouse.notices.models import Delivery, Notice
from wayhouse.notices.plan import Plan
from wayhouse.notices.tests.conftest import BY_MAIL, Outside, Someone, put_in, stands

TWO_WAYS = replace(BY_MAIL, channels=(Channel.PUSH, Channel.EMAIL))


@pytest.fixture
def due(someone: Someone, outside: Outside, clock: time_machine.Traveller) -> Someone:
    agree_contact(BY_MAIL, actor=someone)
    put_in(someone)
    return someone


def the_one() -> Delivery:
    return Delivery.objects.select_related("notice").get()


def a_letter(delivery: Delivery) -> Letter:
    letter = decide(delivery)
    assert isinstance(letter, Letter)
    return letter


def claimed() -> tuple[Delivery, Letter]:
    delivery = the_one()
    letter = a_letter(delivery)
    assert claim(delivery, letter.channel)
    return delivery, letter


def test_killed_before_the_claim_it_is_sent_once(due: Someone, outside: Outside) -> None:
    decide(the_one())
    deliver_due()
    assert (len(outside.arrived), the_one().state, the_one().repeated) == (1, "delivered", False)


@pytest.mark.abuse(34)
@pytest.mark.parametrize("went", [False, True])
def test_killed_before_the_mark_it_is_sent_once_more_and_marked(
    due: Someone, outside: Outside, clock: time_machine.Traveller, *, went: bool
) -> None:
    _delivery, letter = claimed()
    if went:
        send(letter)
    assert deliver_due() == 0  # it may still be on its way
    clock.shift(LEASE)
    deliver_due()
    assert (len(outside.arrived), the_one().state, the_one().repeated) == (1 + went, "delivered", True)
    assert len({letter.id for letter in outside.arrived}) == 1


@pytest.mark.abuse(34)
def test_killed_twice_it_is_never_sent_a_third_time(
    due: Someone, outside: Outside, clock: time_machine.Traveller
) -> None:
    for _death in range(2):
        _delivery, letter = claimed()
        send(letter)
        clock.shift(LEASE)
    deliver_due()
    assert (len(outside.arrived), stands()) == (2, [("email", "failed", "interrupted")])


@pytest.mark.abuse(34)
def test_killed_after_the_mark_nothing_is_left_to_do(
    due: Someone, outside: Outside, clock: time_machine.Traveller
) -> None:
    delivery, letter = claimed()
    mark(delivery, send(letter))
    clock.shift(LEASE)
    assert (deliver_due(), len(outside.arrived), the_one().repeated) == (0, 1, False)


def test_of_two_workers_one_sends(due: Someone, outside: Outside) -> None:
    one, other = the_one(), the_one()
    assert [claim(one, Channel.EMAIL), claim(other, Channel.EMAIL)] == [True, False]


def test_a_worker_that_wakes_up_late_does_not_mark_what_another_took_over(
    due: Someone, outside: Outside, clock: time_machine.Traveller
) -> None:
    late, _letter = claimed()
    clock.shift(LEASE)
    claimed()
    mark(late, Refused())
    assert (the_one().state, the_one().repeated) == ("sending", True)


def test_what_was_handled_while_it_was_being_sent_is_not_sent_again(
    due: Someone, outside: Outside, clock: time_machine.Traveller
) -> None:
    claimed()
    withdraw("evening:1")
    clock.shift(LEASE)
    deliver_due()
    assert (outside.arrived, stands()) == ([], [("email", "failed", "interrupted")])


def test_no_answer_is_tried_again_later_and_later_and_then_given_up(
    due: Someone, outside: Outside, clock: time_machine.Traveller
) -> None:
    outside.answers[Channel.EMAIL] = [NotSent() for _try in range(9)]
    for wait in WAITS:
        deliver_due()
        clock.shift(wait - timedelta(seconds=1))
        assert deliver_due() == 0
        clock.shift(1)
    deliver_due()
    assert (the_one().tries, stands()) == (6, [("email", "failed", "unreachable")])


def test_where_it_may_have_gone_it_is_tried_once_more_and_marked(
    due: Someone, outside: Outside, clock: time_machine.Traveller
) -> None:
    outside.answers[Channel.EMAIL] = [Unsure(), Unsure()]
    deliver_due()
    assert (the_one().state, the_one().repeated) == ("due", True)
    clock.shift(WAITS[0])
    deliver_due()
    assert stands() == [("email", "failed", "unreachable")]


@pytest.mark.parametrize(("answer", "why"), [(Refused(), "refused"), (NoDevice(), "no_device")])
def test_what_is_refused_goes_the_next_way_of_the_plan(
    someone: Someone, outside: Outside, clock: time_machine.Traveller, answer: NotSent, why: str
) -> None:
    agree_contact(TWO_WAYS, actor=someone)
    outside.answers[Channel.PUSH] = [answer]
    put_in(someone)
    deliver_due()
    deliver_due()
    assert sorted(stands()) == [("email", "delivered", ""), ("push", "failed", why)]


def test_a_plan_that_changed_meanwhile_is_obeyed(
    someone: Someone, outside: Outside, clock: time_machine.Traveller
) -> None:
    agree_contact(TWO_WAYS, actor=someone)
    outside.answers[Channel.PUSH] = [NotSent()]
    put_in(someone)
    deliver_due()
    agree_contact(BY_MAIL, actor=someone)
    clock.shift(WAITS[0])
    deliver_due()
    assert stands() == [("email", "delivered", "")]


def test_the_urgent_go_first(someone: Someone, outside: Outside, clock: time_machine.Traveller) -> None:
    agree_contact(BY_MAIL, actor=someone)
    put_in(someone)
    clock.shift(1)
    put_in(someone, once="page:1", urgent=True)
    deliver_due()
    assert [letter.urgent for letter in outside.arrived] == [True, False]


def test_a_way_that_the_house_does_not_use_is_skipped(someone: Someone, clock: time_machine.Traveller) -> None:
    agree_contact(Plan(channels=(Channel.SMS,), phone="+49170"), actor=someone)
    put_in(someone)
    deliver_due()
    assert stands() == [("", "skipped", "not_set_up")]


def test_what_nobody_foresaw_of_one_letter_holds_up_no_other(
    someone: Someone, outside: Outside, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [Someone(), Someone()]
    for person in (someone, *others):
        agree_contact(BY_MAIL, actor=person)
        put_in(person)
    plan_of, taken = delivering._plan_of, outside.take

    def opened(notice: Notice) -> Plan:
        if notice.person_id == others[0].pk:
            raise KeyError("hours")
        return plan_of(notice)

    def take(letter: Letter) -> None:
        if letter.person_id == someone.pk:
            raise UnicodeError
        taken(letter)

    monkeypatch.setattr(delivering, "_plan_of", opened)
    monkeypatch.setitem(channels.WAYS, Channel.EMAIL, channels.Way(lambda: True, take))
    with pytest.raises(KeyError):
        deliver_due()
    assert [letter.person_id for letter in outside.arrived] == [others[1].pk]
    assert set(stands()) == {("email", "failed", "refused"), ("", "due", ""), ("email", "delivered", "")}
