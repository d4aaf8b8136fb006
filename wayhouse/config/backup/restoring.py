"""Taking two archives into an empty database: all of both or nothing, then what was erased since, then a self-test."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import F

from wayhouse.accounts.models import User
from wayhouse.audit.heads import require_whole_log
from wayhouse.audit.models import AuditLeaf, AuditState
from wayhouse.audit.proofs import DamagedLogError
from wayhouse.audit.record import record
from wayhouse.config.backup.tables import DATA, KEYS, label, tables_of
from wayhouse.crypto.archive import read_lines
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.models import Item, Keyholder
from wayhouse.crypto.shred import opens_all, replay
from wayhouse.leaving.erasing import finish_erasures

Tell = Callable[[str], None]


class NotEmptyError(Exception):
    """The database holds people or a log already: nothing is restored over them."""


class NotOneBackupError(Exception):
    """The two files are halves of different backups, or made by another version of the house."""


class SelfTestError(Exception):
    """What was restored does not hold together; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Restored:
    """How many rows came back, and how many subjects the ledger erased once more."""

    rows: int
    erased: int


def restore(data: Path, keys: Path, secret: str, *, ledger: str, tell: Tell) -> Restored:
    """Take in both archives, erase again what the ledger names, and test the result; nothing is kept where that fails.

    Nobody is signed in afterwards: sessions are in no archive. Errors: `NotEmptyError`, `NotOneBackupError`,
    `SelfTestError`, `BadKeyError`, `CannotOpen`, `OSError`.
    """
    if User.objects.exists() or AuditLeaf.objects.exists():
        raise NotEmptyError
    with transaction.atomic():
        AuditState.objects.all().delete()
        about, rows = _load(data, DATA, secret, tell)
        other, more = _load(keys, KEYS, secret, tell)
        if about["mark"] != other["mark"]:
            raise NotOneBackupError
        _continue_numbers()
        erased = replay(ledger)
        finish_erasures()
        if erased:
            tell(f"{erased} erased once more, as the ledger says")
        _test()
        record("backup.restored", size=about["size"], rows=rows + more, erased=erased)
        # At the latest now every reference must lead somewhere.
        connection.check_constraints()
    return Restored(rows + more, erased)


def _load(path: Path, archive: str, secret: str, tell: Tell) -> tuple[dict[str, Any], int]:
    total = 0
    with path.open("rb") as file:
        lines = read_lines(file, secret, archive)
        about: dict[str, Any] = json.loads(next(lines))
        known = {label(model): model for model in tables_of(archive)}
        if about["tables"] != list(known):
            raise NotOneBackupError
        for name, rows in groupby(_rows(lines), key=lambda row: row["model"]):
            if name not in known:
                raise NotOneBackupError
            count = 0
            for found in serializers.deserialize("python", rows):
                found.save(force_insert=True)
                count += 1
            tell(f"{archive}: {name}, {count} rows")
            total += count
    return about, total


def _rows(lines: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in lines if line)


def _continue_numbers() -> None:
    """PostgreSQL counts by itself and does not notice rows that bring their number along."""
    models = [model for archive in (DATA, KEYS) for model in tables_of(archive)]
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)


def _test() -> None:
    """The root key fits, every public key is bound, every item is in an epoch, the log is whole."""
    if not opens_all():
        raise SelfTestError(
            "the root key of this machine is not the one of the backup: put the right root.key in place"
        )
    try:
        for holder in Keyholder.objects.all().iterator():
            holder.checked_public_key()
    except CannotOpen as error:
        raise SelfTestError("a public key is not the one that was bound") from error
    if Item.objects.filter(epoch__gt=F("scope__epoch")).exists():
        raise SelfTestError("an item is newer than the keys of its scope")
    try:
        require_whole_log()
    except DamagedLogError as error:
        raise SelfTestError(f"the log is damaged: {error}") from error
