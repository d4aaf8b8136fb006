"""The words in which people are asked: data in wordings.yaml, by purpose, version and language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import models

FILE = Path(__file__).with_name("wordings.yaml")
# The language of the sources stands in where a wording does not have that of the reader.
_SOURCE = "en"
# A month of consent; rounded down, so that nothing lasts a day too long.
_MONTH = timedelta(days=30)


class Purpose(models.TextChoices):
    """What somebody can say yes to, one by one (practice handbook 4.4, C1 to C11)."""

    PARTICIPATION = "participation"
    SAFE_CONTACT = "safe_contact"
    KEEPING = "keeping"
    QUESTIONNAIRE = "questionnaire"
    GOAL = "goal"
    RELEASE = "release"
    EMERGENCY = "emergency"
    STORY = "story"
    ALUMNI = "alumni"
    RESEARCH = "research"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of the words for one purpose, in one language."""

    purpose: Purpose
    version: str
    dated: date
    language: str
    title: str
    text: str
    readers: str
    ends: str
    withdrawn: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a purpose whatever the words: when it is asked, how long a yes lasts, what leaving does to it."""

    asked: str
    lasts: timedelta | None
    ends_with_leaving: bool

    @property
    def for_each(self) -> bool:
        """Whether a yes is about one single thing, such as one goal, and never about all of its kind."""
        return self.asked == "each"


def terms_of(purpose: Purpose) -> Terms:
    """What holds for a purpose."""
    found = _data()[purpose]
    months = found.get("months")
    return Terms(found["asked"], months * _MONTH if months else None, found["leaving"] == "ends")


def wording_of(purpose: Purpose, language: str, version: str = "") -> Wording:
    """The words of a purpose in a language: the latest, or of one version. Error: `KeyError` for no such version."""
    versions = {found["version"]: found for found in _data()[purpose]["versions"]}
    found = versions[version or list(versions)[-1]]
    spoken = language if language in found else _SOURCE
    return Wording(purpose, found["version"], found["dated"], spoken, **found[spoken])


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return data
