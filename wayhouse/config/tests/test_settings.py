import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from wayhouse.config import environ
from wayhouse.config.checks import no_quick_keys_in_earnest

ROOT = Path(__file__).resolve().parents[3]


def test_every_setting_is_explained_and_every_explanation_is_a_setting() -> None:
    read = set(re.findall(r'"(WAYHOUSE_[A-Z_]+)"', (ROOT / "wayhouse/config/settings.py").read_text()))
    explained = set(
        re.findall(r"^\| `(WAYHOUSE_[A-Z_]+)`", (ROOT / "docs/reference/settings.md").read_text(), re.MULTILINE)
    )
    assert explained == read


@pytest.mark.parametrize(("value", "meant"), [("yes", True), ("1", True), ("No", False), ("0", False), ("", True)])
def test_flags(monkeypatch: pytest.MonkeyPatch, value: str, *, meant: bool) -> None:
    monkeypatch.setenv("WAYHOUSE_X", value)
    assert environ.flag("WAYHOUSE_X", default=True) == meant


def test_a_flag_that_is_neither_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYHOUSE_X", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="WAYHOUSE_X"):
        environ.flag("WAYHOUSE_X")


def test_databases(tmp_path: Path) -> None:
    assert environ.database("", tmp_path)["NAME"] == str(tmp_path / "wayhouse.sqlite3")
    postgresql = environ.database("postgresql://ana:a%20b@db:5433/house?sslmode=require", tmp_path)
    assert {name: postgresql[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "house",
        "USER": "ana",
        "PASSWORD": "a b",
        "HOST": "db",
        "PORT": "5433",
    }
    with pytest.raises(ImproperlyConfigured, match="mysql"):
        environ.database("mysql://x", tmp_path)


def test_folders_are_for_the_owner_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WAYHOUSE_X", str(tmp_path / "new"))
    assert environ.folder("WAYHOUSE_X", tmp_path).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(("secure", "errors"), [(True, 1), (False, 0)])
def test_quick_keys_are_refused_in_earnest(settings: object, *, secure: bool, errors: int) -> None:
    settings.WAYHOUSE_QUICK_KDF, settings.SECURE = True, secure  # type: ignore[attr-defined]
    assert len(no_quick_keys_in_earnest()) == errors


def test_mail_goes_out_encrypted_or_not_at_all() -> None:
    assert environ.mail("").backend.endswith("dummy.EmailBackend")
    backend = "django.core.mail.backends.smtp.EmailBackend"
    assert environ.mail("smtps://us:w%40rd@mail.example.org") == (backend, "mail.example.org", 465, "us", "w@rd", True)
    assert environ.mail("smtp://mail.example.org:2525")[2:] == (2525, "", "", False)
    with pytest.raises(ImproperlyConfigured):
        environ.mail("mail.example.org")
