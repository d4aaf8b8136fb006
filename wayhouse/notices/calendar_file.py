"""Calendars as files (RFC 5545, RFC 7986): times under a cover title. No place, no people, no words about it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

LONGEST_LINE = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
# A calendar holds at least one component; where there is nothing else, what everybody knows.
_NOTHING = (
    "BEGIN:VTIMEZONE",
    "TZID:Etc/UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a calendar: always the same `uid`, a higher `sequence` at each change."""

    uid: UUID
    starts_at: datetime
    ends_at: datetime
    sequence: int
    cancelled: bool
    changed_at: datetime


def calendar_file(title: str, entries: Iterable[Entry]) -> bytes:
    """The file, with every entry under the same title."""
    summary = _text(title)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{summary}",
        f"X-WR-CALNAME:{summary}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    events = [line for entry in entries for line in _event(entry, summary)]
    return b"".join(map(_folded, [*lines, *(events or _NOTHING), "END:VCALENDAR"]))


def _event(entry: Entry, summary: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{_moment(entry.changed_at)}"
    yield f"LAST-MODIFIED:{_moment(entry.changed_at)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTART:{_moment(entry.starts_at)}"
    yield f"DTEND:{_moment(entry.ends_at)}"
    yield f"SUMMARY:{summary}"
    yield "CLASS:PRIVATE"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield f"TRANSP:{'TRANSPARENT' if entry.cancelled else 'OPAQUE'}"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    shown = "".join(sign for sign in words if sign == "\n" or (sign.isprintable()))
    return shown.translate(_ESCAPES)


def _folded(line: str) -> bytes:
    """The line with its end; a long one continues on the next after a space, and no sign is cut in two."""
    parts, size = [b""], 0
    for sign in line:
        raw = sign.encode()
        if size + len(raw) > LONGEST_LINE:
            parts.append(b" ")
            size = 1
        parts[-1] += raw
        size += len(raw)
    return b"\r\n".join(parts) + b"\r\n"
