"""From the text of one cell to the words of a roster entry. Every parser raises `Refused` with what would do."""

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from wayhouse.people.roster import names
from wayhouse.people.roster.languages import find_language, nearest_language
from wayhouse.people.roster.problems import Refused, quoted
from wayhouse.people.roster.times import SLOTS, find_slot, slot_label
from wayhouse.people.roster.vocabulary import Vocabulary, fold, split

Words = dict[str, Any]
Parser = Callable[[str], Words]

KEEP_APART = "keep_apart"
LANGUAGES_AT_MOST, APART_AT_MOST = 8, 20
MEETINGS = (1, 2, 3)
_NOTHING = frozenset(fold(word) for word in ("none", "no", "nothing", "keine", "keiner", "nein", "لا", "لا شيء"))


def name(text: str) -> Words:
    """The chosen name."""
    return {"name": names.chosen_name(text)}


def languages(text: str) -> Words:
    """Codes or names of languages, the best spoken one first."""
    codes: list[str] = []
    for part in split(text):
        code = find_language(part)
        if code is None:
            message = _("'%(text)s' is not a language we know; write a name or a code such as en, de, ar")
            raise Refused(_meant(message % {"text": quoted(part)}, nearest_language(part)))
        if code not in codes:
            codes.append(code)
    if not codes:
        raise Refused(_("write at least one language, for example: en, Arabic"))
    if len(codes) > LANGUAGES_AT_MOST:
        raise Refused(_("at most %(most)s languages fit") % {"most": LANGUAGES_AT_MOST})
    return {"languages": codes}


def availability(text: str) -> Words:
    """Times of the week; those with `!` behind them are preferred."""
    marked = [part for part in split(text) if part.endswith("!")]
    words: Words = {"slots": _slots(text.replace("!", ""))}
    if not words["slots"]:
        raise Refused(_("write at least one time of the week, for example: Tue evening, Sat morning"))
    return words | ({"preferred_slots": _slots(",".join(marked).replace("!", ""))} if marked else {})


def preferred(text: str) -> Words:
    """Preferred times of the week."""
    return {"preferred_slots": _slots(text.replace("!", ""))}


def one_of(word: str, vocabulary: Vocabulary, blank: str | None = None) -> Parser:
    """A parser for one answer of a set; an empty cell means `blank`, or says nothing where that is None."""

    def parse(text: str) -> Words:
        if not text.strip():
            return {} if blank is None else {word: blank}
        return {word: _code(text, vocabulary)}

    return parse


def some_of(word: str, vocabulary: Vocabulary, blank: tuple[str, ...] = ()) -> Parser:
    """A parser for several answers of a set; an empty cell, or "none", means `blank`."""

    def parse(text: str) -> Words:
        if fold(text) in _NOTHING or not text.strip():
            return {word: list(blank)}
        return {word: vocabulary.ordered(_code(part, vocabulary) for part in split(text))}

    return parse


def area(text: str) -> Words:
    """The coarse label of where somebody lives."""
    return {"area": names.area(text)}


def mix(text: str) -> Words:
    """The neutral label of the organisation."""
    return {"mix": names.mix_label(text)}


def apart(text: str) -> Words:
    """Others by row number or by chosen name; they are looked up when the whole file is read."""
    parts = split(text)
    if len(parts) > APART_AT_MOST:
        raise Refused(_("at most %(most)s entries fit") % {"most": APART_AT_MOST})
    if any(len(part) > names.NAME_AT_MOST for part in parts):
        raise Refused(_("one of the entries is longer than a name can be; separate them by commas"))
    return {KEEP_APART: [int(part) if re.fullmatch(r"[0-9]{1,7}", part) else part for part in parts]}


def meetings(text: str) -> Words:
    """How many meetings a week somebody of the staff takes."""
    if not text.strip():
        return {}
    if not re.fullmatch(r"[1-3](\.0)?", text.strip()):
        raise Refused(_("'%(text)s' does not fit; write 1, 2 or 3") % {"text": quoted(text)})
    return {"meetings_a_week": int(text.strip()[0])}


def _slots(text: str) -> list[str]:
    found = set()
    for part in split(text):
        slot = find_slot(part)
        if slot is None:
            message = _(
                "'%(text)s' is not a time of the week; use a day and morning, afternoon or evening: %(example)s"
            )
            raise Refused(message % {"text": quoted(part), "example": slot_label("tue-evening")})
        found.add(slot)
    return [slot for slot in SLOTS if slot in found]


def _code(text: str, vocabulary: Vocabulary) -> str:
    code = vocabulary.find(text)
    if code is None:
        offered = ", ".join(vocabulary.labels())
        message = _("'%(text)s' is not one of the answers; use: %(offered)s")
        raise Refused(_meant(message % {"text": quoted(text), "offered": offered}, vocabulary.nearest(text)))
    return code


def _meant(message: str, near: str) -> str:
    return f"{message}. " + _("Did you mean '%(near)s'?") % {"near": near} if near else message
