"""The roster as the table it came from, so that a programme can move house, or be looked through on paper."""

from collections.abc import Mapping
from typing import Any

from wayhouse.people.roster.columns import COLUMNS, DEFAULTS, Column, shown
from wayhouse.people.roster.parsing import KEEP_APART
from wayhouse.people.roster.template import TableRow

Words = Mapping[str, Any]

# No page and no file shows who must not meet whom; a column that is not in a table changes nothing when it comes back.
OUTGOING = tuple(column for column in COLUMNS if column.key != KEEP_APART)


def row_of(words: Words) -> TableRow:
    """One roster entry as a row in the reader's language: what `read_roster` understands again as the same words."""
    known = {**DEFAULTS, **words}
    return {column.key: _cell(column, known) for column in OUTGOING}


def _cell(column: Column, words: Words) -> str:
    if column.key == "availability":
        best = words["preferred_slots"]
        return ", ".join(shown("slots", slot) + ("!" if slot in best else "") for slot in words["slots"])
    if column.key == "preferred" or (column.key == "meetings_a_week" and words["role"] == "member"):
        return ""  # marked with ! already; asked of staff alone
    value = words[column.word]
    return shown(column.word, value) if value else ""
