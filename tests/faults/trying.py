"""Trying an act: once as a whole, then with a kill at each of its writes, every time looking at what is left."""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from faults.acts import ACTS, Act
from faults.house import ROOT_PASSPHRASE, SECRET, House
from faults.invariants import broken, damage, digest, shape
from faults.killing import COMMITTING, Fuse
from wayhouse.audit.models import AuditLeaf
from wayhouse.config.backup.saving import archives_in
from wayhouse.crypto import rootkey
from wayhouse.crypto.archive import read_lines
from wayhouse.crypto.box import CannotOpen

# From the writes of an act to those at which it is killed, counted from 1.
Choice = Callable[[Sequence[str]], Iterable[int]]
KILLED = 9


class BrokenTrialError(Exception):
    """An act raised something where it should have been done, or the trial itself is wrong; it was printed."""


@dataclass
class Tried:
    """One act: how many writes it has, at how many it was killed, and every sentence that did not hold."""

    name: str
    writes: int = 0
    kills: int = 0
    faults: list[str] = field(default_factory=list)


def every_point(writes: Sequence[str]) -> Iterable[int]:
    """All of them."""
    return range(1, len(writes) + 1)


def few_points(writes: Sequence[str]) -> Iterable[int]:
    """One in the middle of a transaction, and the last one, after which everything is there."""
    return sorted({(len(writes) + 1) // 2, len(writes)} - {0})


def try_act(house: House, name: str, choice: Choice) -> Tried:
    """Try one act from the scene on, in a process of its own."""

    def work() -> dict[str, Any]:
        return vars(_Trial(house, name).run(choice))

    try:
        return Tried(**in_child(work))
    except BrokenTrialError as error:
        return Tried(name, faults=[str(error)])


class _Trial:
    """One act in its own process; the parent's house stays as it is."""

    def __init__(self, house: House, name: str) -> None:
        self.house, self.act, self.tried = house, ACTS[name], Tried(name)
        house.store.put_back("scene")
        shutil.rmtree(house.files, ignore_errors=True)
        house.files.mkdir()
        self.done = self.act.prepare(house)
        self._keep()
        self.before, self.leaves = _look(house), AuditLeaf.objects.count()
        self._expect(self.before["broken"] == [], f"before it: {self.before['broken']}")

    def run(self, choice: Choice) -> Tried:
        writes = self._whole()
        for point in choice(writes):
            self._die_at(point, writes)
        self.tried.writes = len(writes)
        return self.tried

    def _whole(self) -> list[str]:
        connection.close()
        writes: list[str] = in_child(lambda: self._do(0))
        after = _look(self.house)
        kinds = set(AuditLeaf.objects.filter(index__gte=self.leaves).values_list("kind", flat=True))
        self._expect(bool(writes), "it writes nothing")
        self._expect(after["broken"] == [], f"after it: {after['broken']}")
        # A restored log says everything that was ever done.
        fits = kinds >= self.act.kinds if self.leaves == 0 else kinds == self.act.kinds
        self._expect(fits, f"the log says {sorted(kinds)}")
        self.after = after
        self._put_back()
        return writes

    def _die_at(self, point: int, writes: Sequence[str]) -> None:
        connection.close()
        self._expect(in_child(lambda: self._do(point), dies=True) == KILLED, f"not killed at {point}")
        found = in_child(self._found)
        where = f"killed at {point} of {len(writes)} ({writes[point - 1]})"
        self._expect(found["broken"] == [], f"{where}: {found['broken']}")
        committed = sum(kind in COMMITTING for kind in writes[:point])
        if committed == 0:
            self._expect(found["digest"] == self.before["digest"], f"{where}: something is written already")
        elif committed == sum(kind in COMMITTING for kind in writes):
            self._expect(
                found["shape"] == self.after["shape"], f"{where}: {_differing(found, self.after)} is not there"
            )
        self.tried.kills += 1
        if found["digest"] != self.before["digest"] or any(self.house.files.iterdir()):
            self._put_back()

    def _found(self) -> dict[str, Any]:
        """What another process sees. Where no row differs, it was looked at already."""
        if digest() != self.before["digest"]:
            return _look(self.house)
        return {**self.before, "broken": damage() + _broken_files(self.house)}

    def _do(self, point: int) -> list[str]:
        fuse = Fuse(self.house.files, burns_at=point)
        fuse.light()
        self.done()
        return fuse.seen

    def _expect(self, holds: bool, words: str) -> None:  # noqa: FBT001  a condition, as of assert
        if not holds:
            self.tried.faults.append(words)

    def _keep(self) -> None:
        self.house.store.keep("prepared")
        shutil.rmtree(self.kept_files, ignore_errors=True)
        shutil.copytree(self.house.files, self.kept_files)

    def _put_back(self) -> None:
        self.house.store.put_back("prepared")
        shutil.rmtree(self.house.files)
        shutil.copytree(self.kept_files, self.house.files)

    @property
    def kept_files(self) -> Any:
        return self.house.files.with_name("kept files")


def _look(house: House) -> dict[str, Any]:
    return {"broken": broken() + _broken_files(house), "digest": digest(), "shape": shape()}


def _broken_files(house: House) -> list[str]:
    """Archives are whole, and the root key can be had."""
    found, keys = [], house.files / "keys"
    for path, archive, _made in archives_in(house.files / "backups"):
        try:
            with path.open("rb") as file:
                list(read_lines(file, SECRET, archive))
        except CannotOpen:
            found.append(f"{path.name} is not whole")
    if keys.exists():
        sealed = rootkey.is_sealed(keys)
        key = rootkey.unseal(keys, ROOT_PASSPHRASE) if sealed else rootkey.load(keys)
        if key != (house.files / "root.copy").read_bytes():
            found.append("the root key is another one")
    return found


def _differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [table for table, count in other["shape"].items() if one["shape"].get(table) != count]


def in_child(work: Callable[[], Any], *, dies: bool = False) -> Any:
    """What a copy of this process returns; with `dies` the signal that ended it. Error: `BrokenTrialError`."""
    connection.close()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _answer(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _pid, status = os.waitpid(child, 0)
    if dies:
        return os.WTERMSIG(status)
    if status or not answer:
        raise BrokenTrialError(f"the trial broke ({status})")
    return json.loads(answer)


def _answer(work: Callable[[], Any], writing: int) -> None:
    try:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(json.dumps(work()).encode())
    except BaseException:  # noqa: BLE001  the parent hears of it by the exit code
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def thrifty() -> list[str]:
    """The acts of which the suite tries a few points at each change."""
    return [name for name, act in ACTS.items() if act.thrifty]


__all__ = ["Act", "Tried", "every_point", "few_points", "thrifty", "try_act"]
