"""What becomes of the rows of a prepared query: values that Python knows, tuples, and models with what came along.

Django finds out anew at each run how to do that, and makes each model with a dozen calls and two signals; a page of
fifty sealed rows makes two hundred models. What is asked for here is what Django knows once the SQL is composed.
"""

import operator
import uuid
from collections.abc import Callable, Container, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    RelatedPopulator,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

Row = list[Any]
# What turns the value of a column into that of Python, step by step, and the column; None where any column would do.
Converters = dict[int, tuple[list[Callable[..., Any]], Any]]
# Ids cannot be changed; their own class sets what they are in the same way.
_bare, _set, _UNKNOWN = object.__new__, object.__setattr__, uuid.SafeUUID.unknown
_LASTING = {uuid.UUID, date, datetime, bool, int, str, type(None)}


def converted(fetched: Iterable[Sequence[Any]], converters: Converters, connection: Any) -> list[Row]:
    """Rows with the values that Python knows, such as UUIDs: in a list of rows many a value stands again."""
    rows = [list(row) for row in fetched]
    alike: dict[Any, dict[Any, Any]] = {}
    for place, (steps, column) in converters.items():
        # A record stands beside its owner: the ids of one column are those of another.
        same = alike.setdefault(steps[0] if column is None else place, {})
        for row in rows:
            value = row[place]
            if value in same:
                row[place] = same[value]
                continue
            made = value
            for step in steps:
                made = step(made, column, connection)
            row[place] = made
            # Of what can be changed, such as lists, each row has its own.
            if type(made) in _LASTING:
                same[value] = made
    return rows


def quicker(converters: Converters, connection: Any) -> Converters:
    """The same converters; ids that the database has as 32 digits, and moments, are read as what they are."""
    known = {"convert_uuidfield_value": _of_digits, "convert_datetimefield_value": _in_zone}
    straight = {step: made for name, made in known.items() if (step := getattr(connection.ops, name, None))}
    return {
        place: ([straight.get(step, step) for step in steps], None if _is_one(steps, straight) else column)
        for place, (steps, column) in converters.items()
    }


def _is_one(steps: Sequence[Callable[..., Any]], of: Container[Callable[..., Any]]) -> bool:
    return len(steps) == 1 and steps[0] in of


def _of_digits(value: str | None, _column: Any, _connection: Any) -> uuid.UUID | None:
    """`UUID(value)` also takes braces, hyphens and a prefix, and looks for each; what it sets then is set here."""
    if value is None:
        return None
    made = _bare(uuid.UUID)
    _set(made, "int", int(value, 16))
    _set(made, "is_safe", _UNKNOWN)
    return made


def _in_zone(value: str | datetime | None, _column: Any, connection: Any) -> datetime | None:
    """Django asks more than once whether the moment has a zone already, and matches its text with a pattern."""
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=connection.timezone)


def shaping(rows: QuerySet[Any, Any], compiler: Any) -> Callable[[Row], Any]:
    """What makes of a row what iterating over the queryset would give: a value, a tuple or a model with its like."""
    kind: Any = rows._iterable_class  # noqa: SLF001  what iterating does
    if kind is FlatValuesListIterable:
        return operator.itemgetter(0)
    if kind is ValuesListIterable:
        width = compiler.col_count
        return lambda row: tuple(row[:width])
    if kind is not ModelIterable:
        message = f"prepared queries give models or values_list(), not {kind.__name__}"
        raise ValueError(message)
    model, fields = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    start, end = fields[0], fields[-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    make = _maker(model, names, rows.db)
    populators = get_related_populators(compiler.klass_info, compiler.select, rows.db)  # type: ignore[call-arg]  # newer stubs
    along = [_along(populator) for populator in populators]
    annotated = tuple((compiler.annotation_col_map or {}).items())

    def shaped(row: Row) -> Any:
        made = make(row[start:end])
        for populate in along:
            populate(row, made)
        for name, place in annotated:
            setattr(made, name, row[place])
        return made

    return shaped


def _along(populator: RelatedPopulator) -> Callable[[Row, Any], None]:
    """As `RelatedPopulator.populate`."""
    if populator.reorder_for_init:
        return populator.populate
    start, end, key = populator.cols_start, populator.cols_end, populator.cols_start + populator.pk_idx
    make = _maker(populator.model_cls, populator.init_list, populator.db)
    further = [_along(each) for each in populator.related_populators]
    here, there = populator.local_setter, populator.remote_setter

    def populate(row: Row, owner: Any) -> None:
        if row[key] is None:
            here(owner, None)
            return
        made = make(row[start:end])
        for each in further:
            each(row, made)
        here(owner, made)
        there(made, owner)

    return populate


def _maker(model: Any, names: list[str], using: str) -> Callable[[Row], Any]:
    """What makes a model of its values, as `Model.from_db`; without it wherever that comes to the same."""
    if not _is_plain(model, names):
        return lambda values: model.from_db(using, names, values)

    def make(values: Row) -> Any:
        made = model.__new__(model)
        state = made.__dict__
        state["_state"] = kept = ModelState()
        state.update(zip(names, values, strict=True))
        kept.adding, kept.db = False, using
        return made

    return make


def _is_plain(model: Any, names: list[str]) -> bool:
    """Whether every field is fetched, and nothing but setting attributes happens when one of these is made."""
    own = model.__init__ is not Model.__init__ or model.from_db.__func__ is not Model.from_db.__func__  # type: ignore[attr-defined]
    if own or [field.attname for field in model._meta.concrete_fields] != names:  # noqa: SLF001  Django's public name
        return False
    told = any(signal.has_listeners(sender=model) for signal in (pre_init, post_init))
    return not told and all(isinstance(getattr(model, name), DeferredAttribute) for name in names)
