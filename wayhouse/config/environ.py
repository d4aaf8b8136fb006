"""Readers of the environment: every setting an operator may change passes through here."""

import os
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

Database = dict[str, object]
# Seconds that a page waits for PostgreSQL.
PATIENCE = 5

# Where the makers of browsers take messages for them: Google, Mozilla, Apple, Microsoft.
PUSH_SERVICES = (
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)


def text(name: str, default: str = "") -> str:
    """The value of an environment variable, or the default where it is unset or empty."""
    return os.environ.get(name) or default


def flag(name: str, *, default: bool = False) -> bool:
    """A yes/no setting: 1, true, yes, on / 0, false, no, off. Anything else is refused."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    message = f"{name} must be yes or no, not {value!r}"
    raise ImproperlyConfigured(message)


def number(name: str, default: int) -> int:
    """A whole number from 1. Error: `ImproperlyConfigured` for anything else."""
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < 1:
        message = f"{name} is a whole number from 1, not {value!r}"
        raise ImproperlyConfigured(message)
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty entries."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    """A folder, made with mode 0700 where it does not exist yet."""
    path = Path(text(name, str(default))).expanduser()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def database(url: str, data: Path) -> Database:
    """The Django database settings for a URL; SQLite in the data folder where the URL is empty.

    Error: `ImproperlyConfigured` for a scheme that is neither `postgresql` nor `sqlite`.
    """
    if not url:
        return _sqlite(data / "wayhouse.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(parts.path))
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(url)
    message = f"WAYHOUSE_DATABASE_URL: unknown scheme {parts.scheme!r}"
    raise ImproperlyConfigured(message)


class Mail(NamedTuple):
    """Django's mail settings, in the order in which `settings.py` takes them."""

    backend: str = "django.core.mail.backends.dummy.EmailBackend"
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    use_ssl: bool = False


def mail(url: str) -> Mail:
    """How mail goes out: `smtps://user:word@host:465`, or `smtp://...:587`, which must offer STARTTLS; else not at all.

    Error: `ImproperlyConfigured` for another scheme.
    """
    if not url:
        return Mail()
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        message = f"WAYHOUSE_MAIL_URL: smtp://host or smtps://host, not {parts.scheme!r}"
        raise ImproperlyConfigured(message)
    secure = parts.scheme == "smtps"
    port = parts.port or (465 if secure else 587)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Mail("django.core.mail.backends.smtp.EmailBackend", parts.hostname, port, user, password, secure)


def _sqlite(path: Path) -> Database:
    return {
        "ENGINE": "wayhouse.core.sqlite",
        "NAME": str(path),
        # Opening and closing a file in WAL mode for each request costs more than most pages do.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            # Python keeps 128 statements by default, and pages ask more different ones; reading the text of one
            # anew costs as much as running it.
            "cached_statements": 1024,
            # Writers queue at BEGIN instead of dying at their first write (design page "Stack").
            "transaction_mode": "IMMEDIATE",
            # secure_delete and temp_store: erased words do not linger in free pages or temporary files.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def _postgresql(url: str) -> Database:
    parts = urlsplit(url)
    options: dict[str, object] = dict(parse_qsl(parts.query))
    # The pool keeps throughput; it asks for CONN_MAX_AGE=0, which is Django's default. A page waits while PostgreSQL is
    # restarted, and no longer: by default it would hold its thread for half a minute, and whoever gave up connecting
    # would try again after ever longer times, up to minutes.
    options["pool"] = {"min_size": 1, "max_size": 8, "timeout": PATIENCE, "reconnect_timeout": PATIENCE}
    # Of those cursors that give values beside the text: from the second time on the server has the plan.
    options["prepare_threshold"] = 1
    return {
        "ENGINE": "wayhouse.core.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }
