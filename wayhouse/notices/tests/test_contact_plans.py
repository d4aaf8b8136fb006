from dataclasses import replace
from datetime import time
from types import SimpleNamespace
from typing import cast

import pytest

from wayhouse.accounts.oneself import Oneself
from wayhouse.crypto import server
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.shred import add_subject, shred
from wayhouse.notices.actions import agree_contact, forget, stop_contact
from wayhouse.notices.forms import PlanForm
from wayhouse.notices.hours import Hours
from wayhouse.notices.kinds import Channel, Kind
from wayhouse.notices.models import ContactPlan, Notice
from wayhouse.notices.plan import Plan
from wayhouse.notices.tests.conftest import BY_MAIL, Someone, put_in, stands

WHOLE = Plan(
    channels=(Channel.SMS, Channel.PUSH),
    phone="+491700000000",
    language="de",
    hours=Hours(time(17), time(19, 30), (0, 5), "Europe/Berlin"),
    title="Chor",
    words="Noten nicht vergessen",
    may_stay=False,
    paged=True,
)


def test_what_was_agreed_is_what_is_read(someone: Someone) -> None:
    agree_contact(BY_MAIL, actor=someone)
    agree_contact(WHOLE, actor=someone)
    assert [row.plan() for row in ContactPlan.objects.all()] == [WHOLE]


@pytest.mark.abuse(10)
def test_all_that_leaves_is_a_cover_title_and_a_sentence_that_could_be_anybodys(someone: Someone) -> None:
    assert BY_MAIL.says(Kind.REMINDER) == ("Note", "You have a reminder.")
    assert replace(BY_MAIL, language="de").says(Kind.REMINDER) == ("Notiz", "Du hast eine Erinnerung.")
    assert WHOLE.says(Kind.QUESTION) == ("Chor", "Noten nicht vergessen")
    # Whoever is on call must know a page from everything else.
    assert WHOLE.says(Kind.CALL_IN) == ("Chor", "Bitte melde dich.")


def test_stopping_leaves_no_plan_and_nothing_that_waits(someone: Someone) -> None:
    agree_contact(BY_MAIL, actor=someone)
    put_in(someone)
    stop_contact(actor=someone)
    assert (ContactPlan.objects.count(), stands()) == (0, [("", "skipped", "handled")])


@pytest.mark.abuse(25, 26)
def test_a_thief_of_the_database_has_neither_key(someone: Someone, monkeypatch: pytest.MonkeyPatch) -> None:
    agree_contact(WHOLE, actor=someone)
    row = ContactPlan.objects.get()
    assert b"491700000000" not in bytes(row.box)
    monkeypatch.setattr(server, "courier_key", lambda: bytes(32))
    with pytest.raises(CannotOpen):
        row.plan()


@pytest.mark.abuse(27)
def test_a_plan_opens_only_where_it_was_put(someone: Someone) -> None:
    other = Someone()
    agree_contact(WHOLE, actor=someone)
    agree_contact(BY_MAIL, actor=other)
    row = ContactPlan.objects.get(person_id=someone.pk)
    row.box = ContactPlan.objects.get(person_id=other.pk).box
    with pytest.raises(CannotOpen):
        row.plan()


def test_who_is_erased_is_reached_by_nobody_not_even_from_a_backup(someone: Someone) -> None:
    agree_contact(WHOLE, actor=someone)
    put_in(someone)
    stolen = ContactPlan.objects.get()
    shred(someone.pk)
    forget(someone.pk)
    assert (ContactPlan.objects.count(), Notice.objects.count()) == (0, 0)
    with pytest.raises(CannotOpen):
        stolen.plan()
    add_subject(someone.pk)
    with pytest.raises(CannotOpen):
        stolen.plan()


def test_a_title_is_one_line(db: None) -> None:
    reader = SimpleNamespace(language="en", opens_words_of_others=True)
    form = PlanForm({"title": "Two\nlines", "words": "And\x00more"}, reader=cast("Oneself", reader), plan=None)
    assert {"title", "words"} <= set(form.errors)
    assert PlanForm({"title": "One line"}, reader=cast("Oneself", reader), plan=None).errors.get("title") is None
    # One that was agreed before lines were checked.
    assert Plan(title="Two\r\nlines").says(Kind.NOTE)[0] == "Two lines"
