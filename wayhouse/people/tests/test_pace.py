"""One account gets so many pages a minute, and others do not notice."""

import time

import pytest
from pytest_django.fixtures import Settings

from conftest import SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.people import pace
from wayhouse.people.models import Person


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0 * pace.MINUTE]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(pace, "_pace", pace.Pace())
    return now


def test_whoever_carries_pages_away_waits_a_minute(
    signed_in: SignedIn, cass: Person, dee: Person, settings: Settings, clock: list[float]
) -> None:
    settings.WAYHOUSE_PAGES_A_MINUTE = 3
    fast, slow = signed_in(cass), signed_in(dee)
    assert [fast.get("/").status_code for _page in range(5)] == [200, 200, 200, 429, 429]
    late = fast.get("/")
    assert late.headers["Retry-After"] == "60"
    assert "Cass" not in late.content.decode()
    assert slow.get("/").status_code == 200
    assert AuditLeaf.objects.filter(kind="pages.too_many").count() == 1
    clock[0] += pace.MINUTE
    assert fast.get("/").status_code == 200


def test_pausing_leaving_and_help_never_wait(
    signed_in: SignedIn, cass: Person, settings: Settings, clock: list[float]
) -> None:
    settings.WAYHOUSE_PAGES_A_MINUTE = 1
    client = signed_in(cass)
    assert [client.get("/").status_code for _page in range(2)] == [200, 429]
    assert client.get("/help/").status_code == 200
    answers = [client.post(address).status_code for address in ("/people/me/pause/", "/mine/leave/", "/leave/")]
    assert answers == [302, 302, 303]
