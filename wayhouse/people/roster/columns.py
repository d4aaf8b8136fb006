"""The columns of the roster: one table that the reader, the template, the pages and the help are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wayhouse.people.roster import parsing
from wayhouse.people.roster.choices import KINDS, MODES, NEEDS, ROLES, TRAVEL
from wayhouse.people.roster.languages import language_name
from wayhouse.people.roster.times import slot_label
from wayhouse.people.roster.vocabulary import Vocabulary, fold, in_all_languages

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `word` is what it is called in a roster entry, `also` what else people write above it."""

    key: str
    word: str
    label: "_StrOrPromise"
    help: "_StrOrPromise"
    examples: tuple[str, str]
    parse: parsing.Parser
    choices: Vocabulary | None = None
    also: tuple[str, ...] = ()
    # Somebody new cannot be planned for without it.
    needed: bool = False
    # One answer of a set: the template offers a list to choose from.
    single: bool = False


COLUMNS = (
    Column(
        "name",
        "name",
        _("Chosen name"),
        _("The name this person wants to be called by, not the one in their passport. 1 to 40 characters."),
        ("Quiet Fox", "Amber Lantern"),
        parsing.name,
        also=("name", "first name", "Vorname", "Wunschname", "الاسم"),
        needed=True,
    ),
    Column(
        "role",
        "role",
        _("Role"),
        _("Member, facilitator or mentor. Left empty, somebody new becomes a member; others keep their role."),
        ("member", "facilitator"),
        parsing.one_of("role", ROLES),
        ROLES,
        also=("Rolle", "Funktion", "الدور"),
        single=True,
    ),
    Column(
        "languages",
        "languages",
        _("Languages"),
        _("Codes or names, separated by commas. The language this person speaks best comes first."),
        ("en, ar", "English, German"),
        parsing.languages,
        also=("language", "Sprache", "Sprachen", "اللغات"),
        needed=True,
    ),
    Column(
        "availability",
        "slots",
        _("Availability"),
        _("Every time of the week that is possible: a day and morning, afternoon or evening. Add ! to the best ones."),
        ("Tue evening!, Thu evening, Sat morning", "Mon evening, Tue evening!, Thu evening"),
        parsing.availability,
        also=("times", "available", "Verfügbarkeit", "Zeiten", "الأوقات"),
        needed=True,
    ),
    Column(
        "preferred",
        "preferred_slots",
        _("Preferred times"),
        _("Instead of ! in the column before: the times this person likes best. They count as possible too."),
        ("", "Thu evening"),
        parsing.preferred,
        also=("preferred", "preferences", "Wunschzeiten", "الأوقات المفضلة"),
    ),
    Column(
        "needs",
        "needs",
        _("Needs"),
        _("What has to be arranged: childcare, interpreter, step-free access, joining by phone. Nothing about health."),
        ("childcare", ""),
        parsing.some_of("needs", NEEDS),
        NEEDS,
        also=("access needs", "Bedarf", "Unterstützung", "الاحتياجات"),
    ),
    Column(
        "mode",
        "mode",
        _("In person or online"),
        _("In person, online, or either of them. Left empty: either."),
        ("in person", "either"),
        parsing.one_of("mode", MODES, "either"),
        MODES,
        also=("mode", "Form", "Vor Ort oder online", "الطريقة"),
        single=True,
    ),
    Column(
        "area",
        "area",
        _("Area"),
        _("A coarse label, Town/District. Never a street, a number or an address."),
        ("Harbourton/Old Mill", "Harbourton/Station"),
        parsing.area,
        also=("district", "Gegend", "Stadtteil", "المنطقة"),
    ),
    Column(
        "travel",
        "travel",
        _("How far"),
        _("How far this person can travel: in the district, in the town, or anywhere. Left empty: in the district."),
        ("town", "anywhere"),
        parsing.one_of("travel", TRAVEL, "district"),
        TRAVEL,
        also=("travel", "distance", "Wie weit", "Entfernung", "المسافة"),
        single=True,
    ),
    Column(
        "kinds",
        "kinds",
        _("Kinds of group"),
        _("Every kind that is possible: mixed, women, young adults. Left empty: mixed."),
        ("mixed, women", "mixed"),
        parsing.some_of("kinds", KINDS, ("mixed",)),
        KINDS,
        also=("kind of group", "kinds", "kind", "Gruppenart", "Art der Gruppe", "نوع المجموعة"),
    ),
    Column(
        "preferred_kind",
        "preferred_kind",
        _("Preferred kind"),
        _("The one kind of group this person likes best, if there is one."),
        ("women", ""),
        parsing.one_of("preferred_kind", KINDS, ""),
        KINDS,
        also=("preferred kind of group", "Wunschgruppe", "النوع المفضل"),
        single=True,
    ),
    Column(
        "mix",
        "mix",
        _("Mix label"),
        _("A neutral label of yours by which groups are mixed, such as an age band. Never movement, belief or origin."),
        ("27-40", "41-60"),
        parsing.mix,
        also=("mix", "label", "Mischung", "Kennzeichen", "التصنيف"),
    ),
    Column(
        "keep_apart",
        parsing.KEEP_APART,
        _("Keep apart"),
        _("Names or row numbers of people who must not meet this person. No page shows it, and no import removes it."),
        ("", ""),
        parsing.apart,
        also=("not with", "Getrennt halten", "Nicht zusammen mit", "عدم الجمع"),
    ),
    Column(
        "meetings_a_week",
        "meetings_a_week",
        _("Meetings a week"),
        _("Only for facilitators and mentors: 1, 2 or 3. Left empty: 1."),
        ("", "2"),
        parsing.meetings,
        also=("meetings", "Treffen pro Woche", "Abende pro Woche", "لقاءات في الأسبوع"),
    ),
)
COLUMN = {column.key: column for column in COLUMNS}
OF_WORD = {column.word: column for column in COLUMNS}
WORDS = tuple(column.word for column in COLUMNS if column.word != parsing.KEEP_APART)
# What somebody new has where the file says nothing.
DEFAULTS: Mapping[str, Any] = {
    "name": "",
    "role": "member",
    "languages": [],
    "slots": [],
    "preferred_slots": [],
    "needs": [],
    "mode": "either",
    "area": "",
    "travel": "district",
    "kinds": ["mixed"],
    "preferred_kind": "",
    "mix": "",
    "meetings_a_week": 1,
}


@cache
def headings() -> dict[str, str]:
    """Every heading that is understood, folded, and the key of its column."""
    known: dict[str, str] = {}
    for column in COLUMNS:
        for heading in (column.key, *column.also, *in_all_languages(column.label)):
            known.setdefault(fold(heading), column.key)
    return known


def shown(word: str, value: Any) -> str:
    """A word of a roster entry as people read it; nothing is a dash."""
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(_one(word, one) for one in values if one != "") or _now("–")


def _one(word: str, value: Any) -> str:
    if word in {"slots", "preferred_slots"}:
        return slot_label(value)
    if word == "languages":
        return language_name(value)
    column = OF_WORD.get(word)
    return column.choices.label(value) if column and column.choices else str(value)
