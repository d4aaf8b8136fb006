"""The cast comes on once: what a fixture wrote is kept in memory, and written again where the same came before it.

A third of a run went into the same few people entering the same empty house, with keys, log and all. A scene is kept
together with what came before it, so a fixture finds the very rows that it would have made. Whatever could make a
difference (a pretended day, a setting, a language) makes a scene of its own; a test that wrote something in between, or
whose pretended clock goes on, has everything done anew.
"""

import copy
import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import time_machine
from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import translation

Table = type[models.Model]
Rows = dict[Table, dict[Any, tuple[Any, ...]]]
Key = tuple[Any, ...]
Secrets = dict[object, bytes]
Fields = dict[str, Any]
Made = TypeVar("Made")

_READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "SET ", "WITH ")


@dataclass(frozen=True)
class Scene:
    """What one fixture did: the rows it added, changed and removed, all rows then, secrets it gave out, its answer.

    `touched`: fields of answers of earlier scenes that it changed in memory, by the number of the scene.
    """

    added: Rows
    changed: Rows
    removed: Rows
    then: Rows
    secrets: Secrets
    touched: dict[int, Fields]
    made: Any


_KEPT: dict[Key, Scene] = {}
_OWNER = object()  # stands for the cast of whichever test it is
_ON: "list[Stage]" = []


class Stage:
    """What was played in one test, scene by scene, and whether somebody who is not on the stage wrote as well."""

    def __init__(self, owner: object, secrets: Secrets) -> None:
        self.secrets = secrets
        self.again = 0
        self._key: Key = ()
        self._copies: list[tuple[Any, Any]] = [(owner, _OWNER)]
        self._acting = self._disturbed = False

    @contextmanager
    def watched(self) -> Iterator["Stage"]:
        """Until the end of the block, notice what is written from elsewhere."""
        with connection.execute_wrapper(self._notice):
            _ON.append(self)
            try:
                yield self
            finally:
                _ON.remove(self)

    def play(self, name: str, act: Callable[[], Made]) -> Made:
        """What `act` returns, having written what it writes: from memory where it was played after the same before."""
        around = _surroundings()
        if self._disturbed or around is None:
            self._disturbed = True
            return act()
        key = (self._key, name, around)
        self._acting = True
        try:
            made = self._repeat(_KEPT[key]) if key in _KEPT else self._perform(key, act)
        finally:
            self._acting = False
        self._key = key
        return made

    def _perform(self, key: Key, act: Callable[[], Made]) -> Made:
        before = _KEPT[self._key].then if self._key else _all_rows()
        known, were = set(self.secrets), self._fields()
        made = act()
        then, fields = _all_rows(), self._fields()
        kept = copy.deepcopy(made, {id(mine): kept for mine, kept in self._copies})
        self._copies.append((made, kept))
        _KEPT[key] = Scene(
            added=_only(then, lambda table, pk, _row: pk not in before[table]),
            changed=_only(then, lambda table, pk, row: before[table].get(pk, row) != row),
            removed=_only(before, lambda table, pk, _row: pk not in then[table]),
            then=then,
            secrets={who: secret for who, secret in self.secrets.items() if who not in known},
            touched={number: fields[number] for number in fields if fields[number] != were[number]},
            made=kept,
        )
        return made

    def _repeat(self, scene: Scene) -> Any:
        with transaction.atomic():
            _write(scene)
        self.secrets.update(scene.secrets)
        for number, fields in scene.touched.items():
            vars(self._copies[number][0]).update(fields)
        # What came before is this test's own: a person of two scenes is one person.
        made = copy.deepcopy(scene.made, {id(kept): mine for mine, kept in self._copies})
        self._copies.append((made, scene.made))
        self.again += 1
        return made

    def _fields(self) -> dict[int, Fields]:
        return {
            number: {field.attname: vars(mine).get(field.attname) for field in mine._meta.concrete_fields}
            for number, (mine, _kept) in enumerate(self._copies)
            if isinstance(mine, models.Model)
        }

    def _notice(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if not self._acting and not sql.lstrip().upper().startswith(_READING):
            self._disturbed = True
        return execute(sql, *more)


def rehearsed(fixture: Callable[..., Made]) -> Callable[..., Made]:
    """A fixture of what the cast made and wrote: from memory where it was made before."""

    @functools.wraps(fixture)
    def played(**others: Any) -> Made:
        act = functools.partial(fixture, **others)
        plain = [other for other in others.values() if isinstance(other, str | int | bool)]
        return _ON[-1].play(f"{fixture.__module__}.{fixture.__name__} {plain}", act) if _ON else act()

    return played


def _surroundings() -> Key | None:
    """What else a scene may depend on; None where a pretended clock goes on, so that no two are alike."""
    moment = None
    if time_machine.escape_hatch.is_travelling():
        moment = time.time_ns()
        if time.time_ns() != moment:
            return None
    chosen = tuple(str(getattr(settings, name)) for name in dir(settings) if name.startswith("WAYHOUSE_"))
    return (moment, time.strftime("%x"), translation.get_language(), chosen)


def _all_rows() -> Rows:
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in apps.get_models(include_auto_created=True):
            if not table._meta.managed or table._meta.proxy:
                continue
            fields = table._meta.concrete_fields
            place = next(number for number, field in enumerate(fields) if field.primary_key)
            names = ", ".join(_quoted(field.column) for field in fields)
            cursor.execute(f"SELECT {names} FROM {_name(table)}")
            found[table] = {row[place]: tuple(row) for row in cursor.fetchall()}
    return found


def _only(rows: Rows, fits: Callable[[Table, Any, Any], bool]) -> Rows:
    chosen = {table: {pk: row for pk, row in found.items() if fits(table, pk, row)} for table, found in rows.items()}
    return {table: found for table, found in chosen.items() if found}


def _write(scene: Scene) -> None:
    with connection.cursor() as cursor:
        for table, found in scene.removed.items():
            cursor.execute(f"DELETE FROM {_name(table)} WHERE {_key(table)} IN ({_places(found)})", list(found))
        for table, found in scene.changed.items():
            names = ", ".join(f"{_quoted(field.column)} = %s" for field in table._meta.concrete_fields)
            for pk, row in found.items():
                cursor.execute(f"UPDATE {_name(table)} SET {names} WHERE {_key(table)} = %s", [*row, pk])
        for table, found in scene.added.items():
            names = ", ".join(_quoted(field.column) for field in table._meta.concrete_fields)
            # In the order of their numbers: the log takes an entry at its end alone.
            rows = [found[pk] for pk in sorted(found, key=lambda pk: pk if isinstance(pk, int) else 0)]
            values = ", ".join(f"({_places(row)})" for row in rows)
            sql = f"INSERT INTO {_name(table)} ({names}) VALUES {values}"
            cursor.execute(sql, [value for row in rows for value in row])
        counted = [table for table in scene.added if isinstance(table._meta.pk, models.AutoField)]
        for sql in connection.ops.sequence_reset_sql(no_style(), counted):
            cursor.execute(sql)


def _name(table: Table) -> str:
    return _quoted(table._meta.db_table)


def _key(table: Table) -> str:
    return _quoted(table._meta.pk.column) if table._meta.pk else ""


def _quoted(name: str | None) -> str:
    """A name of the schema itself, which is no word of anybody."""
    return connection.ops.quote_name(name or "")


def _places(values: Any) -> str:
    return ", ".join(["%s"] * len(values))
