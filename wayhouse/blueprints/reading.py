"""Reading YAML so that an error can name its file, line and field."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LARGEST = 512 * 1024
DEEPEST = 12

FieldPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: file as seen from the pack, line counted from 1, field like `steps[2].minutes`."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """One line, the way compilers say it."""
        where = f"{self.file}:{self.line}"
        return f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"


class PackError(Exception):
    """A pack that cannot be used, with every problem found in it."""

    def __init__(self, problems: list[Problem]) -> None:
        """`problems` in the order of files and lines."""
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Document:
    """The content of one YAML file and the line of each of its fields."""

    def __init__(self, file: str, content: Any, lines: dict[FieldPath, int]) -> None:
        """Made by `read`."""
        self.file, self.content, self._lines = file, content, lines

    def problem(self, path: FieldPath, message: str) -> Problem:
        """A problem at a field, or at the nearest field above it that the file has."""
        known = path
        while known and known not in self._lines:
            known = known[:-1]
        return Problem(self.file, self._lines.get(known, 1), spelled(path), message)


def read(path: Path, *, inside: Path) -> Document:
    """Read one file of a pack. Errors: `PackError` for what is missing, too large, too deep or not YAML."""
    file = path.relative_to(inside).as_posix()
    try:
        text = _text(path)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines: dict[FieldPath, int] = {}
        _locate(node, (), lines)
        return Document(file, yaml.safe_load(text), lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PackError([Problem(file, line, "", f"not YAML: {error.problem}")]) from error
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise PackError([Problem(file, 1, "", str(error) or type(error).__name__)]) from error


def spelled(path: FieldPath) -> str:
    """`("steps", 2, "minutes")` as `steps[2].minutes`."""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return words.removeprefix(".")


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST:
        raise ValueError(f"larger than {LARGEST // 1024} KiB")
    text = path.read_text("utf-8")
    if any(token in text for token in ("\n  <<:", ": &", "- &", ": *", "- *")):
        # Aliases let a small file grow to any size in memory.
        raise ValueError("anchors and aliases are not used in packs")
    return text


def _locate(node: yaml.Node | None, path: FieldPath, lines: dict[FieldPath, int]) -> None:
    if node is None:
        raise ValueError("the file is empty")
    if len(path) > DEEPEST:
        raise ValueError("nested too deeply")
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines[(*path, str(key.value))] = key.start_mark.line + 1
            _locate(value, (*path, str(key.value)), lines)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _locate(value, (*path, number), lines)
