"""What a file would change: the fate of every row beside what is on the roster now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from django.utils.translation import gettext as _

from wayhouse.people.roster.choices import KINDS
from wayhouse.people.roster.columns import COLUMNS, DEFAULTS, WORDS
from wayhouse.people.roster.names import folded
from wayhouse.people.roster.problems import Problem
from wayhouse.people.roster.reading import Reading, Row
from wayhouse.people.roster.times import SLOTS

Words = Mapping[str, Any]
NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"
FATES = (REFUSED, NEW, CHANGED, UNCHANGED)
_PROBLEMS_A_ROW = 4


@dataclass(slots=True)
class Fate:
    """What becomes of one row. All fields are plain JSON, so that a draft can be sealed.

    `person` is the id of somebody on the roster already; `words` the whole entry as it will be; `changes` lists
    (word, before, after); `apart` holds the others as ["row", number] or ["person", id].
    """

    number: int
    fate: str
    words: dict[str, Any]
    person: str | None = None
    changes: list[list[Any]] = field(default_factory=list)
    apart: list[list[Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The fields as a JSON object."""
        return {part.name: getattr(self, part.name) for part in fields(self)}


class Known:
    """Who is on the roster now, found by chosen name."""

    def __init__(self, entries: Mapping[str, Words]) -> None:
        """`entries`: the words of each person by their id."""
        self.entries = entries
        self._by_name: dict[str, list[str]] = {}
        for person, words in entries.items():
            self._by_name.setdefault(folded(str(words.get("name", ""))), []).append(person)

    def called(self, name: str) -> list[str]:
        """The ids of the people with this name."""
        return self._by_name.get(folded(name), []) if name else []


def compare(reading: Reading, known: Known) -> list[Fate]:
    """The fate of each row, those that were refused first; then new, changed and unchanged ones."""
    rows = {row.number: row for row in reading.rows}
    in_file = {folded(row.name): row.number for row in reading.rows if row.name}
    fates = []
    for row in reading.rows:
        words, person, wrong = _compare(row, reading, known)
        apart, unknown = _apart(row, reading, known, lambda ref: _in_file(ref, rows, in_file))
        problems = [*row.problems, *wrong, *unknown]
        fate = _refused(row, problems) if problems else _fate(row, words, person, known)
        fate.apart = apart
        fates.append(fate)
    return sorted(fates, key=lambda fate: (FATES.index(fate.fate), fate.number))


def merged(before: Words, said: Words) -> dict[str, Any]:
    """An entry after a row was taken in: what the file does not say stays as it was."""
    words = {word: said.get(word, before.get(word, DEFAULTS[word])) for word in WORDS}
    if "slots" in said and "preferred_slots" not in said:
        words["preferred_slots"] = [slot for slot in words["preferred_slots"] if slot in said["slots"]]
    possible = {*words["slots"], *words["preferred_slots"]}
    words["slots"] = [slot for slot in SLOTS if slot in possible]
    if words["preferred_kind"] not in words["kinds"] and "preferred_kind" not in said:
        words["preferred_kind"] = ""
    words["kinds"] = KINDS.ordered([*words["kinds"], words["preferred_kind"]])
    if words["role"] == DEFAULTS["role"]:
        words["meetings_a_week"] = DEFAULTS["meetings_a_week"]
    return words


def changes_between(before: Words, after: Words) -> list[list[Any]]:
    """(word, before, after) for each word that differs."""
    old = {word: before.get(word, DEFAULTS[word]) for word in WORDS}
    return [[word, old[word], after[word]] for word in WORDS if _differs(old[word], after[word])]


def _compare(row: Row, reading: Reading, known: Known) -> tuple[dict[str, Any], str | None, list[Problem]]:
    people = known.called(row.name)
    if len(people) > 1:
        message = _("several people on the roster have this name; give them different ones first")
        return {}, None, [_problem(row, reading, "name", message)]
    person = people[0] if people else None
    words = merged(known.entries[person] if person else {}, row.words)
    problems = [] if person else _lacking(row, reading, words)
    if words["role"] == DEFAULTS["role"] and "meetings_a_week" in row.words:
        message = _("only facilitators and mentors have a number of meetings")
        problems.append(_problem(row, reading, "meetings_a_week", message))
    return words, person, problems


def _lacking(row: Row, reading: Reading, words: Words) -> list[Problem]:
    refused = {problem.letter for problem in row.problems}
    message = _("somebody new cannot be planned for without it")
    return [
        _problem(row, reading, column.key, message)
        for column in COLUMNS
        if column.needed and not words[column.word] and reading.letters.get(column.key, "") not in refused
    ]


def _apart(
    row: Row, reading: Reading, known: Known, in_file: Callable[[str | int], int | None]
) -> tuple[list[list[Any]], list[Problem]]:
    found: list[list[Any]] = []
    problems = []
    for place, ref in enumerate(row.apart, start=1):
        number = in_file(ref)
        people = known.called(ref) if isinstance(ref, str) and number is None else []
        if number == row.number:
            message = _("entry %(place)s is the person themselves") % {"place": place}
            problems.append(_problem(row, reading, "keep_apart", message))
        elif number is not None:
            found.append(["row", number])
        elif len(people) == 1:
            found.append(["person", people[0]])
        else:
            # Which name it is stays unsaid: a page never shows who is kept apart from whom.
            message = _("entry %(place)s is neither in this file nor on the roster") % {"place": place}
            problems.append(_problem(row, reading, "keep_apart", message))
    return found, problems


def _in_file(ref: str | int, rows: Mapping[int, Row], by_name: Mapping[str, int]) -> int | None:
    if isinstance(ref, int):
        return ref if ref in rows else None
    return by_name.get(folded(ref))


def _fate(row: Row, words: dict[str, Any], person: str | None, known: Known) -> Fate:
    if person is None:
        return Fate(row.number, NEW, words)
    changes = changes_between(known.entries[person], words)
    return Fate(row.number, CHANGED if changes else UNCHANGED, words, person, changes)


def _refused(row: Row, problems: list[Problem]) -> Fate:
    said = [str(problem) for problem in problems[:_PROBLEMS_A_ROW]]
    return Fate(row.number, REFUSED, {"name": row.name}, problems=said)


def _problem(row: Row, reading: Reading, key: str, what: str) -> Problem:
    label = next(column.label for column in COLUMNS if column.key == key)
    return Problem(row.number, reading.letters.get(key, ""), label, what)


def _differs(before: Any, after: Any) -> bool:
    return bool(list(before) != list(after)) if isinstance(after, list) else bool(before != after)
