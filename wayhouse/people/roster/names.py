"""Chosen names, areas and labels: what may be typed for them. Nothing invisible, nothing that looks like another.

After Unicode's recommendations for identifiers (UTS 39), with one script for a name.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

from wayhouse.people.roster.problems import Refused

NAME_AT_MOST, AREA_AT_MOST, MIX_AT_MOST = 40, 40, 20
_MARKS_IN_A_ROW = 3
_IN_NAMES = frozenset(" '’-.·")
_IN_LABELS = frozenset(" -+.")
# Letters and marks that show nothing although they count as letters.
_HIDDEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Scripts that one language writes side by side.
_EAST_ASIAN = frozenset({"CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL"})
_STREET = re.compile(r"(stra(?:ß|ss)e|str\.|\bstreet|\broad|\bavenue|شارع)(?!\w)", re.IGNORECASE)


def chosen_name(text: str) -> str:
    """A chosen name in its one spelling. Error: `Refused`."""
    name = " ".join(unicodedata.normalize("NFKC", _visible(text)).split())
    _measure(name, NAME_AT_MOST)
    _only(name, _IN_NAMES, _("use letters, numbers, spaces and ' - . in a name"))
    if not any(unicodedata.category(char)[0] == "L" for char in name):
        raise Refused(_("a name needs at least one letter"))
    if len(_scripts(name)) > 1:
        raise Refused(_("the letters come from two alphabets and could be mistaken for others; use one alphabet"))
    return name


def folded(name: str) -> str:
    """The form under which two names are the same: case and width do not count."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def area(text: str) -> str:
    """A coarse label, "Town" or "Town/District". Error: `Refused` for anything like an address."""
    if not text.strip():
        return ""
    label = unicodedata.normalize("NFKC", _visible(text))
    parts = [" ".join(part.split()) for part in label.split("/")]
    if any(char.isdigit() for char in label) or _STREET.search(label):
        raise Refused(_("write a town and a district only, never a street or a number"))
    if len(parts) > 2 or not all(parts):  # noqa: PLR2004  a town and a district
        raise Refused(_("write it as Town/District, for example Harbourton/Old Mill"))
    label = "/".join(parts)
    _measure(label, AREA_AT_MOST)
    _only(label, _IN_NAMES | {"/"}, _("use letters, spaces and - in an area"))
    return label


def mix_label(text: str) -> str:
    """A neutral label of the organisation, or nothing. Error: `Refused`."""
    label = " ".join(unicodedata.normalize("NFKC", _visible(text)).split())
    if not label:
        return ""
    _measure(label, MIX_AT_MOST)
    _only(label, _IN_LABELS, _("use letters, numbers, spaces and - + in a label"))
    return label


def _visible(text: str) -> str:
    """The text, where nothing in it hides. Checked before normalising, which removes some of it."""
    for char in text:
        kind = unicodedata.category(char)
        line_break = kind in {"Cc", "Zl", "Zp"}
        if kind[0] == "C" or line_break or char in _HIDDEN or _VARIATION.match(char):
            code = f"U+{ord(char):04X}"
            raise Refused(_("there is an invisible character in it (%(code)s); type it again by hand") % {"code": code})
    return text


def _measure(text: str, most: int) -> None:
    if not text:
        raise Refused(_("this cell is empty"))
    if len(text) > most:
        raise Refused(_("at most %(most)s characters fit") % {"most": most})


def _only(text: str, signs: frozenset[str], otherwise: str) -> None:
    marks = 0
    for char in text:
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in {"Mn", "Mc"} else 0
        fits = kind[0] == "L" or kind == "Nd" or marks or char in signs
        if not fits or marks > _MARKS_IN_A_ROW:
            raise Refused(otherwise)


def _scripts(name: str) -> set[str]:
    letters = [char for char in name if unicodedata.category(char)[0] == "L"]
    words = {re.split("[ -]", unicodedata.name(char, "UNKNOWN"))[0] for char in letters}
    return {"EAST ASIAN" if word in _EAST_ASIAN else word for word in words - {"MODIFIER"}}
