"""Accounts of their own for the tests of this room, which know nothing of people."""

from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from conftest import PASSPHRASE
from wayhouse.accounts.actions import open_account


class Account:
    """What the owner of an account knows, and their browser."""

    def __init__(self, handle: str) -> None:
        self.handle, self.passphrase = handle, PASSPHRASE
        self.user, self.secret, self.code = open_account(handle, PASSPHRASE)
        self.browser = Client()

    @property
    def tag(self) -> str:
        """Under which the database knows the handle."""
        return self.user.username

    def sign_in(self, **typed: str) -> Client:
        """Type name and passphrase; the browser is returned wherever it was led."""
        self.browser.post(reverse("account_login"), {"login": self.handle, "password": self.passphrase, **typed})
        return self.browser

    def prove(self) -> Client:
        """Type the passphrase once more, before something that matters."""
        self.browser.post(reverse("account_reauthenticate"), {"password": self.passphrase})
        return self.browser

    def add_app(self, now: float) -> str:
        """Add an authenticator app and return its seed."""
        self.sign_in()
        self.prove()
        page = self.browser.get(reverse("mfa_activate_totp"))
        seed: str = page.context["form"].secret
        done = self.browser.post(reverse("mfa_activate_totp"), {"code": code_of(seed, now)})
        assert done.headers["Location"] == reverse("mfa_view_recovery_codes")
        self.browser = Client()
        return seed


def code_of(seed: str, now: float) -> str:
    """What an app with this seed shows at a moment."""
    return str(format_hotp_value(hotp_value(seed, int(now) // 30)))


def whole_database() -> str:
    """Every value of every table, as text and as hex."""
    words = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  names from the database itself
            for row in cursor.fetchall():
                words += [bytes(v).hex() if isinstance(v, bytes | memoryview) else str(v) for v in row]
    return "\n".join(words)


@pytest.fixture(autouse=True)
def _fresh_start(settings: object) -> Iterator[None]:
    # The first screen is a higher room; here the way ends at home.
    settings.LOGIN_REDIRECT_URL = "accounts:security"  # type: ignore[attr-defined]
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def fox(db: None) -> Account:
    return Account("Quiet Fox")


@pytest.fixture
def wren(db: None) -> Account:
    return Account("wren")


@pytest.fixture
def stretched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one whenever a passphrase is stretched."""
    from wayhouse.crypto import passphrase

    calls: list[int] = []
    stretch: Callable[[bytes, bytes], bytes] = passphrase._argon2id

    def counted(words: bytes, salt: bytes) -> bytes:
        calls.append(1)
        return stretch(words, salt)

    monkeypatch.setattr(passphrase, "_argon2id", counted)
    return calls
