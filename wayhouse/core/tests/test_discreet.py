import logging
import sys

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from wayhouse.core.discreet import DiscreetFilter

CANARY = "marigold-at-the-mill"


def written(record: logging.LogRecord) -> str:
    assert DiscreetFilter().filter(record) is True
    return logging.Formatter("%(levelname)s %(name)s %(message)s").format(record)


def record(name: str, message: str, *args: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, None)
    made.__dict__.update(extra)
    return made


def test_values_are_dropped_and_numbers_stay() -> None:
    made = record("django.request", "%s: %s after %d tries, %.1f s", "Not Found", f"/join/{CANARY}/", 3, 0.5)
    assert written(made) == "ERROR django.request …: … after 3 tries, 0.5 s"


def test_the_route_is_named_and_not_the_address(rf: RequestFactory) -> None:
    request = rf.get(f"/help/?q={CANARY}")
    request.resolver_match = resolve("/help/")
    assert written(record("django.request", "%s", CANARY, request=request)) == "ERROR django.request … [GET help/]"
    request.resolver_match = None
    assert written(record("django.request", "%s", CANARY, request=request)).endswith("… [GET unknown address]")


def test_a_message_that_is_filled_in_already_is_dropped_unless_it_is_ours() -> None:
    assert written(record("some.library", f"no such name: {CANARY}")) == "ERROR some.library some.library error"
    assert written(record("wayhouse.groups", "the solver gave up")) == "ERROR wayhouse.groups the solver gave up"


def test_named_values_are_dropped() -> None:
    assert CANARY not in written(record("some.library", "hello %(name)s", {"name": CANARY}))


def test_an_error_says_where_and_what_kind_and_never_its_text() -> None:
    def inner() -> None:
        raise KeyError(CANARY)

    try:
        try:
            inner()
        except KeyError as error:
            raise ValueError(CANARY) from error
    except ValueError:
        made = record("wayhouse.x", "broke")
        made.exc_info = sys.exc_info()
    made.stack_info = CANARY
    words = written(made)
    assert CANARY not in words
    assert [line for line in words.splitlines() if line.startswith("builtins.")] == [
        "builtins.ValueError",
        "builtins.KeyError",
    ]
    assert " in inner" in words


def test_a_circle_of_errors_ends() -> None:
    first, second = ValueError(CANARY), KeyError(CANARY)
    first.__cause__, second.__cause__ = second, first
    made = record("wayhouse.x", "broke")
    made.exc_info = (ValueError, first, None)
    assert CANARY not in written(made)


@pytest.mark.abuse(38)
def test_a_broken_page_leaves_nothing_of_the_reader(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(_request: HttpRequest) -> HttpResponse:
        raise ValueError(CANARY)

    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(DiscreetFilter())
    logger = logging.getLogger("django.request")
    monkeypatch.setattr(logger, "handlers", [handler])
    monkeypatch.setattr(logger, "propagate", False)
    monkeypatch.setattr(logger, "disabled", False)
    monkeypatch.setattr("wayhouse.core.views.house_name", breaks)
    client.raise_request_exception = False
    page = client.get(f"/manifest.webmanifest?{CANARY}", headers={"user-agent": CANARY})
    words = capsys.readouterr().err
    assert page.status_code == 500
    assert CANARY not in words
    assert CANARY not in page.content.decode()
    assert "[GET manifest.webmanifest]" in words
