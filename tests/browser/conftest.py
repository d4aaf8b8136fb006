"""A house for all tests of this folder, and browsers to visit it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from browser.houses import House, demonstration
from browser.visitors import Visit, Visitor, open_window
from wayhouse.core.tests.empty_house import EmptyHouse


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in Path(item.path).parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, empty_house: EmptyHouse) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    empty_house(folder / "data")  # where it stands on SQLite; on a server the demonstration migrates
    with demonstration(folder) as found:
        yield found


@pytest.fixture
def visit(house: House, chromium: Browser) -> Iterator[Visit]:
    """Open windows; whatever they leave behind is closed with the test."""
    visitors: list[Visitor] = []

    def make(**how: Any) -> Visitor:
        visitors.append(open_window(chromium, house.url, **how))
        return visitors[-1]

    yield make
    for visitor in visitors:
        with suppress(Exception):
            visitor.context.close()
