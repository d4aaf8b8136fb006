from dataclasses import replace
from datetime import time, timedelta

import pytest
import time_machine
from django.db import transaction

from wayhouse.notices.actions import agree_contact, drop_old_notices, hold_back, notify, withdraw
from wayhouse.notices.delivering import deliver_due
from wayhouse.notices.hours import Hours
from wayhouse.notices.kinds import Channel, Kind
from wayhouse.notices.models import Notice
from wayhouse.notices.plan import Plan
from wayhouse.notices.tests.conftest import BY_MAIL, NOON, Outside, Someone, put_in, stands

TOWARDS_EVENING = replace(BY_MAIL, hours=Hours(time(20), time(9), zone="UTC"))
ALL_THREE = (Channel.PUSH, Channel.SMS, Channel.EMAIL)


def test_the_same_thing_is_told_once(someone: Someone, outside: Outside) -> None:
    agree_contact(BY_MAIL, actor=someone)
    assert [put_in(someone), put_in(someone, Someone()), put_in(someone)] == [1, 1, 0]
    assert put_in(someone, once="evening:2") == 1
    assert Notice.objects.count() == 3


def test_a_notice_stands_and_falls_with_what_it_tells(someone: Someone) -> None:
    with transaction.atomic():
        put_in(someone)
        transaction.set_rollback(True)
    assert Notice.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_nothing_is_put_in() -> None:
    with pytest.raises(RuntimeError):
        notify([], Kind.NOTE, once="evening:1")


def test_a_name_of_a_thing_cannot_hold_a_word(someone: Someone) -> None:
    with pytest.raises(ValueError, match="codes"):
        put_in(someone, once="Cass is late")


def test_who_agreed_to_nothing_hears_nothing(someone: Someone, outside: Outside) -> None:
    put_in(someone)
    deliver_due()
    assert (outside.arrived, stands()) == ([], [("", "skipped", "no_plan")])


def test_outside_of_the_hours_it_waits_for_them(
    someone: Someone, outside: Outside, clock: time_machine.Traveller
) -> None:
    agree_contact(TOWARDS_EVENING, actor=someone)
    put_in(someone)
    deliver_due()
    assert (outside.ways, stands()) == ([], [("", "due", "")])
    clock.move_to(NOON.replace(hour=19, minute=59))
    assert deliver_due() == 0
    clock.move_to(NOON.replace(hour=20))
    deliver_due()
    assert (outside.ways, stands()) == ([Channel.EMAIL], [("email", "delivered", "")])


def test_what_is_over_before_the_hours_begin_is_not_sent(
    someone: Someone, outside: Outside, clock: time_machine.Traveller
) -> None:
    agree_contact(TOWARDS_EVENING, actor=someone)
    put_in(someone, ends_at=NOON + timedelta(hours=7))
    deliver_due()
    assert (outside.arrived, stands()) == ([], [("", "skipped", "no_hour")])


def test_a_page_ignores_the_hours_only_of_who_agreed_to_it(
    someone: Someone, outside: Outside, clock: time_machine.Traveller
) -> None:
    on_call = Someone()
    agree_contact(replace(TOWARDS_EVENING, paged=True), actor=on_call)
    agree_contact(TOWARDS_EVENING, actor=someone)
    put_in(someone, on_call, kind=Kind.CALL_IN, urgent=True)
    put_in(on_call, once="evening:2")
    deliver_due()
    assert [(letter.person_id, letter.words) for letter in outside.arrived] == [(on_call.pk, "Please call in.")]


def test_an_escalation_goes_over_each_way_that_is_named_and_agreed(someone: Someone, outside: Outside) -> None:
    agree_contact(
        Plan(channels=(Channel.SMS, Channel.PUSH), phone="+49170", paged=True),
        actor=someone,
    )
    put_in(someone, kind=Kind.CALL_IN_NOW, urgent=True, channels=ALL_THREE)
    deliver_due()
    assert set(stands()) == {("push", "delivered", ""), ("sms", "delivered", ""), ("email", "skipped", "not_agreed")}


def test_where_nothing_may_stay_no_mail_and_no_text_goes(someone: Someone, outside: Outside) -> None:
    agree_contact(replace(BY_MAIL, channels=ALL_THREE, may_stay=False), actor=someone)
    put_in(someone, channels=ALL_THREE)
    put_in(someone, once="evening:2")
    deliver_due()
    assert outside.ways == [Channel.PUSH, Channel.PUSH]


def test_what_is_handled_is_not_told_any_more(someone: Someone, outside: Outside) -> None:
    other = Someone()
    for person in (someone, other):
        agree_contact(replace(BY_MAIL, hours=Hours(zone="UTC", days=())), actor=person)
    put_in(someone, other)
    with transaction.atomic():
        assert withdraw("evening:1", [someone.pk]) == 1
    assert sorted(stands()) == [("", "due", ""), ("", "skipped", "handled")]
    assert hold_back(other.pk) == 1


def test_old_notices_go(someone: Someone, clock: time_machine.Traveller) -> None:
    put_in(someone, ends_at=NOON + timedelta(hours=1))
    clock.move_to(NOON + timedelta(days=30, hours=1))
    assert drop_old_notices() == 0
    clock.shift(1)
    assert (drop_old_notices(), Notice.objects.count()) == (1, 0)
