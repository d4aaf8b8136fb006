"""`wayhouse doctor` says what is exposed and what is overdue, and names nobody."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from conftest import Cast
from wayhouse.accounts.models import Session
from wayhouse.audit.heads import publish_head
from wayhouse.config.backup.saving import save
from wayhouse.config.examination import BAD, GOOD, LOOK, examine
from wayhouse.crypto import server
from wayhouse.crypto.archive import make_keys
from wayhouse.crypto.rootkey import SEALED_FILE
from wayhouse.notices.models import SweepRun
from wayhouse.people.models import Person

# A line for each thing that is looked at, in a house as it should be, with nobody in it.
SOUND = """\
  good  {data} can be read by its owner only.
  good  {keys} can be read by its owner only.
  look  {keys}/root.key lies on the same disk as the data: a thief of this disk can guess passphrases.\
 Run: wayhouse seal
  good  The root key opens what was sealed with it.
  good  Cookies travel by HTTPS only.
  good  Everybody but members needs a second step.
  good  Messages are really sent.
  good  Passphrases are stretched in full.
  good  The database refuses to change or remove an entry of the log.
  good  Every account that opens words of others has a second step.
  good  Every programme has at least 2 coordinators with an account.
  good  Every programme has at least 1 safeguarding lead with an account.
  good  Nothing that ran out is still kept.
  good  The log was signed as it should be.
  good  The worker does what is due.
  look  No backups: WAYHOUSE_BACKUP_KEY is not set. Run: wayhouse backup_key
  good  Every law sheet of your own can be read.
  good  Your own file of crisis numbers, if you have one, can be read.
  good  Whoever copies {thing} holds 0 sealed records. In clear are 0 random ids with roles, groups, answers, presences\
 and the language of messages, the times of evenings, and the names of the organisation, its programmes and cycles\
 (docs/explanation/confidentiality-formats.md).
"""
GUARDED = "  good  The database refuses to change or remove an entry of the log."
ONE_ROLE = (
    "  look  The database role that serves could take away what keeps the log from being rewritten."
    " Run, as another role that owns the tables: wayhouse grant ROLE"
)


@pytest.fixture(autouse=True)
def sound(db: None, settings: Settings, tmp_path: Path) -> Settings:
    """Settings and folders as they should be."""
    for name in ("data", "keys"):
        (tmp_path / name).mkdir(mode=0o700)
    settings.WAYHOUSE_DATA, settings.WAYHOUSE_KEYS = tmp_path / "data", tmp_path / "keys"
    settings.SECURE = settings.WAYHOUSE_SECOND_STEP = True
    settings.WAYHOUSE_QUICK_KDF = False
    SweepRun.objects.create(name="notices.worker", next_at=timezone.now(), ended_at=timezone.now())
    return settings


def said(level: str) -> list[str]:
    return [finding.words for finding in examine() if finding.level == level]


def test_a_sound_house_has_nothing_to_mend() -> None:
    assert said(BAD) == []


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("SECURE", False, "WAYHOUSE_HTTPS=no: cookies travel in clear."),
        (
            "WAYHOUSE_SECOND_STEP",
            False,
            "WAYHOUSE_SECOND_STEP=no: a found passphrase is enough to read what staff read.",
        ),
        ("WAYHOUSE_QUICK_KDF", True, "WAYHOUSE_QUICK_KDF=yes: passphrases are hardly stretched. That is for tests."),
    ],
)
def test_a_weak_setting_is_said(sound: Settings, setting: str, value: bool, words: str) -> None:  # noqa: FBT001
    setattr(sound, setting, value)
    assert said(BAD) == [words]


@pytest.mark.parametrize("name", ["WAYHOUSE_DATA", "WAYHOUSE_KEYS"])
def test_a_folder_that_others_can_read_is_said(sound: Settings, name: str) -> None:
    folder: Path = getattr(sound, name)
    folder.chmod(0o750)
    assert said(BAD) == [f"{folder} can be read by others. Run: chmod 700 {folder}"]


def test_a_key_beside_the_data_is_said(sound: Settings) -> None:
    assert f"{sound.WAYHOUSE_KEYS / 'root.key'} lies on the same disk" in said(LOOK)[0]


def test_a_worker_that_is_gone_or_fails_is_said() -> None:
    SweepRun.objects.update(failed="OSError")
    assert said(BAD) == ["Of what the worker does, this fails: notices.worker (OSError)."]
    SweepRun.objects.update(ended_at=timezone.now() - timedelta(minutes=11))
    assert [words[:46] for words in said(BAD)] == ["The worker was not seen for ten minutes: nothi"]


def test_a_law_sheet_that_cannot_be_used_is_said(sound: Settings) -> None:
    (Path(sound.WAYHOUSE_DATA) / "law").mkdir()
    (Path(sound.WAYHOUSE_DATA) / "law" / "fr.yaml").write_text("title: France\n")
    (Path(sound.WAYHOUSE_DATA) / "numbers.yaml").write_text("no: list\n")
    sheets, numbers = said(BAD)
    assert sheets.endswith("fr.yaml: version: it is missing.")
    assert numbers.endswith("the whole file: a list is expected here.")


def test_who_lacks_a_second_step_is_counted(cast: Cast, ana: Person, bo: Person, cass: Person) -> None:
    publish_head()
    lacking = "{} of the accounts that open words of others have no second step yet."
    assert lacking.format(2) in said(LOOK)
    Authenticator.objects.create(user=ana.user, type="totp", data={"secret": "x"})
    assert lacking.format(1) in said(LOOK)
    Authenticator.objects.create(user=bo.user, type="webauthn", data={})
    assert "Every account that opens words of others has a second step." in said(GOOD)


def test_a_programme_that_hangs_on_one_person_is_said(cast: Cast, ana: Person, sol: Person) -> None:
    (words,) = (words for words in said(LOOK) if "of the programmes" in words)
    assert words.startswith("In 1 of the programmes there are fewer than 2 coordinators with an account:")
    sol.roles.create(kind="coordinator")
    assert [words for words in said(LOOK) if "of the programmes" in words] == []


def test_what_ran_out_and_is_still_kept_is_counted() -> None:
    then = timezone.now() - timedelta(hours=3)
    Session.objects.create(sid="a" * 64, box=b"", created_at=then, idle_at=then, ends_at=then)
    (words,) = said(BAD)
    assert words == (
        "Still kept, though they ran out over two hours ago: 1 sessions, drafts or invitations. Run: wayhouse tidy"
    )
    call_command("tidy", stdout=StringIO())
    assert said(BAD) == []


def test_a_log_that_nobody_signed_is_said(ana: Person) -> None:
    assert [words[-24:] for words in said(BAD)] == ["Run: wayhouse audit_head"]
    publish_head()
    assert said(BAD) == []


def test_nobody_is_named(cast: Cast, ana: Person, bo: Person) -> None:
    told = "\n".join(finding.words for finding in examine()).casefold()
    names = [ana.user.username, str(ana.pk), "lantern", "open circle"] if ana.user else []
    assert [name for name in names if name.casefold() in told] == []


def test_the_command_says_what_it_looks_at_and_ends_with_one_where_something_must_be_mended(sound: Settings) -> None:
    out, on_postgresql = StringIO(), connection.vendor == "postgresql"
    call_command("doctor", stdout=out)
    thing = "the database" if on_postgresql else "the database file"
    lines = SOUND.format(data=sound.WAYHOUSE_DATA, keys=sound.WAYHOUSE_KEYS, thing=thing).splitlines()
    if on_postgresql:
        lines.insert(lines.index(GUARDED) + 1, ONE_ROLE)
    assert out.getvalue().splitlines() == [*lines, "", f"0 to mend, {2 + on_postgresql} to think about."]
    sound.SECURE = False
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=out)
    assert ended.value.code == 1


def test_a_log_that_the_database_does_not_guard_any_more_is_said() -> None:
    taken = {
        "sqlite": "DROP TRIGGER audit_leaf_only_appended",
        "postgresql": "ALTER TABLE audit_leaf DISABLE TRIGGER audit_leaf_never_emptied",
    }
    with connection.cursor() as cursor:
        cursor.execute(taken[connection.vendor])
    assert [words[:68] for words in said(BAD)] == [
        "What makes the database refuse to rewrite the log is gone: somebody "
    ]


def test_a_missing_or_old_backup_is_said(sound: Settings, tmp_path: Path) -> None:
    assert "No backups: WAYHOUSE_BACKUP_KEY is not set. Run: wayhouse backup_key" in said(LOOK)
    sound.WAYHOUSE_BACKUP_KEY, sound.WAYHOUSE_BACKUPS = make_keys()[0], str(tmp_path / "backups")
    assert said(BAD) == ["The last backup is over a day old. Run: wayhouse backup"]
    save(tmp_path / "backups", sound.WAYHOUSE_BACKUP_KEY, tell=lambda _line: None)
    assert said(BAD) == []
    with time_machine.travel(timezone.now() + timedelta(hours=27), tick=False):
        assert "The last backup is over a day old. Run: wayhouse backup" in said(BAD)


def test_a_sealed_key_is_said(sound: Settings) -> None:
    assert [words for words in said(LOOK) if "wayhouse seal" in words] != []
    (sound.WAYHOUSE_KEYS / SEALED_FILE).touch()
    assert "The root key is sealed: a thief of this disk cannot even guess passphrases." in said(GOOD)
    assert [words for words in said(LOOK) if "wayhouse seal" in words] == []


def test_a_root_key_of_another_house_is_found_out(ana: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [words for words in said(BAD) if "root key" in words] == []
    monkeypatch.setattr(server, "shred_key", lambda: b"\x17" * 32)
    assert [words for words in said(BAD) if "root key" in words] == [
        "The root key of this machine is another one than that of this database: put the right one in place."
    ]
