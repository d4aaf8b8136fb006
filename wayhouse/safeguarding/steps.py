"""What those who answer do with a concern: go one step of the protocol, do what is owed, write down, strike.

Nothing here sends anything out of the house. What is shared is shared by a person, who writes down with whom.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.core.prepared import prepared
from wayhouse.core.together import together
from wayhouse.crypto import items
from wayhouse.crypto.sealed import HasItem, open_all
from wayhouse.people import reach
from wayhouse.people.models import Person
from wayhouse.safeguarding import clocks, parting, posts, readiness, rules
from wayhouse.safeguarding.models import Call, Concern, Drill, Entry, Message, OnCall, Opening
from wayhouse.safeguarding.protocol import Duty, Event, Facts, Kind, Level, NotAllowed, Outcome, State, step
from wayhouse.safeguarding.protocol.machine import Case
from wayhouse.safeguarding.refusals import NothingOwed
from wayhouse.safeguarding.times import zone_of

ENTRY = "entry"
NOTE, SHARED, TOLD = "note", "shared", "told"
# One of those who carried it had somebody to talk to about it: a tick without a word.
CARED_FOR = "cared_for"
# Written by the house: this came into the register of demands, or led to a step of the conduct ladder.
REGISTERED, LADDER = "registered", "ladder"
# What a step does to the clocks: the duties it ends.
_ENDS = {
    Event.ACKNOWLEDGE: (Duty.ACKNOWLEDGE,),
    Event.FIND_SAFE: (Duty.SAFE_NOW,),
    Event.PLAN: (Duty.PLAN,),
    Event.REVIEW: (Duty.REVIEW,),
}
# The entry of each step in the log.
_VERBS = {
    Event.ACKNOWLEDGE: "concern.acknowledged",
    Event.FIND_SAFE: "concern.safety_settled",
    Event.DECIDE: "concern.decided",
    Event.PROPOSE: "concern.sharing_proposed",
    Event.CONFIRM: "concern.sharing_confirmed",
    Event.WITHDRAW: "concern.proposal_dropped",
    Event.PLAN: "concern.planned",
    Event.REVIEW: "concern.reviewed",
    Event.CLOSE: "concern.closed",
    Event.REOPEN: "concern.reopened",
    Event.STRIKE: "concern.stricken",
    Event.HAND_OVER: "concern.handed",
    Event.TAKE_BACK: "concern.reclaimed",
    Event.SET_LEVEL: "concern.levelled",
}
_OVER = (Event.CLOSE, Event.STRIKE)


def take_step(
    concern: Concern,
    event: Event,
    words: Mapping[str, str],
    *,
    outcome: Outcome | None = None,
    level: Level | None = None,
    actor: Person,
) -> Concern:
    """Go one step; `words` by the names of fields that the guards ask for, all sealed. Returns the concern as it is.

    The second signature names what it signs: "proposal" is the id of the entry that `proposed` finds.
    Error: `NotAllowed` where the table has no such step from here, or a guard does not hold.
    """
    require(rules.may_answer(actor, concern))
    if event not in _VERBS:
        raise NotAllowed
    with transaction.atomic():
        locked = _lock(concern)
        before, said = locked.case, {name: text.strip() for name, text in words.items() if text.strip()}
        if event == Event.CONFIRM and not _is_proposed(locked, said.get("proposal", "")):
            # Dropped and proposed anew while the page was open: what was read is not what would be signed.
            said.pop("proposal", None)
        after = step(before, event, _facts(locked, actor, said, outcome, level))
        locked.take(after)
        _consequences(locked, event, before, actor)
        locked.save()
        if outcome:
            said["outcome"] = str(outcome)
        _write(locked, event, said | ({"level": str(int(level))} if level else {}), actor)
        record(_VERBS[event], locked, actor=actor, level=locked.level, outcome=locked.outcome or "none")
    return locked


def proposed(entries: Sequence[Entry]) -> Entry | None:
    """What waits for a second signature: the last proposal among entries, the oldest first."""
    return next((entry for entry in reversed(entries) if entry.what == Event.PROPOSE), None)


def fulfil(concern: Concern, duty: Duty, note: str, *, actor: Person) -> None:
    """Something owed besides the steps is done: somebody spoke with the person, aftercare was offered.

    Error: `NothingOwed` where it is not asked for, or was done meanwhile.
    """
    require(rules.may_answer(actor, concern))
    if duty == Duty.SECOND_READER or duty in {ended for duties in _ENDS.values() for ended in duties}:
        raise NothingOwed
    with transaction.atomic():
        locked = _lock(concern)
        if not clocks.end(locked, duty):
            raise NothingOwed
        _write(locked, duty, {"note": note.strip()}, actor)
        record("duty.fulfilled", locked, actor=actor, duty=str(duty))


def open_concern(concern: Concern, *, actor: Person) -> list[Entry]:
    """Read the record, oldest first. The log says so before anything is shown, and the others who answer see it."""
    return read_through(concern, actor=actor)[0]


def read_through(
    concern: Concern, *, along: Iterable[HasItem] = (), actor: Person
) -> tuple[list[Entry], list[Message]]:
    """The same, with what was said to whoever raised it. `along`: what else a page opens; keys are looked up once."""
    answered, entries, messages = _record(person=actor.pk, concern=concern.pk)
    require(rules.may_answer(actor, concern, found=answered))
    # Whoever comes back on the same day was noted; a page fetches that along with the concern.
    if not getattr(concern, "opened_today", False):
        with transaction.atomic():
            _row, first = Opening.objects.get_or_create(concern=concern, person=actor, day=clock.today())
            if first:
                record("concern.opened", concern, actor=actor)
    open_all([concern], entries, messages, along)
    return sorted(entries, key=_order), sorted(messages, key=_order)


def write_down(concern: Concern, what: str, words: Mapping[str, str], *, actor: Person) -> Entry:
    """A line in the record: a note, what was shared with whom under which law sheet, what the person was told.

    Error: `NotAllowed` for something shared that nobody decided to share.
    """
    require(rules.may_answer(actor, concern))
    with transaction.atomic():
        locked = _lock(concern)
        if what == SHARED and locked.outcome in {"", Outcome.NO_SHARING}:
            raise NotAllowed
        entry = _write(locked, what, words, actor)
        record("concern.written", locked, actor=actor, what=what)
    return entry


def strike_entry(entry: Entry, reason: str, *, actor: Person) -> None:
    """A line was wrong. It stays to be read, struck through, with who struck it and why."""
    require(rules.may_answer(actor, entry.concern) and bool(reason.strip()))
    with transaction.atomic():
        locked = _lock(entry.concern)
        if not entry.struck:
            entry.rewrite(struck=reason.strip(), struck_post=str(posts.post_of(actor) or ""))
        record("entry.struck", locked, actor=actor)


def let_colleague_in(concern: Concern, colleague: Person, *, actor: Person) -> None:
    """Somebody else who answers reads it from now on, with all that stands. Not somebody it was kept from."""
    require(rules.may_answer(actor, concern) and rules.answers(colleague))
    require(colleague.programme_id == concern.programme_id)
    with transaction.atomic():
        locked = _lock(concern)
        require(str(colleague.pk) not in locked.kept_from)
        reach.let_in(locked.scope, colleague)
        reach.let_in(locked.own_scope, colleague)
        parting.watch_readers(locked)
        record("colleague.admitted", locked, actor=actor)


def _lock(concern: Concern) -> Concern:
    # Not so that a row which names it has to wait: whoever writes a message holds its keys by then.
    held = Concern.objects.select_for_update(of=("self",), no_key=True)
    rows = held.select_related("programme", "item", "scope", "own_scope")
    return rows.get(pk=concern.pk)


@prepared
def _lines(concern: UUID) -> QuerySet[Entry]:
    return Entry.objects.filter(concern=concern).select_related("item").order_by("item__seq")


@prepared
def _messages(concern: UUID) -> QuerySet[Message]:
    return Message.objects.filter(concern=concern).select_related("item")


_record = together(rules.answered, _lines, _messages)


def _order(row: HasItem) -> int:
    return row.item.seq


def _is_proposed(concern: Concern, named: str) -> bool:
    entries = _lines(concern=concern.pk)
    open_all(entries)
    waits = proposed(entries)
    return waits is not None and str(waits.pk) == named


def _facts(
    concern: Concern, actor: Person, said: Mapping[str, str], outcome: Outcome | None, level: Level | None
) -> Facts:
    today = clock.now().astimezone(zone_of(concern.programme)).date()
    on_call = OnCall.objects.filter(programme=concern.programme_id, person=actor, day=today)
    return Facts(
        actor=str(actor.pk),
        post=posts.post_of(actor),
        # Whoever was called yesterday evening still answers after midnight.
        on_rota=on_call.exists() or Call.objects.filter(concern=concern, person=actor).exists(),
        filled=frozenset(said),
        outcome=outcome,
        level=level,
        another_has_it=concern.is_drill or concern.held_by_id not in {None, actor.pk},
    )


def _consequences(concern: Concern, event: Event, before: Case, actor: Person) -> None:
    """What a step does to the clocks and to who holds it."""
    for duty in _ENDS.get(event, ()):
        clocks.end(concern, duty)
    if event == Event.ACKNOWLEDGE:
        concern.held_by = actor
        _finish_drill(concern)
    if event == Event.PLAN and before.state in {State.DECIDED, State.ACKNOWLEDGED}:
        _plan_reviews(concern)
    if event == Event.SET_LEVEL:
        clocks.restart(concern, Kind(concern.kind), before.level)
    if event == Event.REOPEN:
        _begin_anew(concern)
    if event in _OVER:
        if event == Event.CLOSE:
            clocks.end(concern, Duty.AFTERCARE)
        clocks.stop_all(concern)
        concern.raised_at, concern.closed_on = None, clock.today()


def _begin_anew(concern: Concern) -> None:
    concern.raised_at, concern.closed_on, concern.held_by = clock.now(), None, None
    clocks.start(concern, Kind(concern.kind))
    # Nobody watched who reads it while it was closed.
    parting.watch_readers(concern)


def _plan_reviews(concern: Concern) -> None:
    if not clocks.of_this_run(concern).filter(duty=Duty.REVIEW).exists():
        clocks.start_reviews(concern, after=clock.now())


def _finish_drill(concern: Concern) -> None:
    """A drill has shown what it was to show: its clocks stop, and its time is written down."""
    if not concern.is_drill:
        return
    called = concern.calls.values("person").distinct().count()
    Drill.objects.filter(concern=concern, arrived_at=None).update(arrived_at=clock.now(), calls=called)
    clocks.stop_all(concern)
    # Counted by whose call was delivered: whoever has it now.
    concern.save(update_fields=["held_by"])
    readiness.refresh(concern.programme)


def _write(concern: Concern, what: str, words: Mapping[str, str], actor: Person) -> Entry:
    said = {name: text for name, text in words.items() if text}
    line = {
        "what": str(what),
        "at": clock.now().isoformat(timespec="seconds"),
        "post": str(posts.post_of(actor) or ""),
        "fields": said,
    }
    item = items.seal(concern.scope, ENTRY, line)
    return Entry.objects.create(item=item, concern=concern)
