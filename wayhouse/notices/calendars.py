"""One's times in a calendar of one's own: off until somebody wants it, by a link that can be taken back.

Rooms above say which times there are; whoever has no calendar has no row here.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.crypto.box import CannotOpen
from wayhouse.notices.calendar_file import Entry, calendar_file
from wayhouse.notices.channels import Somebody
from wayhouse.notices.models import CalendarEntry, CalendarFeed

Span = tuple[datetime, datetime]
_TOKEN_BYTES = 32
ENTRIES_KEPT = timedelta(days=30)
_BATCH = 500


def share_calendar(title: str, *, actor: Somebody) -> str:
    """A calendar under a cover title; returns the token of its link, which is kept nowhere. An earlier link is dead."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with transaction.atomic():
        feed = CalendarFeed.objects.select_for_update().filter(person_id=actor.pk).first()
        feed = feed or CalendarFeed(person_id=actor.pk)
        feed.token_hash = _hash(token)
        feed.close({"title": title})
        feed.save()
        record("calendar.shared", feed, actor=actor)
    return token


def stop_calendar(*, actor: Somebody) -> None:
    """The link is dead at once, and the times are gone here. What a calendar has fetched stays with it."""
    with transaction.atomic():
        drop_calendar(actor.pk)
        record("calendar.stopped", actor, actor=actor)


def drop_calendar(person_id: UUID) -> None:
    """Delete a calendar with its times."""
    CalendarFeed.objects.filter(person_id=person_id).delete()
    CalendarEntry.objects.filter(person_id=person_id).delete()


def with_calendar() -> list[UUID]:
    """The people who have a calendar."""
    return list(CalendarFeed.objects.values_list("person_id", flat=True))


def write_calendars(wanted: Mapping[UUID, Mapping[str, Span]], *, source: str) -> int:
    """Bring the times ahead of these people to what they are now: by person and key, from and until.

    A time that moved keeps its entry with a higher number, one that is not there any more is cancelled, one that came
    back is confirmed anew. `source` names the room; keys are its own. Whoever has no calendar is left out. Returns how
    many entries changed.
    """
    with transaction.atomic():
        people = set(CalendarFeed.objects.filter(person_id__in=wanted).values_list("person_id", flat=True))
        rows = CalendarEntry.objects.select_for_update().filter(person_id__in=people, key__startswith=f"{source}:")
        known = {(row.person_id, row.key): row for row in rows}
        times = {(pk, f"{source}:{key}"): span for pk in people for key, span in wanted[pk].items()}
        made = [CalendarEntry.new(*place, span) for place, span in times.items() if place not in known]
        changed = [row for place, row in known.items() if row.becomes(times.get(place))]
        CalendarEntry.objects.bulk_create(made, batch_size=_BATCH, ignore_conflicts=True)
        fields = ["starts_at", "ends_at", "sequence", "cancelled", "changed_at"]
        CalendarEntry.objects.bulk_update(changed, fields, batch_size=_BATCH)
    return len(made) + len(changed)


def calendar_of(token: str) -> bytes | None:
    """The file behind a link; None where there is none (any more)."""
    feed = CalendarFeed.objects.filter(token_hash=_hash(token)).first()
    if feed is None:
        return None
    try:
        title = str(feed.open()["title"])
    except CannotOpen:
        return None
    return calendar_file(title, _entries(feed.person_id))


def old_entries(now: datetime) -> QuerySet[CalendarEntry]:
    """Times that have been over for thirty days at a moment."""
    return CalendarEntry.objects.filter(ends_at__lt=now - ENTRIES_KEPT)


def drop_old_entries(keep: Collection[UUID] = ()) -> int:
    """Delete times that have been over for thirty days, except those of `keep`; how many."""
    return old_entries(clock.now()).exclude(person_id__in=keep).delete()[0]


def _entries(person_id: UUID) -> Iterable[Entry]:
    for row in CalendarEntry.objects.filter(person_id=person_id).order_by("starts_at", "pk"):
        yield Entry(row.pk, row.starts_at, row.ends_at, row.sequence, row.cancelled, row.changed_at)


def _hash(token: str) -> str:
    return sha256(b"calendar|" + token.encode()).hexdigest()
