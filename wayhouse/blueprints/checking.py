"""What a pack must keep to, beyond its schemas. Practice handbook, section 5 (session guide skeleton)."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from wayhouse.blueprints.reading import Document, FieldPath, Problem

SCHEMAS = Path(__file__).parent / "schemas"
EVENING_MINUTES = 90
FREE_SLOT_MINUTES = 20
INPUT_MINUTES = 10
# Lines shorter than this may recur: "Read the room" is nobody's paragraph.
_PARAGRAPH = 40
NEEDED_PARTS = ("opening_round", "ground_rules", "input", "questions", "exercise", "free_slot", "closing_round")


def by_schema(document: Document, schema: str) -> list[Problem]:
    """Problems that the published JSON Schema finds."""
    errors = sorted(_validator(schema).iter_errors(document.content), key=lambda error: list(map(str, error.path)))
    return [document.problem(tuple(error.absolute_path), _said(error.message)) for error in errors]


def by_clock(guide: Document) -> list[Problem]:
    """Problems with parts and minutes: 90 in all, a free slot of 20 and more, input of at most 10."""
    steps = guide.content["steps"]
    found = [
        guide.problem(("steps",), f"the part {part} is missing")
        for part in NEEDED_PARTS
        if part not in {step["part"] for step in steps}
    ]
    total = _minutes(steps)
    if total != EVENING_MINUTES:
        found.append(guide.problem(("steps",), f"the minutes sum to {total}, not to {EVENING_MINUTES}"))
    for number, step in enumerate(steps):
        if step["part"] == "free_slot" and step["minutes"] < FREE_SLOT_MINUTES:
            found.append(guide.problem(("steps", number, "minutes"), f"the free slot is under {FREE_SLOT_MINUTES}"))
    if _minutes(step for step in steps if step["part"] == "input") > INPUT_MINUTES:
        found.append(guide.problem(("steps",), f"the input is over {INPUT_MINUTES} minutes"))
    online = guide.content["online"]
    if _minutes(online["steps"]) != online["minutes"]:
        found.append(guide.problem(("online", "minutes"), f"the steps sum to {_minutes(online['steps'])}"))
    return found


def by_likeness(guides: list[Document]) -> list[Problem]:
    """Paragraphs that stand in more than one guide."""
    places: dict[str, list[tuple[Document, FieldPath]]] = defaultdict(list)
    for guide in guides:
        for path, text in _texts(guide.content, ()):
            for paragraph in text.splitlines():
                if len(paragraph.strip()) >= _PARAGRAPH:
                    places[" ".join(paragraph.split())].append((guide, path))
    return [
        guide.problem(path, f"the same paragraph stands in {found[0][0].file}")
        for found in places.values()
        for guide, path in found[1:]
        if guide.file != found[0][0].file
    ]


def by_source(guide: Document, source: Document) -> list[Problem]:
    """Where a translation does not have the steps and minutes of its source."""
    mine, theirs = _skeleton(guide.content), _skeleton(source.content)
    if mine == theirs:
        return []
    return [guide.problem(("steps",), f"steps or minutes differ from {source.file}")]


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{schema}.schema.json").read_text("utf-8")))


def _skeleton(content: dict[str, Any]) -> list[object]:
    steps = [(step["part"], step["minutes"], len(step.get("questions", ()))) for step in content["steps"]]
    online = [(step["part"], step["minutes"]) for step in content["online"]["steps"]]
    return [content["guide"], *steps, *online]


def _minutes(steps: Iterable[dict[str, Any]]) -> int:
    return sum(step["minutes"] for step in steps)


def _texts(value: object, path: FieldPath) -> Iterator[tuple[FieldPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            yield from _texts(entry, (*path, number))
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from _texts(entry, (*path, key))


def _said(message: str) -> str:
    # jsonschema quotes the whole value; a guide is long.
    return message if len(message) <= 160 else f"{message[:60]} … {message[-90:]}"  # noqa: PLR2004
