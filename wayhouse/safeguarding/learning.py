"""The learning note: once a month at most, of five concerns at least, without anybody in it.

Whether it names somebody is for people to see: the list is read before it is kept, and no machine looks at the words.
"""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.core.prepared import prepared
from wayhouse.core.together import together
from wayhouse.crypto import items
from wayhouse.crypto.sealed import open_all
from wayhouse.people.models import Person, Programme, Role
from wayhouse.safeguarding import rules
from wayhouse.safeguarding.models import Appointment, Concern, Entry, LearningNote
from wayhouse.safeguarding.posts import post_of, safety_of
from wayhouse.safeguarding.protocol import Event, State
from wayhouse.safeguarding.refusals import TooFewConcerns, WrittenAlready

FEWEST = 5
LONGEST = 2000


def write_learning_note(words: str, *, actor: Person) -> LearningNote:
    """Keep it for those who answer and the coordinators. Whoever calls this has had every line of the list ticked.

    Errors: `TooFewConcerns`; `WrittenAlready` in this month.
    """
    require(rules.may_write_learning_note(actor, actor.programme) and bool(words.strip()))
    today, programme = clock.today(), actor.programme
    if len(finished_since(actor)) < FEWEST:
        raise TooFewConcerns
    said = {"words": words.strip()[:LONGEST], "post": str(post_of(actor) or "")}
    try:
        with transaction.atomic():
            item = items.seal(safety_of(programme).scope, "learning", said)
            note = LearningNote.objects.create(
                programme=programme, month=today.replace(day=1), until_on=today, item=item
            )
            record("learning.written", note, actor=actor)
    except IntegrityError:
        raise WrittenAlready from None
    return note


def finished_since(actor: Person) -> list[Concern]:
    """What was finished since the last note, as far as the reader reads it and nobody who answers was kept out of it.

    What somebody was kept from is left out: a note that counts it would tell them that there was something.
    """
    since = _looked_back_to(actor.programme)
    rows, everybody = _finished(person=actor.pk, since=since, programme=actor.programme_id)
    rows = sorted(rows, key=lambda one: (one.closed_on, one.pk)) if actor.holds(Role.Kind.SAFEGUARDING_LEAD) else []
    open_all(rows)
    held = set(map(str, everybody))
    return [concern for concern in rows if held.isdisjoint(concern.kept_from)]


def lines_of(concerns: list[Concern]) -> list[str]:
    """What was written down as learnt when they were finished."""
    entries = list(Entry.objects.filter(concern__in=concerns).select_related("item").order_by("item__created_on", "pk"))
    open_all(entries)
    ends = [dict(entry.fields) for entry in entries if entry.what == Event.CLOSE and not entry.struck]
    return [fields["learning"] for fields in ends if fields.get("learning")]


def notes_of(programme: Programme) -> list[LearningNote]:
    """All notes, the latest first, opened; for those who answer and the coordinators."""
    rows = _notes(programme=programme.pk)
    open_all(rows)
    return rows


def _looked_back_to(programme: Programme) -> date:
    return next(iter(_last(programme=programme.pk)), date.min)


@prepared
def _closed(person: UUID, since: date) -> QuerySet[Concern]:
    found = Concern.objects.answered_by(person).filter(state=State.CLOSED, is_drill=False, closed_on__gt=since)
    return found.select_related("item")


@prepared
def _everybody(programme: UUID) -> "QuerySet[Appointment, UUID]":
    return Appointment.objects.filter(person__programme=programme).values_list("person", flat=True)


_finished = together(_closed, _everybody)


@prepared
def _notes(programme: UUID) -> QuerySet[LearningNote]:
    return LearningNote.objects.filter(programme=programme).select_related("item").order_by("-month")[:36]


@prepared
def _last(programme: UUID) -> "QuerySet[LearningNote, date]":
    notes = LearningNote.objects.filter(programme=programme).order_by("-until_on")
    return notes.values_list("until_on", flat=True)[:1]
