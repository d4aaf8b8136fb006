"""Writing the two archives: one moment of the database, table after table, never in clear on a disk."""

import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.core import serializers
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from wayhouse.audit.heads import latest_head, publish_head
from wayhouse.audit.models import TreeHead
from wayhouse.audit.proofs import DamagedLogError
from wayhouse.audit.record import record
from wayhouse.config.backup.tables import DATA, KEPT_FOR, KEYS, label, tables_of
from wayhouse.crypto.archive import Writer
from wayhouse.crypto.shred import ledger_text

SUFFIX = ".archive"
LEDGER = "erased.txt"
_PART = ".part"
# Nobody writes one backup for as long as this.
_UNFINISHED_FOR = timedelta(days=1)
_FORM = "%Y%m%dT%H%M%S"
_CHUNK = 500

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Saved:
    """The two files of one backup and how many rows they hold."""

    data: Path
    keys: Path
    rows: int


def save(folder: Path, public: str, *, tell: Tell) -> Saved:
    """Write both archives of this moment into `folder`, sealed to the offline key, and the ledger of erasures.

    `tell` hears a line for each table. A file is complete or not there. Errors: `BadKeyError`, `OSError`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    head = _head(tell)
    # Both files bear one mark: halves of two backups are not put together.
    about = {"mark": secrets.token_hex(8), "made_at": timezone.now().isoformat(), "size": head.size, "note": head.note}
    stamp = datetime.now(UTC).strftime(_FORM)
    paths = {archive: folder / f"{archive}-{stamp}{SUFFIX}" for archive in (DATA, KEYS)}
    with _snapshot():
        rows = sum(_write(path, public, archive, about, tell) for archive, path in paths.items())
        ledger = ledger_text()
    _replace(folder / LEDGER, ledger.encode())
    with transaction.atomic():
        record("backup.made", rows=rows)
    return Saved(paths[DATA], paths[KEYS], rows)


def drop_old(folder: Path, *, now: datetime | None = None) -> list[Path]:
    """Remove archives that were kept as long as they may be, and what an interrupted backup left. What was removed."""
    moment = now or timezone.now()
    old = [path for path, archive, made in archives_in(folder) if moment - made > KEPT_FOR[archive]]
    begun = (moment - _UNFINISHED_FOR).timestamp()
    old += [path for path in sorted(folder.glob(f"*{_PART}")) if path.stat().st_mtime < begun]
    for path in old:
        path.unlink()
    return old


def archives_in(folder: Path) -> Iterator[tuple[Path, str, datetime]]:
    """The archives in a folder: path, "data" or "keys", when they were made."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        archive, _dash, stamp = path.name.removesuffix(SUFFIX).partition("-")
        try:
            made = datetime.strptime(stamp, _FORM).replace(tzinfo=UTC)
        except ValueError:
            continue
        if archive in KEPT_FOR:
            yield path, archive, made


def _write(path: Path, public: str, archive: str, about: dict[str, object], tell: Tell) -> int:
    part, total = path.with_suffix(_PART), 0
    try:
        with _private(part) as file:
            with Writer(file, public, archive) as writer:
                writer.write(json.dumps({**about, "tables": [label(model) for model in tables_of(archive)]}).encode())
                for model in tables_of(archive):
                    total += (count := _write_table(writer, model))
                    tell(f"{archive}: {label(model)}, {count} rows")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return total


def _write_table(writer: Writer, model: type[Model]) -> int:
    """Rows as Django's JSON lines; the row of the log's state is one of them."""
    count = 0
    for row in model._default_manager.order_by("pk").iterator(chunk_size=_CHUNK):  # noqa: SLF001  documented
        writer.write(b"\n" + serializers.serialize("jsonl", [row], ensure_ascii=True).strip().encode())
        count += 1
    return count


def _head(tell: Tell) -> TreeHead:
    """The log's head at this moment. A damaged log must not keep anybody from a backup."""
    try:
        return publish_head()
    except DamagedLogError as error:
        tell(f"The log is damaged ({error}); it is backed up as it is.")
        return latest_head() or TreeHead(size=0, note="")


def _private(path: Path) -> BinaryIO:
    """A new file for its owner alone, open for writing."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _replace(path: Path, content: bytes) -> None:
    part = path.with_suffix(_PART)
    with _private(part) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


@contextmanager
def _snapshot() -> Iterator[None]:
    """Everything is read as it was at one moment, while others go on writing."""
    wrapper = connection
    mode = getattr(wrapper, "transaction_mode", None)
    if wrapper.vendor == "sqlite" and not wrapper.in_atomic_block:
        wrapper.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # a reader must not hold up whoever writes
    try:
        with transaction.atomic():
            if wrapper.vendor == "postgresql" and len(wrapper.savepoint_ids) == 0:
                with wrapper.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    finally:
        if wrapper.vendor == "sqlite":
            wrapper.transaction_mode = mode  # type: ignore[attr-defined]
