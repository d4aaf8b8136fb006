import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from wayhouse.core.help import numbers


@pytest.mark.parametrize("number", numbers.every(), ids=lambda number: f"{number.country} {number.number}")
def test_each_number_has_its_source_and_day(number: numbers.Number) -> None:
    assert number.country in numbers.COUNTRIES
    assert number.kind in numbers.KINDS
    assert re.fullmatch(r"[0-9 ]{3,15}", number.number)
    assert urlsplit(number.source).scheme == "https"
    assert type(number.checked_on) is date
    assert number.checked_on >= date(2026, 11, 1)
    assert number.name or number.kind != "talk"


def test_every_country_has_a_number_for_danger() -> None:
    dangers = {"emergency", "medical", "police"}
    without = [c.code for c in numbers.by_country() if not dangers & {n.kind for n in c.numbers}]
    assert without == []
    assert {c.code for c in numbers.by_country()} == set(numbers.COUNTRIES)


def test_the_most_urgent_number_stands_first() -> None:
    order = list(numbers.KINDS)
    for country in numbers.by_country():
        ranks = [number.kind == "talk" for number in country.numbers]
        assert ranks == sorted(ranks)
        assert order.index(country.numbers[0].kind) <= 1 or country.numbers[0].kind == "police"


@pytest.mark.parametrize(("first", "codes"), [("NO", ["NO", "EU"]), ("EU", ["EU", "AU"]), ("", ["EU", "AU"])])
def test_the_country_of_the_house_stands_first(first: str, codes: list[str]) -> None:
    with translation.override("en"):
        assert [country.code for country in numbers.by_country(first)][:2] == codes


def test_the_page_needs_no_sign_in_and_can_be_dialled(client: Client) -> None:
    page = client.get("/help/", headers={"accept-language": "en"}).content.decode()
    assert re.findall(r'href="tel:(\d+)"', page)[:4] == ["112", "110", "08001110111", "08001110222"]
    assert "23 November 2026" in page
    assert "Call first." in page


def test_the_page_asks_nothing_of_the_database(client: Client) -> None:
    # No `db` fixture: a query would fail the test.
    assert client.get("/help/").status_code == 200


OWN = """\
- {country: "SE", kind: emergency, number: "112 112", source: "https://example.org/", checked_on: 2026-11-28}
- {country: "PL", kind: emergency, number: "112", source: "https://example.org/", checked_on: 2026-11-28}
"""


def test_an_organisation_has_numbers_of_its_own(settings: Settings, tmp_path: Path, client: Client) -> None:
    settings.WAYHOUSE_DATA = tmp_path
    (tmp_path / "numbers.yaml").write_text(OWN, encoding="utf-8")
    (swedish,) = (country for country in numbers.by_country("SE") if country.code == "SE")
    assert ([number.number for number in swedish.numbers], numbers.mistake()) == (["112 112"], None)
    page = client.get("/help/", headers={"accept-language": "en"}).content.decode()
    assert all(words in page for words in ("tel:112112", "PL", "Telefonseelsorge"))


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (OWN.replace('"112"', "112"), "[2].number"),
        (OWN.replace('"PL"', "NO"), "[2].country"),
        (OWN.replace('"https://example.org/"', '""'), "[1].source"),
        (OWN.replace("2026-11-28", "soon"), "[1].checked_on"),
        (OWN.replace("kind: emergency", "kind: other"), "[1].kind"),
        (OWN.replace("kind:", "by: me, kind:"), "[1].by"),
        (OWN.replace("{", ""), ""),
        ("country: SE", ""),
    ],
)
def test_a_mistake_in_them_takes_no_number_off_a_page(
    settings: Settings, tmp_path: Path, words: str, field: str
) -> None:
    shipped, settings.WAYHOUSE_DATA = numbers.every(), tmp_path
    (tmp_path / "numbers.yaml").write_text(words, encoding="utf-8")
    found = numbers.mistake()
    assert found is not None
    assert (found.field, numbers.every()) == (field, shipped)
