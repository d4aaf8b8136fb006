"""What the list of first contacts shows of each: the clock, the beginning of the newest words, who has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from wayhouse.arrivals.models import Contact, Note
from wayhouse.crypto.sealed import open_all
from wayhouse.people.models import Person, Programme
from wayhouse.people.roster.languages import language_name

_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Listed:
    """One contact in a list."""

    pk: UUID
    due_at: datetime | None
    is_overdue: bool
    closed: bool
    beginning: str
    language: str
    own: bool
    taken: bool


def listed(contacts: Iterable[Contact], reader: Person) -> list[Listed]:
    """Contacts with the pk of their newest note as `newest`, opened in three queries."""
    rows = list(contacts)
    notes = {note.contact_id: note for note in _newest(rows)}
    open_all(notes.values())
    return [_listed(row, notes[row.pk], reader) for row in rows if row.pk in notes]


def as_table(contacts: Iterable[Contact], programme: Programme) -> list[list[str]]:
    """Contacts as rows of cells: programme, sign, list, state, due, day of the last word."""
    head = [_("Programme"), _("Sign"), _("List"), _("State"), _("Due"), _("Last word")]
    return [head, *([programme.name, *_cells(row)] for row in contacts)]


def _cells(row: Contact) -> list[str]:
    due = timezone.localtime(row.due_at).strftime("%Y-%m-%d %H:%M") if row.due_at else ""
    state = (
        _("overdue") if row.is_overdue else _("to answer") if due else _("closed") if row.closed_on else _("answered")
    )
    return [row.sign, str(Contact.Kind(row.kind).label), state, due, row.last_on.isoformat()]


def _newest(rows: list[Contact]) -> Iterable[Note]:
    wanted: list[int] = [getattr(row, "newest", 0) or 0 for row in rows]
    return Note.objects.select_related("item").filter(pk__in=wanted)


def _listed(row: Contact, note: Note, reader: Person) -> Listed:
    return Listed(
        pk=row.pk,
        due_at=row.due_at,
        is_overdue=row.is_overdue,
        closed=row.closed_on is not None,
        beginning=Truncator(note.words).chars(_SHOWN),
        language=language_name(note.language) if note.language else "",
        own=row.taken_by_id == reader.pk,
        taken=row.taken_by_id is not None,
    )
