"""What a safety plan can hold, in our own words. Every part may stay empty.

Ideas that are common to such plans (practice handbook F50 and S19): early signs, what helps alone, company, people,
help at hand, safer surroundings. The words are ours, and no form of anybody else is copied.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """One part: the name of its sealed word, its heading, and what could stand there."""

    name: str
    title: "_StrPromise"
    hint: "_StrPromise"


PARTS: tuple[Part, ...] = (
    Part("signs", _("How I notice that it is getting hard"), _("In the body, in my thoughts, in what I do.")),
    Part(
        "alone", _("What I can do by myself"),
        _("Small things that have helped before: walking, cold water, music, writing."),
    ),
    Part(
        "company", _("Places and people that bring me to other thoughts"),
        _("Where I can simply be, without having to explain anything."),
    ),
    Part("people", _("Whom I can ask for help"), _("Who they are to me, and how I reach them. A nickname is enough.")),
    Part("help", _("Whom I call when that is not enough"), _("Crisis line, doctor, those who answer here.")),
    Part(
        "safer", _("How I make it safer around me"),
        _("At home, on the way, at work, online: what I put away, lock, leave or switch off."),
    ),
    Part(
        "others", _("Who depends on me"),
        _("Children, somebody I care for, an animal: who looks after them meanwhile."),
    ),
    Part("sign", _("A word that means: I need help now"), _("Something that sounds harmless to everybody else.")),
    Part("reasons", _("What I stay for"), _("Big or small. It may change.")),
)  # fmt: skip
NAMES = tuple(part.name for part in PARTS)
