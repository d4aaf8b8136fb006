"""Which roles somebody had; what they said yes to, asked to hand over, and had made for them, by day."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, DateField, QuerySet, Value
from django.db.models.functions import Cast, TruncDate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wayhouse.conversations.models import Post
from wayhouse.core.prepared import prepared
from wayhouse.meetings.models import AccessTask, Swap
from wayhouse.people.consents.wordings import Purpose, wording_of
from wayhouse.people.models import ConsentEntry, Person, Role, WayBack, label_of_role

_ROLE, _SAID, _SWAP, _WAY, _NEED, _POST = "role", "said", "swap", "way", "need", "post"


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


class Done(NamedTuple):
    """What somebody was and did: roles, acts, and what they wrote that can be taken back, by id and day."""

    roles: list[HeldRole]
    acts: list[HeldAct]
    posts: list[tuple[UUID, date]]


def roles_and_acts(person: Person) -> Done:
    """Roles; consents, swaps, ways back and needs; and posts in the order in which they were written: one query."""
    rows = sorted(_everything(person=person.pk), key=lambda row: row[1])
    held = [HeldRole(str(label_of_role(kind)), on, until) for table, on, kind, _same, until in rows if table == _ROLE]
    acts = [_act(*row) for row in rows if row[0] not in {_ROLE, _POST}]
    posts = sorted((int(number), UUID(pk), on) for table, on, pk, number, _none in rows if table == _POST)
    return Done(held, acts, [(pk, on) for _number, pk, on in posts])


@prepared
def _everything(person: UUID) -> "QuerySet[Any, Any]":
    mine = {"person": person}
    roles = _rows(Role.objects.filter(**mine), _ROLE, "since_on", "kind", "kind", "until_on")
    said = _rows(ConsentEntry.objects.filter(**mine), _SAID, "on", "purpose", "step", "until")
    meant = TruncDate("meeting__starts_at")
    swaps = _rows(Swap.objects.filter(asker=person), _SWAP, "asked_on", "state", "state", meant)
    ways = _rows(WayBack.objects.filter(**mine), _WAY, "asked_on", "asked_how", "end", TruncDate("expires_at"))
    needs = _rows(AccessTask.objects.filter(**mine), _NEED, "asked_on", "state", "state", meant)
    words = Post.objects.filter(**mine).exclude(state=Post.State.STRUCK)
    nothing = Value(None, output_field=DateField())
    posts = _rows(words, _POST, "written_on", Cast("pk", CharField()), Cast("number", CharField()), nothing)
    return roles.union(said, swaps, ways, needs, posts, all=True)


def _rows(rows: "QuerySet[Any]", table: str, on: str, what: Any, outcome: Any, until: Any) -> "QuerySet[Any, Any]":
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
