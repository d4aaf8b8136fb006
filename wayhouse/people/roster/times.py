"""The 21 times of the week, and the ways people write them: "Tue evening", "Di abends", "مساء الثلاثاء"."""

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wayhouse.people.roster.vocabulary import fold

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = ("morning", "afternoon", "evening")
SLOTS = tuple(f"{day}-{part}" for day in DAYS for part in PARTS)

PART_LABELS = {
    "morning": gettext_lazy("morning"),
    "afternoon": gettext_lazy("afternoon"),
    "evening": gettext_lazy("evening"),
}

_DAY_WORDS = {
    "mon": "mon mo monday mondays montag montags الاثنين الإثنين اثنين",
    "tue": "tue tues tu di tuesday tuesdays dienstag dienstags الثلاثاء ثلاثاء",
    "wed": "wed we mi wednesday wednesdays mittwoch mittwochs الأربعاء أربعاء",
    "thu": "thu thur thurs th do thursday thursdays donnerstag donnerstags الخميس خميس",
    "fri": "fri fr friday fridays freitag freitags الجمعة جمعة",
    "sat": "sat sa saturday saturdays samstag samstags sonnabend sonnabends السبت سبت",
    "sun": "sun su so sunday sundays sonntag sonntags الأحد أحد",
}
_PART_WORDS = {
    "morning": "morning mornings morgen morgens vormittag vormittags früh صباح صباحا الصباح",
    "afternoon": "afternoon afternoons nachmittag nachmittags عصر عصرا العصر",
    "evening": "evening evenings eve abend abends مساء مساءً المساء",
}
# Words that stand between and say nothing. "am" is German for "on the"; only where no part is named, it is English.
_FILLERS = frozenset({"in", "the", "on", "every", "each", "im", "jeden", "في", "يوم"})
_AFTERNOON_IN_TWO = fold("بعد الظهر")

_DAY_OF = {fold(word): day for day, words in _DAY_WORDS.items() for word in words.split()}
_PART_OF = {fold(word): part for part, words in _PART_WORDS.items() for word in words.split()}
_HALF_OF = {"am": "morning", "pm": "afternoon"}
_KNOWN = _DAY_OF.keys() | _PART_OF.keys() | _HALF_OF.keys() | {fold(word) for word in _FILLERS}


def find_slot(text: str) -> str | None:
    """The time of the week that a text names, such as `tue-evening`, or None."""
    words = fold(text).replace(_AFTERNOON_IN_TWO, "afternoon").split()
    if len(words) == 1:
        words = _taken_apart(words[0])
    days = [_DAY_OF[word] for word in words if word in _DAY_OF]
    parts = [_PART_OF[word] for word in words if word in _PART_OF]
    parts = parts or [_HALF_OF[word] for word in words if word in _HALF_OF]
    known = all(word in _KNOWN for word in words)
    return f"{days[0]}-{parts[0]}" if known and len(days) == len(parts) == 1 else None


def slot_label(slot: str) -> str:
    """A time of the week in the reader's language: "Tuesday evening"."""
    day, _dash, part = slot.partition("-")
    if day not in DAYS or part not in PART_LABELS:
        return slot
    return _("%(day)s %(part)s") % {"day": WEEKDAYS[DAYS.index(day)], "part": PART_LABELS[part]}


def by_day() -> list[tuple[str, list[tuple[str, str]]]]:
    """All slots as grouped choices of a form: one group for each day, with the parts of the day in it."""
    return [
        (str(WEEKDAYS[number]), [(f"{day}-{part}", str(PART_LABELS[part])) for part in PARTS])
        for number, day in enumerate(DAYS)
    ]


def _taken_apart(word: str) -> list[str]:
    """German joins day and part: "dienstagabend"."""
    for day in _DAY_OF:
        if word.startswith(day) and word[len(day) :] in _PART_OF:
            return [day, word[len(day) :]]
    return [word]
