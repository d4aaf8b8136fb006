import pytest
from django.test import Client

ATTRIBUTES = {"httponly": True, "samesite": "Strict", "path": "/", "max-age": "", "expires": ""}


@pytest.mark.parametrize(("asked", "answered"), [("de-AT,de;q=0.9", "de"), ("ar", "ar"), ("fr", "en"), ("", "en")])
def test_without_a_choice_the_browser_decides(asked: str, answered: str, client: Client) -> None:
    response = client.get("/help/", headers={"accept-language": asked})
    assert response.headers["Content-Language"] == answered
    assert f'<html lang="{answered}"' in response.content.decode()


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("de", "ltr"), ("ar", "rtl")])
def test_a_choice_counts_more_than_the_browser(language: str, direction: str, client: Client) -> None:
    client.cookies["lang"] = language
    page = client.get("/help/", headers={"accept-language": "de"}).content.decode()
    assert f'<html lang="{language}" dir="{direction}"' in page


@pytest.mark.parametrize("cookie", ["xx", "", "en' onload=x", "../de"])
def test_a_cookie_we_did_not_write_is_ignored(cookie: str, client: Client) -> None:
    client.cookies["lang"] = cookie
    assert client.get("/help/", headers={"accept-language": "de"}).headers["Content-Language"] == "de"


def test_choosing_is_remembered_for_this_browser_session(client: Client) -> None:
    response = client.post("/language/", {"lang": "ar", "next": "/about/"})
    assert (response.status_code, response.headers["Location"]) == (303, "/about/")
    cookie = response.cookies["lang"]
    assert cookie.value == "ar"
    assert {name: cookie[name] for name in ATTRIBUTES} == ATTRIBUTES


def test_the_cookie_is_secure_where_the_house_is(client: Client) -> None:
    response = client.post("/language/", {"lang": "ar"}, secure=True)
    assert response.cookies["lang"]["secure"] is True


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    assert "lang" not in client.post("/language/", {"lang": "xx"}).cookies


def test_reading_a_page_chooses_nothing(client: Client) -> None:
    response = client.get("/language/?lang=ar")
    assert response.status_code == 405
    assert "lang" not in response.cookies


@pytest.mark.parametrize(
    "away", ["https://example.com/", "//example.com/", "javascript:alert(1)", "\\\\example.com", "", "http:///x"]
)
@pytest.mark.parametrize("switch", ["/language/", "/theme/"])
def test_the_way_back_stays_in_the_house(switch: str, away: str, client: Client) -> None:
    assert client.post(switch, {"next": away}).headers["Location"] == "/"


def test_choosing_needs_the_token_of_a_form() -> None:
    response = Client(enforce_csrf_checks=True).post("/language/", {"lang": "ar"})
    assert response.status_code == 403
    assert "lang" not in response.cookies
