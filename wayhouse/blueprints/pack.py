"""A blueprint pack: a cycle and the guides of its evenings, in several languages (`docs/reference/packs.md`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from wayhouse.blueprints import checking
from wayhouse.blueprints.reading import Document, FieldPath, PackError, Problem, read

SHIPPED = Path(__file__).parent / "packs"


@dataclass(frozen=True, slots=True)
class Evening:
    """One entry of the cycle; week 0 is the talk before the first evening."""

    week: int
    guide: str


@dataclass(frozen=True, slots=True)
class Circle:
    """How a group goes on after its cycle: so many evenings with one guide, so many weeks from one to the next."""

    guide: str
    evenings: int
    every: int


@dataclass(frozen=True, slots=True)
class Pack:
    """A checked pack. `guides` and `cycles` by language, guides also by key."""

    key: str
    version: str
    languages: tuple[str, ...]
    evenings: tuple[Evening, ...]
    entry_weeks: tuple[int, ...]
    cycles: dict[str, dict[str, Any]]
    guides: dict[str, dict[str, dict[str, Any]]]
    circle: Circle | None = None

    @property
    def weeks(self) -> int:
        """The last week that has an evening."""
        return max(evening.week for evening in self.evenings)

    def language_for(self, language: str) -> str:
        """The asked language, or the source language where the pack lacks it."""
        return language if language in self.languages else self.languages[0]

    def title(self, language: str) -> str:
        """The title of the cycle."""
        return str(self.cycles[self.language_for(language)]["title"])

    def title_of(self, guide: str, language: str) -> str:
        """The title of one of its guides."""
        return str(self.guides[self.language_for(language)][guide]["title"])


@cache
def shipped(key: str) -> Pack:
    """A pack that comes with the house. Error: `KeyError` for an unknown key."""
    if key not in shipped_keys():
        raise KeyError(key)
    return load(SHIPPED / key)


def with_circle(key: str) -> Pack | None:
    """The shipped pack of this key, or else the first one, that says how a group goes on; None where no pack does."""
    keys = sorted(shipped_keys(), key=lambda one: one != key)
    return next((pack for pack in map(shipped, keys) if pack.circle), None)


def shipped_keys() -> list[str]:
    """The keys of the packs that come with the house."""
    return sorted(folder.name for folder in SHIPPED.iterdir() if (folder / "pack.yaml").is_file())


def load(folder: Path) -> Pack:
    """Read and check a pack. Error: `PackError` with every problem by file, line and field."""
    manifest = read(folder / "pack.yaml", inside=folder)
    _raise(checking.by_schema(manifest, "pack"))
    content = manifest.content
    cycles = {language: _cycle(folder, language) for language in content["languages"]}
    guides = {language: _guides(folder, language, manifest) for language in content["languages"]}
    source = guides[content["languages"][0]]
    _raise(
        [
            problem
            for language in content["languages"][1:]
            for key, guide in guides[language].items()
            for problem in checking.by_source(guide, source[key])
        ]
    )
    return Pack(
        key=content["pack"],
        version=content["version"],
        languages=tuple(content["languages"]),
        evenings=tuple(Evening(entry["week"], entry["guide"]) for entry in content["evenings"]),
        entry_weeks=tuple(content["entry_weeks"]),
        cycles=cycles,
        circle=Circle(**content["circle"]) if "circle" in content else None,
        guides={language: {key: guide.content for key, guide in found.items()} for language, found in guides.items()},
    )


def _cycle(folder: Path, language: str) -> dict[str, Any]:
    document = read(folder / language / "cycle.yaml", inside=folder)
    _raise(checking.by_schema(document, "cycle"))
    content: dict[str, Any] = document.content
    return content


def _guides(folder: Path, language: str, manifest: Document) -> dict[str, Document]:
    found: dict[str, Document] = {}
    problems: list[Problem] = []
    for path in sorted((folder / language / "guides").glob("*.yaml")):
        guide = read(path, inside=folder)
        wrong = checking.by_schema(guide, "guide") or checking.by_clock(guide)
        problems += wrong
        if not wrong:
            found[guide.content["guide"]] = guide
    _raise(problems)
    _raise(checking.by_likeness(list(found.values())))
    _raise(
        [
            manifest.problem((*place, "guide"), f"there is no guide {entry['guide']!r} in {language}")
            for place, entry in _uses(manifest.content)
            if entry["guide"] not in found
        ]
    )
    return found


def _uses(content: dict[str, Any]) -> Iterator[tuple[FieldPath, dict[str, Any]]]:
    """Wherever the manifest names a guide."""
    for number, entry in enumerate(content["evenings"]):
        yield ("evenings", number), entry
    if "circle" in content:
        yield ("circle",), content["circle"]


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise PackError(problems)
