"""What a broken page tells: nothing, whoever broke it, with whatever words."""

import logging
import sys
from typing import Any

import pytest
from django.http import HttpRequest
from matrix import addresses, filled, inhabited
from pytest_django.fixtures import Settings

from conftest import Cast
from wayhouse.core.discreet import DiscreetFilter

MARK = "quill"


class Breaks:
    """Breaks every page once its reader's keys are in use, with their words in the error."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, args: Any, kwargs: Any) -> None:
        words = {"posted": request.POST.dict(), "asked": request.GET.dict(), "args": args, **kwargs}
        raise ValueError(words)


@pytest.mark.abuse(38)
@pytest.mark.pure
def test_no_broken_page_tells_anything(
    cast: Cast,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = inhabited(cast, "Lantern Trust (invented)", MARK)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "test_broken_pages.Breaks"]
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(DiscreetFilter())
    for name in ("", "django", "django.request", "django.security", "wayhouse"):
        monkeypatch.setattr(logging.getLogger(name), "handlers", [handler])
    broken = []
    for who in ("cass", "ana"):
        client = cast.sign_in(world.people[who])
        client.raise_request_exception = False
        for pattern in addresses():
            address = filled(pattern, world.own)
            for response in (
                client.get(address, {"q": f"canary{MARK}"}, headers={"user-agent": f"agent{MARK}"}),
                client.post(address, {"name": f"canary{MARK}", "password": f"secret{MARK}"}),
            ):
                broken.append(response.status_code)
                assert MARK not in response.content.decode()
    assert set(broken) == {500}
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert MARK not in said
    assert not any(str(person.pk) in said for person in world.people.values())
