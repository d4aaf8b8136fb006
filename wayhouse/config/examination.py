"""What an operator should know of an installation: what is exposed, what is overdue, what a thief would hold.

Reads settings, files and numbers; opens nothing and names nobody. `wayhouse doctor` prints it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import override

from wayhouse.accounts.models import Session, User
from wayhouse.audit import guards
from wayhouse.audit.heads import latest_head
from wayhouse.audit.models import AuditState
from wayhouse.config.backup.saving import archives_in
from wayhouse.config.backup.tables import KEPT_FOR
from wayhouse.core import clock
from wayhouse.core.help import numbers
from wayhouse.crypto import rootkey
from wayhouse.crypto.models import Item
from wayhouse.crypto.shred import opens_all
from wayhouse.notices.models import SweepRun
from wayhouse.notices.sweeps import last_seen
from wayhouse.people.models import Invitation, Person, Programme, Role, RosterDraft
from wayhouse.safeguarding import law

GOOD, LOOK, BAD = "good", "look", "bad"
# A head of the log is due every day, and tidying every hour.
_HEAD_EVERY = timedelta(days=1)
_BACKUP_EVERY = timedelta(hours=26)
_WORKER_EVERY = timedelta(minutes=10)
_TIDY_WITHIN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `level` is good, look (think about it) or bad (mend it before people come)."""

    level: str
    words: str


def examine() -> Iterator[Finding]:
    """Everything that can be seen from here, one after the other as it is looked at, what is exposed first."""
    for part in (_exposed, _log, _people, _overdue, _thief):
        yield from part()


def _exposed() -> Iterator[Finding]:
    data, keys = Path(settings.WAYHOUSE_DATA), Path(settings.WAYHOUSE_KEYS)
    for folder in (data, keys):
        yield _judged(
            not folder.stat().st_mode & 0o077,
            f"{folder} can be read by its owner only.",
            f"{folder} can be read by others. Run: chmod 700 {folder}",
        )
    if rootkey.is_sealed(keys):
        yield Finding(GOOD, "The root key is sealed: a thief of this disk cannot even guess passphrases.")
    else:
        yield _judged(
            data.stat().st_dev != keys.stat().st_dev,
            "The root key lies on another disk than the data.",
            f"{keys / rootkey.FILE} lies on the same disk as the data: a thief of this disk can guess passphrases."
            " Run: wayhouse seal",
            level=LOOK,
        )
    yield _judged(
        opens_all(),
        "The root key opens what was sealed with it.",
        "The root key of this machine is another one than that of this database: put the right one in place.",
    )
    yield _judged(settings.SECURE, "Cookies travel by HTTPS only.", "WAYHOUSE_HTTPS=no: cookies travel in clear.")
    yield _judged(
        settings.WAYHOUSE_SECOND_STEP,
        "Everybody but members needs a second step.",
        "WAYHOUSE_SECOND_STEP=no: a found passphrase is enough to read what staff read.",
    )
    yield _judged(
        not settings.WAYHOUSE_PRETENDED_WAYS,
        "Messages are really sent.",
        "WAYHOUSE_PRETENDED_WAYS=yes: messages count as delivered and go nowhere. That is for a demonstration.",
    )
    yield _judged(
        not settings.WAYHOUSE_QUICK_KDF,
        "Passphrases are stretched in full.",
        "WAYHOUSE_QUICK_KDF=yes: passphrases are hardly stretched. That is for tests.",
    )


def _log() -> Iterator[Finding]:
    yield _judged(
        guards.triggers_stand(),
        "The database refuses to change or remove an entry of the log.",
        "What makes the database refuse to rewrite the log is gone: somebody or an upgrade took its triggers away."
        " Ask your auditor to verify the log, and run: wayhouse audit_head",
    )
    if connection.vendor == "postgresql":
        yield _judged(
            not guards.may_rewrite(),
            "The database role that serves can only add to the log.",
            "The database role that serves could take away what keeps the log from being rewritten."
            " Run, as another role that owns the tables: wayhouse grant ROLE",
            level=LOOK,
        )


def _people() -> Iterator[Finding]:
    steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=["totp", "webauthn"])
    at_work = Person.objects.filter(
        Exists(Role.objects.filter(person=OuterRef("pk"), until_on=None).exclude(kind=Role.Kind.MEMBER))
    )
    without = User.objects.filter(Exists(at_work.filter(user=OuterRef("pk")))).exclude(Exists(steps)).count()
    yield _judged(
        not without,
        "Every account that opens words of others has a second step.",
        f"{without} of the accounts that open words of others have no second step yet.",
        level=LOOK,
    )
    for kind, least, who, why in (
        (Role.Kind.COORDINATOR, 2, "2 coordinators", "if the only one loses every key, the roster is gone"),
        (Role.Kind.SAFEGUARDING_LEAD, 1, "1 safeguarding lead", "do not open a group"),
    ):
        short = _short_of(kind, least)
        yield _judged(
            not short,
            f"Every programme has at least {who} with an account.",
            f"In {short} of the programmes there are fewer than {who} with an account: {why}.",
            level=LOOK,
        )


def _short_of(kind: Role.Kind, least: int) -> int:
    held = Q(people__roles__kind=kind, people__roles__until_on=None, people__user__isnull=False)
    counted = Programme.objects.annotate(held=Count("people", filter=held, distinct=True))
    return counted.filter(held__lt=least).count()


def _overdue() -> Iterator[Finding]:
    long_ago = timezone.now() - _TIDY_WITHIN
    left = (
        Session.objects.filter(Q(ends_at__lt=long_ago) | Q(idle_at__lt=long_ago)).count()
        + RosterDraft.objects.filter(expires_at__lt=long_ago).count()
        + Invitation.objects.expired().filter(expires_at__lt=long_ago, holder__isnull=False).count()
    )
    yield _judged(
        not left,
        "Nothing that ran out is still kept.",
        f"Still kept, though they ran out over two hours ago: {left} sessions, drafts or invitations."
        " Run: wayhouse tidy",
    )
    head, state = latest_head(), AuditState.objects.first()
    size = state.size if state else 0
    signed = head is not None and (head.size == size or clock.today() - head.day <= _HEAD_EVERY)
    yield _judged(
        signed or size == 0,
        "The log was signed as it should be.",
        f"The log of {size} entries has no signed head of today or yesterday. Run: wayhouse audit_head",
    )
    yield _worker()
    yield _backed_up()
    # In English like every line here.
    with override("en"):
        wrong = "; ".join(str(one) for one in law.broken())
        mistake = numbers.mistake()
        of_numbers = f"{mistake.field or 'the whole file'}: {mistake.why}" if mistake else ""
    yield _judged(
        not wrong,
        "Every law sheet of your own can be read.",
        f"Of your own law sheets, these cannot be used, and the shipped ones count instead: {wrong}.",
    )
    yield _judged(
        not of_numbers,
        "Your own file of crisis numbers, if you have one, can be read.",
        f"Your own numbers.yaml cannot be used, and the shipped numbers count instead: {of_numbers}.",
    )


def _worker() -> Finding:
    seen = last_seen()
    if seen is None or seen < timezone.now() - _WORKER_EVERY:
        return Finding(
            BAD, "The worker was not seen for ten minutes: nothing is sent, no clock runs. Run: wayhouse work"
        )
    failing = SweepRun.objects.exclude(failed="").values_list("name", "failed")
    said = ", ".join(f"{name} ({error})" for name, error in failing)
    return _judged(not said, "The worker does what is due.", f"Of what the worker does, this fails: {said}.")


def _backed_up() -> Finding:
    if not settings.WAYHOUSE_BACKUP_KEY:
        return Finding(LOOK, "No backups: WAYHOUSE_BACKUP_KEY is not set. Run: wayhouse backup_key")
    made = {archive: when for _path, archive, when in archives_in(Path(settings.WAYHOUSE_BACKUPS))}
    fresh = len(made) == len(KEPT_FOR) and min(made.values()) > timezone.now() - _BACKUP_EVERY
    return _judged(
        fresh, "There is a backup of the last day.", "The last backup is over a day old. Run: wayhouse backup"
    )


def _thief() -> Iterator[Finding]:
    people, items = Person.objects.count(), Item.objects.count()
    where = "the database file" if connection.vendor == "sqlite" else "the database"
    yield Finding(
        GOOD,
        f"Whoever copies {where} holds {items} sealed records. In clear are {people} random ids with roles,"
        " groups, answers, presences and the language of messages, the times of evenings, and the names of the"
        " organisation, its programmes and cycles (docs/explanation/confidentiality-formats.md).",
    )


def _judged(is_fine: bool, fine: str, otherwise: str, level: str = BAD) -> Finding:  # noqa: FBT001  read in order
    return Finding(GOOD, fine) if is_fine else Finding(level, otherwise)
