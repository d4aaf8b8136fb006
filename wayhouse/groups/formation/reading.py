"""Reading JSON with a place for every error: `people[3].options[0].cell: must be a text`."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache

LONGEST_NAME = 60


class ProblemError(ValueError):
    """A problem that cannot be planned.

    `path` is the place in the JSON form, like `people[3].options[0].cell`, empty for the problem as a whole;
    `message` says what is wrong there. No value is quoted except identifiers, shortened.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a JSON document and its path."""

    value: object
    path: str = ""

    def members(self, form: type) -> dict[str, "Node"]:
        """The members of an object, which must be fields of the dataclass `form`.

        Fields without a default are required. Errors: `ProblemError`.
        """
        if not isinstance(self.value, Mapping):
            raise ProblemError(self.path, "must be an object")
        known, required = _names(form)
        for key in self.value:
            if key not in known:
                raise ProblemError(self.path, f"an unknown member {short(key)}")
        for name in required:
            if name not in self.value:
                raise ProblemError(self._below(name), "is missing")
        return {key: Node(value, self._below(key)) for key, value in self.value.items()}

    def items(self) -> Iterator["Node"]:
        """The values of a list. Error: `ProblemError`."""
        if not isinstance(self.value, list | tuple):
            raise ProblemError(self.path, "must be a list")
        return (Node(value, f"{self.path}[{place}]") for place, value in enumerate(self.value))

    def text(self) -> str:
        """A text. Error: `ProblemError`."""
        if not isinstance(self.value, str):
            raise ProblemError(self.path, "must be a text")
        return self.value

    def text_or_none(self) -> str | None:
        """A text or null. Error: `ProblemError`."""
        return None if self.value is None else self.text()

    def whole(self) -> int:
        """A whole number; JSON knows one kind of number, so 3.0 is 3. Error: `ProblemError`."""
        if isinstance(self.value, float) and self.value.is_integer():
            return int(self.value)
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise ProblemError(self.path, "must be a whole number")
        return self.value

    def _below(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


@cache
def _names(form: type) -> tuple[frozenset[str], tuple[str, ...]]:
    """The fields of a dataclass, and those without a default."""
    required = (field for field in fields(form) if field.default is MISSING and field.default_factory is MISSING)
    return frozenset(field.name for field in fields(form)), tuple(field.name for field in required)


def short(name: object) -> str:
    """An identifier in quotes, escaped and cut short, fit for an error message."""
    text = repr(name)
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}..."
