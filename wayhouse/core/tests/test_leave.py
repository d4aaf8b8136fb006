import re
from importlib import import_module

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.fixtures import Settings


@pytest.fixture
def visitor(db: None) -> Client:
    """Somebody with a session, in a browser that checks form tokens."""
    client = Client(enforce_csrf_checks=True)
    session = client.session
    session["words"] = "mine"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


def token(client: Client) -> str:
    page = client.get("/help/").content.decode()
    (found,) = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page))
    return str(found)


def session_exists(key: str) -> bool:
    store = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return bool(store.get("words") == "mine")


def test_leaving_ends_the_session_and_clears_the_browser(visitor: Client) -> None:
    key = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    assert session_exists(key)
    response = visitor.post("/leave/", {"csrfmiddlewaretoken": token(visitor)})
    assert (response.status_code, response.headers["Location"]) == (303, "/month/")
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies"'
    assert response.headers["Cache-Control"] == "no-store"
    assert not session_exists(key)
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "lang", "theme"):
        assert (response.cookies[name].value, response.cookies[name]["max-age"]) == ("", 0)


def test_leaving_twice_is_no_mistake(visitor: Client) -> None:
    words = {"csrfmiddlewaretoken": token(visitor)}
    assert visitor.post("/leave/", words).status_code == 303
    assert visitor.post("/leave/", {"csrfmiddlewaretoken": token(visitor)}).status_code == 303


def test_nobody_else_can_make_me_leave(visitor: Client) -> None:
    key = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    response = visitor.post("/leave/", headers={"origin": "https://example.com"})
    assert response.status_code == 403
    assert session_exists(key)


def test_a_beacon_without_the_token_is_refused(visitor: Client) -> None:
    key = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    token(visitor)
    assert visitor.post("/leave/", {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert session_exists(key)


def test_reading_a_page_does_not_leave(visitor: Client) -> None:
    key = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    assert visitor.get("/leave/").status_code == 405
    assert session_exists(key)


def test_elsewhere_says_nothing_of_the_house(client: Client) -> None:
    page = client.get("/month/").content.decode()
    assert "Open Circle" not in page
    assert "<a " not in page
    assert "<form" not in page
    assert 'aria-current="date"' in page


def test_elsewhere_goes_on_to_the_chosen_address(client: Client, settings: Settings) -> None:
    settings.WAYHOUSE_EXIT_URL = "https://www.example.org/weather?a=1&b=2"
    page = client.get("/month/").content.decode()
    assert 'content="0;url=https://www.example.org/weather?a=1&amp;b=2"' in page
    assert 'data-leave="https://www.example.org/weather?a=1&amp;b=2"' in client.get("/help/").content.decode()


@pytest.mark.parametrize("address", ["http://www.example.org/", "javascript:alert(1)", "//example.org"])
def test_only_a_https_address_is_taken(address: str, client: Client, settings: Settings) -> None:
    settings.WAYHOUSE_EXIT_URL = address
    assert 'data-leave="/month/"' in client.get("/help/").content.decode()
    assert "refresh" not in client.get("/month/").content.decode()
