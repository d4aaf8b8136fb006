import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from wayhouse.blueprints.checking import EVENING_MINUTES, FREE_SLOT_MINUTES
from wayhouse.blueprints.pack import SHIPPED, Pack, load, shipped, shipped_keys
from wayhouse.blueprints.reading import LARGEST, PackError

KEY = "twelve-evenings"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / KEY
    shutil.copytree(SHIPPED / KEY, copy)
    return copy


def problems(folder: Path) -> list[str]:
    with pytest.raises(PackError) as caught:
        load(folder)
    return [str(problem) for problem in caught.value.problems]


def change(path: Path, old: str, new: str) -> int:
    """Replace one text; returns the line it stands in."""
    text = path.read_text("utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from texts_of(entry)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return shipped(KEY)


def test_every_shipped_pack_is_whole() -> None:
    assert [shipped(key).key for key in shipped_keys()] == shipped_keys()


def test_twelve_evenings_has_fifteen_guides_in_three_languages(pack: Pack) -> None:
    assert {language: len(guides) for language, guides in pack.guides.items()} == {"en": 15, "de": 15, "ar": 15}
    assert [evening.week for evening in pack.evenings] == list(range(15))


def test_no_guide_has_its_title_in_quotation_marks(pack: Pack) -> None:
    titles = [guide["title"] for guides in pack.guides.values() for guide in guides.values()]
    assert [title for title in titles if title.strip('"') != title] == []


def test_no_sentence_of_a_pack_is_broken_over_two_lines(pack: Pack) -> None:
    broken = [
        line
        for words in (pack.cycles, pack.guides)
        for text in texts_of(words)
        for line in text.splitlines()[:-1]
        if line and not re.search(r"[.!?:؟…][\"'”“»]*$", line)
    ]
    assert broken == []


def test_a_paragraph_of_another_guide_is_found_behind_one_line_break(folder: Path) -> None:
    paths = [folder / "en/guides" / name for name in ("04-steadying.yaml", "05-family-friends.yaml")]
    first, second = (yaml.safe_load(path.read_text("utf-8")) for path in paths)
    second["aim"] = f"{second['aim']}\n{first['aim']}"
    paths[1].write_text(yaml.safe_dump(second, allow_unicode=True, sort_keys=False), "utf-8")
    said = [problem.split(": ", 1)[1] for problem in problems(folder)]
    assert said == ["aim: the same paragraph stands in en/guides/04-steadying.yaml"]


def test_every_evening_takes_ninety_minutes_with_its_free_slot(pack: Pack) -> None:
    for guides in pack.guides.values():
        for guide in guides.values():
            assert sum(step["minutes"] for step in guide["steps"]) == EVENING_MINUTES
            assert max(s["minutes"] for s in guide["steps"] if s["part"] == "free_slot") >= FREE_SLOT_MINUTES


@pytest.mark.parametrize("word", ["drop-out", "non-compliant", "relapse", "deradicali", "case closed"])
def test_no_guide_says_what_the_house_does_not_say(pack: Pack, word: str) -> None:
    found = [key for key, guide in pack.guides["en"].items() if word in yaml.safe_dump(guide).lower()]
    assert found == []


def test_an_error_names_file_line_and_field(folder: Path) -> None:
    line = change(folder / "en/guides/01-arriving.yaml", "    minutes: ", "    minutes: 4.5 # ")
    assert [problem.split(": ")[:2] for problem in problems(folder)] == [
        [f"en/guides/01-arriving.yaml:{line}", "steps[0].minutes"]
    ]


def test_minutes_that_do_not_sum_up(folder: Path) -> None:
    path = folder / "en/guides/04-steadying.yaml"
    guide = yaml.safe_load(path.read_text("utf-8"))
    guide["steps"][0]["minutes"] += 1
    path.write_text(yaml.safe_dump(guide, allow_unicode=True, sort_keys=False), "utf-8")
    assert "the minutes sum to 91, not to 90" in problems(folder)[0]


def test_a_free_slot_that_is_too_short(folder: Path) -> None:
    path = folder / "de/guides/04-steadying.yaml"
    guide = yaml.safe_load(path.read_text("utf-8"))
    free = next(step for step in guide["steps"] if step["part"] == "free_slot")
    other = next(step for step in guide["steps"] if step["part"] == "exercise")
    taken = free["minutes"] - 19
    free["minutes"], other["minutes"] = 19, other["minutes"] + taken
    path.write_text(yaml.safe_dump(guide, allow_unicode=True, sort_keys=False), "utf-8")
    assert any("the free slot is under 20" in problem for problem in problems(folder))


def test_a_paragraph_of_another_guide(folder: Path) -> None:
    paths = [folder / "en/guides" / name for name in ("04-steadying.yaml", "05-family-friends.yaml")]
    first, second = (yaml.safe_load(path.read_text("utf-8")) for path in paths)
    second["aim"] = first["aim"]
    paths[1].write_text(yaml.safe_dump(second, allow_unicode=True, sort_keys=False), "utf-8")
    said = [problem.split(": ", 1)[1] for problem in problems(folder)]
    assert said == ["aim: the same paragraph stands in en/guides/04-steadying.yaml"]


def test_a_translation_with_other_minutes(folder: Path) -> None:
    path = folder / "ar/guides/04-steadying.yaml"
    guide = yaml.safe_load(path.read_text("utf-8"))
    guide["steps"][0]["minutes"] += 1
    guide["steps"][-1]["minutes"] -= 1
    path.write_text(yaml.safe_dump(guide, allow_unicode=True, sort_keys=False), "utf-8")
    assert "steps or minutes differ from en/guides/04-steadying.yaml" in problems(folder)[0]


def test_a_guide_that_is_missing(folder: Path) -> None:
    (folder / "en/guides/07-feeds-hooks.yaml").unlink()
    line = (folder / "pack.yaml").read_text().splitlines().index("  - {week: 7, guide: feeds-hooks}") + 1
    assert problems(folder) == [f"pack.yaml:{line}: evenings[7].guide: there is no guide 'feeds-hooks' in en"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("a: [1, 2", "not YAML"),
        ("- 1\n- 2\n", "is not of type 'object'"),
        ("a: &x [1]\nb: *x\n", "anchors and aliases are not used in packs"),
        ("a: !!python/object:os.system x", "not YAML"),
        ("x" * (LARGEST + 1), "larger than 512 KiB"),
        ("[" * 40 + "]" * 40, "nested too deeply"),
        ("\x00", "unacceptable character"),
    ],
)
def test_a_file_that_cannot_be_used(folder: Path, content: str, said: str) -> None:
    (folder / "pack.yaml").write_text(content, "utf-8")
    assert said in problems(folder)[0]


def test_bytes_that_are_no_text(folder: Path) -> None:
    (folder / "pack.yaml").write_bytes(b"\xff\xfe\xfa")
    assert problems(folder)[0].startswith("pack.yaml:1: ")


def test_a_folder_without_a_pack(tmp_path: Path) -> None:
    assert problems(tmp_path)[0].startswith("pack.yaml:1: ")
