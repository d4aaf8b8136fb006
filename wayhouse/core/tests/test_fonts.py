import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont
from pytest_django.fixtures import Settings

from wayhouse.core import fonts
from wayhouse.core.fonts import FILES, FontFinder

LIMIT = 40 * 1024
WORDS = "Straße, Łódź, Ağrı, Søren, çöl, Ærø – „Ruhe“ …"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.WAYHOUSE_FONTS = tmp_path
    return tmp_path


@pytest.mark.parametrize(("path", "weight"), FILES.items())
def test_a_font_is_small_and_knows_our_letters(path: str, weight: int) -> None:
    data = fonts.subset(fonts.source(weight))
    assert data[:4] == b"wOF2"
    assert len(data) <= LIMIT
    font = TTFont(BytesIO(data))
    missing = {letter for letter in WORDS if ord(letter) not in font.getBestCmap()}
    assert missing == set()
    assert font["OS/2"].usWeightClass == weight


def test_collecting_finds_both_files(folder: Path) -> None:
    found = {path: storage.path(path) for path, storage in FontFinder().list([])}
    assert found == {path: str(folder / path) for path in FILES}
    assert all(Path(file).stat().st_size > 4096 for file in found.values())


def test_a_font_is_built_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finder, path = FontFinder(), next(iter(FILES))
    first = hashlib.sha256(Path(finder.find(path)).read_bytes()).hexdigest()
    monkeypatch.setattr(fonts, "subset", lambda _font: pytest.fail("built again"))
    assert hashlib.sha256(Path(finder.find(path)).read_bytes()).hexdigest() == first


def test_other_choices_make_a_new_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finder, path = FontFinder(), next(iter(FILES))
    before = Path(finder.find(path)).stat().st_size
    monkeypatch.setattr(fonts, "RANGES", ((0x20, 0x7E),))
    assert Path(finder.find(path)).stat().st_size < before


def test_without_a_folder_it_is_built_for_this_process(settings: Settings) -> None:
    settings.WAYHOUSE_FONTS = None
    found = finders.find("core/fonts/atkinson-400.woff2")
    assert isinstance(found, str)
    assert Path(found).exists()


def test_other_files_are_not_ours() -> None:
    assert FontFinder().find("core/app.css") == []
