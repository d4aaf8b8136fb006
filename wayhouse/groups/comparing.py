"""Two proposals of groups side by side: what each costs, who sits elsewhere, who has a place in one of them only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wayhouse.groups.board import Board, Somebody, Table, boards_of
from wayhouse.groups.models import Proposal

# The parts of the price, in the order of `formation/objective.py`.
PARTS: dict[str, Promise] = {
    "unplaced": _("People without a group"),
    "open_group": _("Groups that open"),
    "size_deviation": _("Groups of another size than nine"),
    "options": _("Wishes that are not met"),
    "mix_excess": _("People in a group who are too much alike"),
    "interpreter": _("Interpreters"),
    "moved": _("People who change their group"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A figure in both proposals; None where it is not known."""

    label: "str | Promise"
    one: int | None
    other: int | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody whose place differs: their group in each, or why there is none."""

    name: str
    one: str
    other: str
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both boards, the figures that differ, and the people whose place differs."""

    one: Board
    other: Board

    @property
    def figures(self) -> list[Row]:
        """People and groups, and all points."""
        return [
            Row(_("People with a group"), self.one.placed, self.other.placed),
            Row(_("People without a group"), len(self.one.waiting), len(self.other.waiting)),
            Row(_("Groups"), len(self.one.tables), len(self.other.tables)),
            Row(_("Groups with few people"), len(self.one.small), len(self.other.small)),
            Row(_("Points in all"), self.one.points, self.other.points),
        ]

    @property
    def parts(self) -> list[Row]:
        """The points that differ, by what they are for."""
        return rows_of(self.one.parts, self.other.parts)

    @property
    def elsewhere(self) -> list[Elsewhere]:
        """People whose place differs, by name."""
        before, after = dict(_places(self.one)), dict(_places(self.other))
        found = [
            Elsewhere(who.name, _where(table), _where(other), [*who.reasons, *now.reasons])
            for person, (who, table) in before.items()
            if person in after
            for now, other in [after[person]]
            if _cell(table) != _cell(other)
        ]
        return sorted(found, key=lambda one: one.name.casefold())


def comparison_of(one: Proposal, other: Proposal) -> Comparison:
    """Open both. Error: `CannotOpen`."""
    return Comparison(*boards_of([one, other]))


def rows_of(before: Mapping[str, int] | None, after: Mapping[str, int] | None) -> list[Row]:
    """The parts of two prices that differ; nothing where one of them is not known."""
    if before is None or after is None:
        return []
    return [
        Row(label, before[part], after[part])
        for part, label in PARTS.items()
        if before.get(part, 0) != after.get(part, 0)
    ]


def _places(board: Board) -> Iterator[tuple[str, tuple[Somebody, Table | None]]]:
    for table in board.tables:
        yield from ((person.id, (person, table)) for person in table.people)
    yield from ((person.id, (person, None)) for person in board.waiting)


def _cell(table: Table | None) -> str:
    return table.cell if table else ""


def _where(table: Table | None) -> str:
    return f"{table.name} – {table.venue}, {table.slot}" if table else str(_("Without a group"))
