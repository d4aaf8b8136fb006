"""A prepared query gives what the queryset gives, whatever the values; what it would freeze is refused."""

import secrets
import uuid
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection, connections
from django.db.models import Count, DateField, Exists, OuterRef, Prefetch, QuerySet, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from wayhouse.core.prepared import Prepared, prepared
from wayhouse.core.together import together

pytestmark = pytest.mark.django_db

# Core knows no room; its tests take the plainest models there are by name.
Keyholder: Any = apps.get_model("crypto", "Keyholder")
Scope: Any = apps.get_model("crypto", "Scope")
Membership: Any = apps.get_model("crypto", "Membership")
Session: Any = apps.get_model("accounts", "Session")


@pytest.fixture
def scopes() -> list[Any]:
    """Three scopes; the holder of the second is in the third, too."""
    made = [Scope.objects.create(kind=kind, epoch=number) for number, kind in enumerate(("one", "two", "three"))]
    holders = [Keyholder.objects.create(kind="desk", public_key=b"k", public_key_mac=b"m") for _scope in made]
    for scope, holder in [*zip(made, holders, strict=True), (made[2], holders[1])]:
        Membership.objects.create(scope=scope, holder=holder)
    return made


@pytest.fixture
def sessions() -> list[Any]:
    """Two sessions: one that ends in an hour, one in three."""
    now = timezone.now()
    ends = [now + timedelta(hours=hours) for hours in (1, 3)]
    return [
        Session.objects.create(sid=secrets.token_hex(32), box=b"", created_at=now, idle_at=end, ends_at=end)
        for end in ends
    ]


@prepared
def scope_by_id(scope: uuid.UUID) -> QuerySet[Any]:
    found = Scope.objects.filter(pk=scope).select_related()
    return found.annotate(people=Count("memberships"), alone=~Exists(Membership.objects.filter(scope=OuterRef("pk"))))  # type: ignore[no-any-return]


@prepared
def ending_before(moment: datetime) -> QuerySet[Any]:
    return Session.objects.filter(ends_at__lt=moment).order_by("ends_at")  # type: ignore[no-any-return]


@prepared
def members_of(scopes: tuple[uuid.UUID, ...]) -> QuerySet[Any, Any]:
    return Membership.objects.filter(scope__in=scopes).order_by("scope__epoch", "pk").values_list("scope__kind", "pk")  # type: ignore[no-any-return]


def test_each_value_gives_its_own_rows(scopes: list[Any]) -> None:
    """Objects as a queryset makes them, with annotations of the right type."""
    found = [scope_by_id(scope=scope.pk) for scope in scopes]
    assert [[(one, one.kind, one.people, one.alone) for one in rows] for rows in found] == [
        [(scopes[0], "one", 1, False)],
        [(scopes[1], "two", 1, False)],
        [(scopes[2], "three", 2, False)],
    ]
    assert scope_by_id(scope=uuid.uuid4()) == []


def test_what_is_asked_together_is_what_each_gives(scopes: list[Any], sessions: list[Any]) -> None:
    """In one query: rows with their own types, counts, nothing where there is nothing; each takes its own values."""
    both = together(ending_before, scope_by_id, members_of)
    late = timezone.now() + timedelta(hours=4)
    for moment, scope, some in ((late, scopes[2], (scopes[2].pk,)), (timezone.now(), scopes[0], (uuid.uuid4(),))):
        with CaptureQueriesContext(connection) as queries:
            ending, found, members = both(moment=moment, scope=scope.pk, scopes=some)
        assert len(queries) == 1
        assert sorted(ending, key=lambda one: one.ends_at) == ending_before(moment=moment)
        assert [(one.kind, one.people, one.alone) for one in found] == [
            (one.kind, one.people, one.alone) for one in scope_by_id(scope=scope.pk)
        ]
        assert sorted(members) == sorted(members_of(scopes=some))
        assert [one.ends_at for one in ending] == [one.ends_at for one in sessions if one.ends_at < moment]


def test_moments_are_compared_as_moments(sessions: list[Any]) -> None:
    now = timezone.now()
    assert ending_before(moment=now) == []
    assert ending_before(moment=now + timedelta(hours=2)) == [sessions[0]]
    assert ending_before(moment=now + timedelta(hours=4)) == sessions


@pytest.mark.parametrize(("start", "stop"), [(0, 1), (1, 3), (2, 9), (5, 6)])
def test_a_window_is_a_slice(scopes: list[Any], start: int, stop: int) -> None:
    every = tuple(scope.pk for scope in scopes)
    assert members_of.window(start, stop, scopes=every) == members_of(scopes=every)[start:stop]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_tuples_of_any_length(scopes: list[Any], count: int) -> None:
    wanted = scopes[:count]
    rows = [(kind, pk) for scope in wanted for kind, pk in _members(scope)]
    assert members_of(scopes=tuple(scope.pk for scope in wanted)) == rows


def _members(scope: Any) -> list[tuple[str, int]]:
    return [(scope.kind, pk) for pk in scope.memberships.order_by("pk").values_list("pk", flat=True)]


def test_what_is_fetched_along_is_there(scopes: list[Any]) -> None:
    @prepared
    def with_members(scope: uuid.UUID) -> QuerySet[Any]:
        members = Prefetch("memberships", queryset=Membership.objects.order_by("pk"), to_attr="members")
        return Scope.objects.filter(pk=scope).prefetch_related(members)  # type: ignore[no-any-return]

    with_members(scope=scopes[0].pk)
    (third,) = with_members(scope=scopes[2].pk)
    assert third.members == list(scopes[2].memberships.order_by("pk"))


@prepared
def of_a_kind(scope: uuid.UUID) -> QuerySet[Any]:
    words = ["one", "it's 100%", "%s", '"']
    return Scope.objects.filter(pk=scope, kind__in=words).annotate(said=Value("50%s of 'it'"))  # type: ignore[no-any-return]


def test_words_of_the_source_stand_in_the_statement(scopes: list[Any]) -> None:
    found = [[(one.pk, one.said) for one in of_a_kind(scope=scope.pk)] for scope in scopes]
    assert found == [[(scopes[0].pk, "50%s of 'it'")], [], []]
    ready, values = of_a_kind.ready({"scope": scopes[0].pk})
    assert ready.filled(values) == [scopes[0].pk.hex if connection.vendor == "sqlite" else scopes[0].pk]


def test_it_is_composed_once(scopes: list[Any]) -> None:
    """Twice the first time, to see what changes; never again for values of the same kind."""
    calls: list[uuid.UUID] = []

    def compose(scope: uuid.UUID) -> QuerySet[Any]:
        calls.append(scope)
        return Scope.objects.filter(pk=scope)  # type: ignore[no-any-return]

    query: Prepared[Any] = Prepared(compose)
    with CaptureQueriesContext(connection) as queries:
        found = [query(scope=scope.pk) for scope in scopes]
    assert (found, len(calls), len(queries)) == ([[scope] for scope in scopes], 2, 3)
    assert set(calls).isdisjoint(scope.pk for scope in scopes)


def test_rows_are_new_each_time(scopes: list[Any]) -> None:
    """What one request changes on its objects, the next never sees."""
    first, second = scope_by_id(scope=scopes[0].pk)[0], scope_by_id(scope=scopes[0].pk)[0]
    first.kind = "changed"
    assert second.kind == "one"


def test_a_frozen_moment_is_refused() -> None:
    @prepared
    def still_open(sid: str) -> QuerySet[Any]:
        return Session.objects.filter(sid=sid, ends_at__gt=timezone.now())  # type: ignore[no-any-return]

    with pytest.raises(ValueError, match="changes by itself"):
        still_open(sid="x")


def test_what_is_reckoned_from_a_moment_is_reckoned_anew(sessions: list[Any]) -> None:
    """So long before it, or the day it lies in; a day in the zone of somebody else is refused."""

    @prepared
    def ended(now: datetime) -> QuerySet[Any]:
        early, day = now - timedelta(hours=2), now.date() + timedelta(days=1)
        return Session.objects.filter(ends_at__lt=early, ends_at__date__lt=day).order_by("ends_at")  # type: ignore[no-any-return]

    now = timezone.now()
    for hours, there in ((2, []), (4, sessions[:1]), (6, sessions)):
        assert ended(now=now + timedelta(hours=hours)) == there
    for hour in range(24):
        evening = datetime(2026, 3, 5, hour, 30, tzinfo=UTC)
        with timezone.override("America/Lima"):
            assert _days_of(evening) == [(timezone.localdate(evening).isoformat(), evening.date().isoformat())]

    @prepared
    def elsewhere(now: datetime) -> QuerySet[Any]:
        return Session.objects.filter(ends_at__date__lt=now.astimezone(ZoneInfo("Asia/Tokyo")).date())  # type: ignore[no-any-return]

    with pytest.raises(ValueError, match="changes by itself"):
        elsewhere(now=now)


def _days_of(moment: datetime) -> list[tuple[str, str]]:
    Scope.objects.get_or_create(kind="days")
    return [(here.isoformat(), utc.isoformat()) for here, utc in both_days(moment=moment)]


@prepared
def both_days(moment: datetime) -> QuerySet[Any, Any]:
    here, utc = (Value(day, output_field=DateField()) for day in (timezone.localdate(moment), moment.date()))
    return Scope.objects.filter(kind="days").annotate(here=here, utc=utc).values_list("here", "utc")  # type: ignore[no-any-return]


def test_a_value_that_shapes_the_sql_is_refused() -> None:
    @prepared
    def some(number: int) -> QuerySet[Any]:
        return Scope.objects.all()[: number % 1000 + 1]  # type: ignore[no-any-return]

    with pytest.raises(ValueError, match="depends on its values"):
        some(number=3)


def test_a_value_that_does_nothing_is_refused() -> None:
    @prepared
    def everything(kind: str) -> QuerySet[Any]:
        return Scope.objects.annotate(one=Value(1))  # type: ignore[no-any-return]

    with pytest.raises(ValueError, match="kind"):
        everything(kind="one")


def test_each_thread_has_its_own(scopes: list[Any]) -> None:
    """Compilers hold a connection; another thread composes for its own."""
    scope_by_id(scope=scopes[0].pk)
    known: list[object] = []

    def look() -> None:
        known.append(scope_by_id._local.__dict__.get("known"))
        connections.close_all()

    thread = Thread(target=look)
    thread.start()
    thread.join()
    assert known == [None]
