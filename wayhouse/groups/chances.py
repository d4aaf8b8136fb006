"""What one more of something scarce would change, as found by planning again (`formation/what_if.py`), in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wayhouse.groups.reasons import Wording


@dataclass(frozen=True, slots=True)
class Chance:
    """What it takes, and how many more people would find a place."""

    takes: Sequence[str]
    places: int


def chance_of(wording: Wording, found: Mapping[str, Any]) -> Chance:
    """One chance as the kernel found it. Only sums are told, never who."""
    return Chance(wording.one_more(found["pools"]), found["places"])
