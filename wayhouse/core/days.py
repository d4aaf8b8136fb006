"""How days are written. Lists write the same few days again and again, so what a day is called is kept.

Nothing but the calendar is kept: the 3rd of May is "Friday, 3 May" for everybody.
"""

import re
from datetime import date, datetime
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.translation import get_language

_DAY_BEFORE_MONTH = re.compile(r"\bj (?=[FM])")


def day_written(day: date | datetime, pattern: str) -> str:
    """A day, or that of a moment where the reader is, as the filter `date` writes it; `pattern` has no hours in it."""
    local = _local(day)
    return written_in(get_language(), local.date() if isinstance(local, datetime) else local, pattern)


def time_written(moment: datetime) -> str:
    """The hour of a moment where the reader is, such as "19:00"."""
    return f"{_local(moment):%H:%M}"


def moment_written(moment: datetime, pattern: str) -> str:
    """Day and hour of a moment, such as "Friday, 3 May, 19:00" for the pattern "l, j F"."""
    return f"{day_written(moment, pattern)}{_comma(get_language())}{time_written(moment)}"


def pattern_in(language: str | None, pattern: str) -> str:
    """A pattern as a language has it: "3. Mai" where English has "3 May", and the comma of Arabic."""
    if language == "de":
        return _DAY_BEFORE_MONTH.sub("j. ", pattern)
    return pattern.replace(", ", _comma(language))


def _comma(language: str | None) -> str:
    return "، " if language == "ar" else ", "


@lru_cache(maxsize=4096)
def written_in(language: str | None, day: date, pattern: str) -> str:
    """A day, or a moment as its clock shows it, in a language that is also the one that holds now."""
    return formats.date_format(day, pattern_in(language, pattern))


def _local(day: date | datetime) -> date | datetime:
    return timezone.localtime(day) if isinstance(day, datetime) and timezone.is_aware(day) else day
