import base64
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from wayhouse.accounts.models import Session
from wayhouse.accounts.session_store import IDLE, LONGEST, SessionStore, end_sessions
from wayhouse.accounts.tests.conftest import Account, whole_database
from wayhouse.crypto import server

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CANARY = "canary-4f1d9b"


def token_of(browser: Client) -> str:
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def is_signed_in(browser: Client) -> bool:
    return browser.get(reverse("accounts:security")).status_code == 200


def test_what_a_session_holds_is_found_nowhere(db: None) -> None:
    session = SessionStore()
    session[CANARY] = {CANARY: CANARY}
    session.save()
    stored = whole_database()
    forms = [
        CANARY,
        CANARY.encode().hex(),
        CANARY.encode("utf-16-le").hex(),
        base64.b64encode(CANARY.encode()).decode(),
    ]
    assert [form for form in forms if form in stored] == []
    assert SessionStore(session.session_key)[CANARY] == {CANARY: CANARY}


def test_neither_token_nor_key_is_in_the_database(fox: Account) -> None:
    token = token_of(fox.sign_in())
    stored = whole_database()
    secrets = [token, token.encode().hex(), fox.secret.hex(), fox.passphrase, fox.handle, fox.code]
    assert [secret for secret in secrets if secret in stored] == []


@pytest.mark.abuse(19)
def test_nothing_from_the_table_works_as_a_cookie(fox: Account) -> None:
    fox.sign_in()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_session")
        values = [bytes(v).hex() if isinstance(v, bytes | memoryview) else str(v) for v in cursor.fetchone()]
    for value in values:
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = value
        assert not is_signed_in(thief)
    assert is_signed_in(fox.browser)


@pytest.mark.abuse(7)
def test_fifteen_quiet_minutes_end_a_session(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        fox.sign_in()
        clock.shift(IDLE - timedelta(seconds=1))
        assert is_signed_in(fox.browser)
        clock.shift(IDLE - timedelta(seconds=1))
        assert is_signed_in(fox.browser)
        clock.shift(IDLE)
        assert not is_signed_in(fox.browser)


@pytest.mark.abuse(24)
@pytest.mark.parametrize(
    ("shift", "open_then"),
    [
        (timedelta(seconds=90), True),
        (timedelta(seconds=-90), True),
        (timedelta(seconds=-91), False),
        (timedelta(days=1), False),
        (timedelta(days=-1), False),
    ],
)
def test_a_clock_that_jumps_never_opens_an_ended_session(fox: Account, shift: timedelta, *, open_then: bool) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        fox.sign_in()
        clock.shift(shift)
        assert is_signed_in(fox.browser) is open_then


def test_eight_hours_end_a_session_whatever_happens_in_it(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        fox.sign_in()
        for _ in range(47):
            clock.shift(timedelta(minutes=10))
            fox.prove()
        assert is_signed_in(fox.browser)
        clock.move_to(NOON + LONGEST)
        assert not is_signed_in(fox.browser)


def test_reading_a_page_twice_in_a_minute_writes_nothing(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        fox.sign_in()
        before = Session.objects.get().idle_at
        clock.shift(59)
        is_signed_in(fox.browser)
        assert Session.objects.get().idle_at == before
        clock.shift(2)
        is_signed_in(fox.browser)
        assert Session.objects.get().idle_at == NOON + timedelta(seconds=61) + IDLE


@pytest.mark.abuse(20)
def test_another_start_of_the_server_opens_no_session(fox: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    fox.sign_in()
    monkeypatch.setattr(server, "boot_key", lambda: b"another start of the same server")
    assert not is_signed_in(fox.browser)


@pytest.mark.abuse(27)
def test_a_row_moved_to_another_account_does_not_open(fox: Account, wren: Account) -> None:
    fox.sign_in()
    Session.objects.update(user=wren.user)
    assert not is_signed_in(fox.browser)


def test_a_new_token_takes_everything_along_and_the_old_one_is_gone(db: None) -> None:
    session = SessionStore()
    session["kept"] = 1
    session.save()
    old = session.session_key
    session.cycle_key()
    session.save()
    assert session.session_key != old
    assert SessionStore(session.session_key)["kept"] == 1
    assert SessionStore(old).load() == {}
    assert Session.objects.count() == 1


def test_a_new_token_makes_a_signed_in_session_no_longer(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        fox.sign_in()
        clock.shift(600)
        session = SessionStore(token_of(fox.browser))
        session.cycle_key()
        session.save()
        assert Session.objects.get().ends_at == NOON + LONGEST


def test_a_shorter_time_is_kept_under_a_new_token_and_never_grows(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        session = SessionStore(token_of(fox.sign_in()))
        session.end_within(timedelta(hours=4))
        clock.shift(timedelta(minutes=5))
        session.cycle_key()
        session.end_within(timedelta(hours=6))
        session.save()
    row = Session.objects.get(pk=session.sid)
    assert (row.created_at, row.ends_at) == (NOON, NOON + timedelta(hours=4))


@pytest.mark.abuse(18)
def test_signing_in_begins_eight_new_hours_under_a_new_token(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        visit = SessionStore()
        visit["anything"] = 1
        visit.save()
        planted = visit.session_key
        fox.browser.cookies[settings.SESSION_COOKIE_NAME] = str(planted)
        clock.shift(600)
        fox.sign_in()
        assert token_of(fox.browser) != planted
        row = Session.objects.get()
        assert (row.user_id, row.ends_at) == (fox.user.pk, NOON + timedelta(minutes=10) + LONGEST)


@pytest.mark.abuse(18)
def test_proving_again_who_one_is_changes_the_token(fox: Account) -> None:
    first = token_of(fox.sign_in())
    second = token_of(fox.prove())
    assert first != second
    assert Session.objects.count() == 1
    assert SessionStore(first).load() == {}


def test_an_evening_holds_the_session_open_but_not_for_longer_than_eight_hours(db: None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        session = SessionStore()
        session.hold_open(NOON + timedelta(hours=20))
        session.save()
        clock.shift(timedelta(hours=7, minutes=59))
        assert SessionStore(session.session_key).load() != {}
        clock.shift(timedelta(minutes=1))
        assert SessionStore(session.session_key).load() == {}


def test_after_the_evening_the_session_locks_as_usual(db: None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        session = SessionStore()
        session.hold_open(NOON + timedelta(hours=2))
        session.save()
        clock.shift(timedelta(hours=1, minutes=59))
        assert SessionStore(session.session_key).load() != {}
        clock.shift(IDLE)
        assert SessionStore(session.session_key).load() == {}


def test_all_sessions_of_an_account_end_but_one(fox: Account, wren: Account) -> None:
    here = token_of(fox.sign_in())
    fox.browser = Client()
    there = token_of(fox.sign_in())
    other = token_of(wren.sign_in())
    end_sessions(fox.user.pk, but=here)
    assert [bool(SessionStore(token).load()) for token in (here, there, other)] == [True, False, True]
    end_sessions(fox.user.pk)
    assert [bool(SessionStore(token).load()) for token in (here, other)] == [False, True]


def test_a_session_ended_elsewhere_is_not_written_back(fox: Account) -> None:
    session = SessionStore(token_of(fox.sign_in()))
    assert session[SESSION_KEY] == str(fox.user.pk)
    end_sessions(fox.user.pk)
    session["late"] = 1
    with pytest.raises(UpdateError):
        session.save()
    assert Session.objects.count() == 0


def test_what_has_ended_is_cleared_away(db: None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for hours in (0, 1):
            session = SessionStore()
            session.hold_open(NOON + timedelta(hours=hours))
            session.save()
        clock.shift(IDLE)
        SessionStore.clear_expired()
        assert Session.objects.count() == 1
        clock.shift(LONGEST)
        SessionStore.clear_expired()
        assert Session.objects.count() == 0


def test_messages_wait_in_the_sealed_session(fox: Account) -> None:
    fox.sign_in()
    fox.browser.post(reverse("accounts:end_session"), {"session": "others"})
    said = "Signed out there."
    assert said not in whole_database()
    assert set(fox.browser.cookies) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    assert said in fox.browser.get(reverse("accounts:security")).content.decode()


@pytest.mark.abuse(36)
def test_a_database_that_is_away_does_not_look_like_a_session_that_ended(db: None) -> None:
    """Django answers 400 to a session that ended meanwhile; what passes by itself is answered with 503."""
    session = SessionStore()
    session.create()
    session["more"] = 1
    with patch.object(Session, "save", side_effect=OperationalError), pytest.raises(OperationalError):
        session.save()
    session.save()
    assert SessionStore(session.session_key)["more"] == 1
