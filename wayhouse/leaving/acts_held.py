"""Which roles somebody had; what they said yes to, asked to hand over, and had made for them, by day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import TruncDate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wayhouse.meetings.models import AccessTask, Swap
from wayhouse.people.consents.wordings import Purpose, wording_of
from wayhouse.people.models import ConsentEntry, Person, WayBack, label_of_role

_ROLE, _SAID, _SWAP, _WAY, _NEED = "role", "said", "swap", "way", "need"


@dataclass(frozen=True, slots=True)
class HeldAct:
    """One line: on a day, what, what came of it, and the day until which it holds or which it is about."""

    on: date
    what: str
    outcome: str
    until: date | None


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role, from a day until a day."""

    role: str
    since: date
    until: date | None


def roles_and_acts(person: Person) -> tuple[list[HeldRole], list[HeldAct]]:
    """Roles; and consents, swaps, ways back and needs: all in one query."""
    roles = _rows(person.roles.all(), _ROLE, "since_on", "kind", "kind", "until_on")
    said = _rows(person.consents.all(), _SAID, "on", "purpose", "step", "until")
    swaps = _rows(person.swaps_asked.all(), _SWAP, "asked_on", "state", "state", TruncDate("meeting__starts_at"))
    ways = _rows(person.ways_back.all(), _WAY, "asked_on", "asked_how", "end", TruncDate("expires_at"))
    needs = _rows(person.access_tasks.all(), _NEED, "asked_on", "state", "state", TruncDate("meeting__starts_at"))
    rows = sorted(roles.union(said, swaps, ways, needs, all=True), key=lambda row: row[1])
    held = [HeldRole(str(label_of_role(kind)), on, until) for table, on, kind, _same, until in rows if table == _ROLE]
    return held, [_act(*row) for row in rows if row[0] != _ROLE]


def _rows(rows: "QuerySet[Any]", table: str, on: str, what: str, outcome: str, until: Any) -> "QuerySet[Any, Any]":
    named: QuerySet[Any] = rows.order_by().annotate(table=Value(table, output_field=CharField()))
    return named.values_list("table", on, what, outcome, until)


def _act(table: str, on: date, what: str, outcome: str, until: date | None) -> HeldAct:
    if table == _SAID:
        title = wording_of(Purpose(what), (get_language() or "en").partition("-")[0]).title
        return HeldAct(on, title, str(ConsentEntry.Step(outcome).label), until)
    if table == _SWAP:
        return HeldAct(on, _("A shift you asked to hand over"), str(Swap.State(outcome).label), until)
    if table == _NEED:
        return HeldAct(
            on, _("Something you asked for, to be able to come"), str(AccessTask.State(outcome).label), until
        )
    ended = {"": "", **{end.value: str(end.label) for end in WayBack.End}}[outcome]
    return HeldAct(on, _("A way back that two people made for you"), ended, until)
