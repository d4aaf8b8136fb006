import pytest
from django.test import Client

ATTRIBUTES = {"httponly": True, "samesite": "Strict", "path": "/", "max-age": "", "expires": ""}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_is_remembered_for_this_browser_session(theme: str, client: Client) -> None:
    response = client.post("/theme/", {"theme": theme, "next": "/help/"})
    cookie = response.cookies["theme"]
    assert (cookie.value, response.headers["Location"]) == (theme, "/help/")
    assert {name: cookie[name] for name in ATTRIBUTES} == ATTRIBUTES
    assert f'data-theme="{theme}"' in client.get("/help/").content.decode()


def test_as_on_the_device_forgets_it(client: Client) -> None:
    client.post("/theme/", {"theme": "dark"})
    assert client.post("/theme/", {"theme": ""}).cookies["theme"].value == ""
    assert "data-theme" not in client.get("/help/").content.decode()


@pytest.mark.parametrize("cookie", ["pink", '"><script>', ""])
def test_a_cookie_we_did_not_write_is_ignored(cookie: str, client: Client) -> None:
    client.cookies["theme"] = cookie
    assert "data-theme" not in client.get("/help/").content.decode()


def test_reading_a_page_chooses_nothing(client: Client) -> None:
    opened = client.get("/theme/?theme=dark")
    assert (opened.status_code, opened.headers["Allow"]) == (405, "POST")
    assert "This page cannot be shown" in opened.content.decode()
