"""A kernel draws up a proposal, in a process of its own, while nobody has to wait for a page.

A thread of the server feeds it in memory, writes down its figures once a second and closes its answer for the
coordinators' desk. It holds nobody's key (`docs/decisions/0022-watched-solves.md`).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from threading import Thread
from time import sleep
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.core.child import ChildError, Figures, run_apart
from wayhouse.core.gate import require
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Locked
from wayhouse.crypto.letters import close_letter, open_letter
from wayhouse.crypto.models import Keyholder
from wayhouse.groups import rules
from wayhouse.groups.models import Cycle, Drawing, Proposal
from wayhouse.groups.refusals import AlreadyDrawing, Outdated
from wayhouse.people.models import Person

KERNELS = {Proposal.Kind.GROUPS: "wayhouse.groups.formation", Proposal.Kind.ROTA: "wayhouse.meetings.rota"}

# The share of its time that a kernel gets again to look for what would help, and half of that for each thing it tries.
_FURTHER = 0.5
# How long it waits, in seconds, before it writes an answer once more to a database that was away.
_WAITS = (1, 2, 4)
_AWAY = (OperationalError, InterfaceError)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """What a kernel is to do: its problem, for how many seconds, and what whoever takes the answer has to know.

    `wider` is a problem with more choices, in which it then looks for what one more of something would change.
    """

    problem: Json
    seconds: int
    note: Json
    wider: Json | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a kernel answered, and the note that went with its task."""

    result: Json
    note: Json
    _fingerprint: str

    def holds_for(self, problem: Json) -> bool:
        """Whether it answers this problem: nothing changed while it was drawn up."""
        return fingerprint(problem) == self._fingerprint


def begin_drawing(cycle: Cycle, kind: Proposal.Kind, task: Task, *, actor: Person, wait: bool = False) -> Drawing:
    """Set a kernel to work on a cycle. With `wait` this returns when it has ended.

    Error: `AlreadyDrawing` while another works for this cycle.
    """
    require(rules.may_form_groups(actor, cycle))
    with transaction.atomic():
        Cycle.objects.select_for_update().get(pk=cycle.pk)
        others = list(Drawing.objects.filter(cycle=cycle))
        if any(other.state == Drawing.State.RUNNING and not other.is_broken for other in others):
            raise AlreadyDrawing
        Drawing.objects.filter(cycle=cycle, state=Drawing.State.RUNNING).update(state=Drawing.State.BROKEN)
        Drawing.objects.filter(cycle=cycle, kind=kind).delete()
        drawing = Drawing.objects.create(cycle=cycle, kind=kind, seconds=task.seconds)
        record("drawing.begun", drawing, actor=actor, of=str(kind), seconds=task.seconds)
    work = partial(_work, drawing.pk, kind, task, cycle.programme.desk_id)
    if wait:
        work()
    else:
        in_background(work)
    return drawing


def stop_drawing(drawing: Drawing, *, actor: Person) -> None:
    """Let a kernel end at once; the best plan so far is its answer."""
    require(rules.may_stop_drawing(actor, drawing))
    with transaction.atomic():
        if Drawing.objects.filter(pk=drawing.pk, state=Drawing.State.RUNNING).update(stop_asked=True):
            record("drawing.stopped", drawing, actor=actor)


@contextmanager
def taking(drawing: Drawing) -> Iterator[Answer | None]:
    """What the kernel answered, in a transaction, for the first who asks; None for others.

    Whatever is made of it, the drawing is gone afterwards. Errors: `ChildError` where it ended without an answer;
    `CannotOpen`.
    """
    try:
        with transaction.atomic():
            # In the order of `begin_drawing`.
            Cycle.objects.select_for_update().get(pk=drawing.cycle_id)
            locked = Drawing.objects.select_for_update().filter(pk=drawing.pk).first()
            if locked is None or not _has_ended(locked):
                yield None
                return
            yield _answer(locked)
            locked.delete()
    except Locked:
        raise
    except (ChildError, CannotOpen, Outdated):
        # A killed worker may come back to life: a row that still runs is left to `begin_drawing`.
        Drawing.objects.filter(pk=drawing.pk).exclude(state=Drawing.State.RUNNING).delete()
        raise


def fingerprint(problem: Json) -> str:
    """The same for the same problem, whatever order keep-apart rules come in."""
    apart = sorted(sorted(people) for people in problem["keep_apart"])
    text = json.dumps({**problem, "keep_apart": apart}, sort_keys=True)
    return sha256(text.encode()).hexdigest()


def in_background(work: Callable[[], None]) -> None:
    """Do it in a thread with a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    Thread(target=run, daemon=True).start()


def _work(pk: UUID, kind: Proposal.Kind, task: Task, desk: UUID) -> None:
    """Run the kernel and keep its answer. Called without anybody's keys."""
    figures: Json = {}
    words: Json | None = None
    with suppress(ChildError):
        result = run_apart(KERNELS[kind], task.problem, time_limit=task.seconds, on_tick=partial(_listen, pk))
        if task.wider:
            result["what_if"] = _further(pk, kind, task.wider, task.seconds * _FURTHER)
        words = {"result": result, "note": task.note, "fingerprint": fingerprint(task.problem)}
        figures = {name: result[name] for name in ("objective", "bound")}
    _write_down(pk, desk, figures, words)


def _further(pk: UUID, kind: Proposal.Kind, wider: Json, seconds: float) -> list[Json] | None:
    """What one more of something would change; None where it was not looked at to the end.

    The figures that are shown stay those of the proposal.
    """
    if _listen(pk, {}):
        return None
    # The plan is there already, whatever happens now.
    with suppress(ChildError):
        told = run_apart(KERNELS[kind], wider, time_limit=seconds, what_if=True, on_tick=lambda _now: _listen(pk, {}))
        found: list[Json] = told["what_if"]
        return None if _listen(pk, {}) else found
    return None


def _listen(pk: UUID, figures: Figures) -> bool:
    """Write down how far it is; whether it should stop."""
    row = Drawing.objects.filter(pk=pk)
    known = {name: figures[name] for name in ("objective", "bound") if name in figures}
    # A database that is away for a moment ends no solve.
    try:
        row.update(heard_at=timezone.now(), **known)
        return row.values_list("stop_asked", flat=True).first() in {True, None}
    except _AWAY:
        _let_go()
    return False


def _write_down(pk: UUID, desk: UUID, figures: Json, words: Json | None) -> None:
    """Keep what a kernel answered, for as long as somebody waits for it; `words` are closed for the desk."""
    for wait in _WAITS:
        try:
            _write_once(pk, desk, figures, words)
        except _AWAY:
            _let_go()
            sleep(wait)
        else:
            return
    _write_once(pk, desk, figures, words)


def _let_go() -> None:
    # A connection that failed may be of no use any more; inside a transaction it belongs to whoever began that.
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def _write_once(pk: UUID, desk: UUID, figures: Json, words: Json | None) -> None:
    now: Mapping[str, Any] = {"state": Drawing.State.BROKEN}
    with suppress(CannotOpen):
        if words is not None:
            # The desk may have got another key pair meanwhile.
            letter = close_letter(Keyholder.objects.get(pk=desk), json.dumps(words).encode(), pk.bytes)
            now = {"state": Drawing.State.DONE, "letter": letter, **figures}
    # What was given up meanwhile, because it was silent for too long, stays so.
    Drawing.objects.filter(pk=pk, state=Drawing.State.RUNNING).update(heard_at=timezone.now(), **now)


def _has_ended(drawing: Drawing) -> bool:
    """Whether there is an answer. Error: `ChildError` where there will be none."""
    if drawing.is_broken:
        raise ChildError(drawing.kind)
    return drawing.state == Drawing.State.DONE


def _answer(drawing: Drawing) -> Answer:
    text = open_letter(drawing.cycle.programme.desk_id, bytes(drawing.letter or b""), drawing.pk.bytes)
    words = json.loads(text)
    return Answer(words["result"], words["note"], words["fingerprint"])
