"""A strict reader of calendars, after RFC 5545 and RFC 7986: says everything that is wrong with the bytes of a file."""

import re
from collections import Counter
from collections.abc import Iterator

_LINE = re.compile(r"([A-Z][A-Z0-9-]*)((?:;[A-Z-]+=[^;:\",\x00-\x1f]+)*):(.*)", re.DOTALL)
_UTC = re.compile(r"\d{8}T([01]\d|2[0-3])[0-5]\d[0-5]\dZ")
_TEXT = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,Nn])*")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_VALUES = {
    "VERSION": re.compile("2[.]0"), "PRODID": _TEXT, "CALSCALE": re.compile("GREGORIAN"),
    "METHOD": re.compile("PUBLISH"), "NAME": _TEXT, "X-WR-CALNAME": _TEXT, "SUMMARY": _TEXT,
    "REFRESH-INTERVAL": re.compile("PT[1-9][0-9]*H"), "X-PUBLISHED-TTL": re.compile("PT[1-9][0-9]*H"),
    "UID": _UUID, "DTSTAMP": _UTC, "LAST-MODIFIED": _UTC, "SEQUENCE": re.compile("0|[1-9][0-9]*"),
    "DTSTART": _UTC, "DTEND": _UTC, "CLASS": re.compile("PRIVATE"),
    "STATUS": re.compile("CONFIRMED|CANCELLED"), "TRANSP": re.compile("OPAQUE|TRANSPARENT"),
}  # fmt: skip
_CALENDAR = {"VERSION", "PRODID", "CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"}
# Everything else, such as LOCATION, DESCRIPTION, ORGANIZER or ATTENDEE, would tell something.
_EVENT = _VALUES.keys() - _CALENDAR


def wrong_with(file: bytes) -> list[str]:
    """What is wrong; nothing where all is well."""
    return list(_bytes(file)) or list(_structure(file))


def _bytes(file: bytes) -> Iterator[str]:
    if not file.endswith(b"\r\n"):
        yield "does not end with a line end"
    for number, line in enumerate(file.split(b"\r\n")[:-1], 1):
        if b"\r" in line or b"\n" in line:
            yield f"{number}: half a line end"
        if len(line) > 75:
            yield f"{number}: {len(line)} octets"
        try:
            line.decode()
        except UnicodeDecodeError:
            yield f"{number}: a sign is cut in two"


def _structure(file: bytes) -> Iterator[str]:
    unfolded = re.sub(rb"\r\n[ \t]", b"", file).decode().split("\r\n")[:-1]
    if (unfolded[0], unfolded[-1]) != ("BEGIN:VCALENDAR", "END:VCALENDAR"):
        yield "is not one calendar"
    bodies: list[tuple[str, list[tuple[str, str]]]] = []
    inside: list[int] = []
    for line in unfolded:
        yield from _read(line, bodies, inside)
    if inside or len(bodies) < 2:
        yield "holds no component, or one that does not end"
    for kind, properties in bodies:
        yield from _component(kind, properties)
    uids = Counter(value for _kind, properties in bodies for name, value in properties if name == "UID")
    yield from (f"twice: {uid}" for uid, count in uids.items() if count > 1)


def _read(line: str, bodies: list[tuple[str, list[tuple[str, str]]]], inside: list[int]) -> Iterator[str]:
    found = _LINE.fullmatch(line)
    if not found:
        yield f"no content line: {line!r}"
        return
    name, _parameters, value = found.groups()
    if name == "BEGIN":
        inside.append(len(bodies))
        bodies.append((value, []))
    elif name == "END":
        if not inside or bodies[inside.pop()][0] != value:
            yield f"ends what did not begin: {value}"
    elif not inside:
        yield f"stands outside: {name}"
    else:
        bodies[inside[-1]][1].append((name, value))


def _component(kind: str, properties: list[tuple[str, str]]) -> Iterator[str]:
    wanted = {"VCALENDAR": _CALENDAR, "VEVENT": _EVENT}.get(kind)
    if wanted is None:
        return
    names = [name for name, _value in properties]
    if sorted(names) != sorted(wanted):
        yield f"{kind} has {sorted(set(names) ^ wanted) or 'something twice'}"
        return
    values = dict(properties)
    yield from (f"{name}: {value!r}" for name, value in properties if not _VALUES[name].fullmatch(value))
    if kind == "VEVENT" and values["DTSTART"] >= values["DTEND"]:
        yield "ends before it begins"
