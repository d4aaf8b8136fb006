import gzip
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.test import Client, RequestFactory

from wayhouse.core import views

ROOM = Path(apps.get_app_config("core").path)
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))
FILES = [*TEMPLATES, *sorted((ROOM / "static").rglob("*.css")), *sorted((ROOM / "static").rglob("*.js"))]
# Names of XML vocabularies are no addresses of pages.
VOCABULARIES = {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_templates_compile(file: Path) -> None:
    from django.template.loader import get_template

    get_template(str(file.relative_to(ROOM / "templates")))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_nothing_is_fetched_from_elsewhere(file: Path) -> None:
    found = set(re.findall(r"""(?:https?:)?//[\w.-]+\.\w+[^\s"')]*""", file.read_text(encoding="utf-8")))
    assert found - VOCABULARIES == set()


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_templates_keep_to_the_content_policy(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert re.findall(r"""\sstyle=|\son\w+=|<style|javascript:|<script(?![^>]*\bsrc=)""", text) == []


@pytest.mark.parametrize(
    ("name", "limit"),
    [("core/app.css", 21_504), ("core/app.js", 4_096), ("core/waiting.js", 3_072), ("core/icon.svg", 1_024)],
)
def test_files_stay_small(name: str, limit: int) -> None:
    found = finders.find(name)
    assert isinstance(found, str)
    assert Path(found).stat().st_size <= limit


def test_a_first_visit_stays_in_its_budget(client: Client) -> None:
    parts = [client.get("/about/").content]
    for name in ("core/app.css", "core/app.js", "django_htmx/htmx-2.min.js"):
        found = finders.find(name)
        assert isinstance(found, str)
        parts.append(Path(found).read_bytes())
    assert sum(len(gzip.compress(part)) for part in parts) <= 30_000


def test_a_missing_page_and_a_closed_page_look_the_same(client: Client, rf: RequestFactory) -> None:
    def words(page: bytes) -> str:
        return re.sub(r'value="[^"]+"', "", page.decode())

    missing = client.get("/nowhere/")
    closed = views.csrf_refused(rf.post("/leave/"))
    assert (missing.status_code, closed.status_code) == (404, 403)
    assert words(missing.content) == words(closed.content)


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html"])
def test_error_pages_need_nothing_and_lead_to_help(name: str) -> None:
    from django.template.loader import render_to_string

    page = render_to_string(name)
    assert re.findall(r'<a [^>]*href="([^"]+)"', page) == ["/month/", "/", "/help/"]
    assert "Open Circle" not in page


def test_a_broken_view_says_nothing(client: Client) -> None:
    client.raise_request_exception = False
    page = client.get("/help/", headers={"host": "not a host"})
    assert page.status_code == 400
    assert "This page cannot be shown" in page.content.decode()


def test_the_title_says_only_the_neutral_name(client: Client) -> None:
    page = client.get("/about/", headers={"accept-language": "en"}).content.decode()
    assert re.findall(r"<title>(.*)</title>", page) == ["What this is – Open Circle"]


def test_the_manifest_says_only_the_neutral_name(client: Client) -> None:
    response = client.get("/manifest.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    manifest = response.json()
    assert (manifest["name"], manifest["short_name"], "description" in manifest) == (
        "Open Circle",
        "Open Circle",
        False,
    )
    assert [icon["src"] for icon in manifest["icons"]] == ["/static/core/icon.svg", "/static/core/icon-192.png"]


def test_the_process_answers(client: Client) -> None:
    response = client.get("/health/")
    assert (response.status_code, response.content) == (200, b"ok")


def test_what_this_is_leads_to_help_and_out(client: Client) -> None:
    page = client.get("/about/").content.decode()
    assert page.count('href="/help/"') == 2
    assert page.count('action="/leave/"') == 1
