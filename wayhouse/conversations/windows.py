"""When an evening is asked about: from its end until the next one begins, six days at most."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from wayhouse.meetings.models import Meeting

ASKED_FOR = timedelta(days=6)


def answerable(now: datetime, since: datetime | None = None) -> QuerySet[Meeting]:
    """The evenings that can be answered at a moment, of every group at most one.

    `since`: `ASKED_FOR` before it, for a query whose values are named.
    """
    held = Meeting.objects.exclude(state=Meeting.State.SKIPPED)
    later = held.filter(group=OuterRef("group"), starts_at__gt=OuterRef("starts_at"), starts_at__lte=now)
    return held.filter(~Exists(later), ends_at__lte=now, ends_at__gt=since or now - ASKED_FOR)


def closes_at(meeting: Meeting) -> datetime:
    """When an evening is answered no more."""
    later = Meeting.objects.exclude(state=Meeting.State.SKIPPED).filter(group=meeting.group_id)
    following = later.filter(starts_at__gt=meeting.starts_at).order_by("starts_at").first()
    latest = meeting.ends_at + ASKED_FOR
    return min(latest, following.starts_at) if following else latest
