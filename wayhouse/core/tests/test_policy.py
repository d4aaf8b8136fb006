import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from wayhouse.core.csp import CSP
from wayhouse.core.policy import HEADERS, PolicyMiddleware

PAGES = ["/help/", "/about/", "/month/", "/health/", "/manifest.webmanifest", "/nowhere/", "/leave/"]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.abuse(9)
def test_every_answer_is_kept_by_nobody_and_says_nothing_to_others(address: str, client: Client) -> None:
    response = client.get(address)
    expected = HEADERS | {"Cache-Control": "no-store"}
    assert {name: response.headers[name] for name in expected} == expected


@pytest.mark.abuse(39)
def test_no_address_of_ours_is_told_to_another_site() -> None:
    # "no-referrer" would say no more to others, but make browsers send "Origin: null" with our own forms.
    assert HEADERS["Referrer-Policy"] == "same-origin"


def test_a_page_may_ask_the_device_for_nothing_but_a_passkey() -> None:
    rules = dict(rule.split("=") for rule in HEADERS["Permissions-Policy"].split(", "))
    allowed = {name for name, who in rules.items() if who != "()"}
    assert allowed == {"publickey-credentials-create", "publickey-credentials-get"}


def test_a_view_cannot_let_a_page_be_kept(rf: RequestFactory) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "public, max-age=60"})

    assert PolicyMiddleware(view)(rf.get("/x/")).headers["Cache-Control"] == "no-store"


def test_files_of_the_house_may_be_kept(rf: RequestFactory) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "max-age=60"})

    response = PolicyMiddleware(view)(rf.get("/static/core/app.css"))
    assert response.headers["Cache-Control"] == "max-age=60"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_https_is_insisted_on_only_over_https(rf: RequestFactory) -> None:
    answer = PolicyMiddleware(lambda _request: HttpResponse())
    assert "Strict-Transport-Security" not in answer(rf.get("/")).headers
    assert answer(rf.get("/", secure=True)).headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.abuse(12)
def test_scripts_run_only_with_the_nonce_of_their_answer(client: Client) -> None:
    first, second = client.get("/help/"), client.get("/help/")
    nonces = []
    for response in (first, second):
        policy = response.headers["Content-Security-Policy"]
        (nonce,) = re.findall(r"script-src 'nonce-([^']+)'(?:;|$)", policy)
        scripts = re.findall(r"<script[^>]*>", response.content.decode())
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        nonces.append(nonce)
    assert nonces[0] != nonces[1]


@pytest.mark.abuse(39)
def test_the_content_policy_names_no_other_place() -> None:
    words = {str(word) for sources in CSP["DIRECTIVES"].values() for word in sources}
    assert words == {"'none'", "'self'", "csp.constants.NONCE", "'script'", "default"}
    assert CSP["DIRECTIVES"]["default-src"] == ["'none'"]
    assert CSP["DIRECTIVES"]["require-trusted-types-for"] == ["'script'"]
