"""How guides are written out."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from wayhouse.core.components import NOTHING
from wayhouse.core.markup import each, markup
from wayhouse.meetings.parts import MOMENTS, MOODS, PARTS
from wayhouse.people.roster.choices import NEEDS

register = template.Library()


@register.filter
def part(key: str) -> str:
    """The word for a part of a guide, such as "Opening round"."""
    return str(PARTS[key])


@register.filter
def moment(card: "dict[str, str]") -> str:
    """A short word for the card of a hard moment; the card's own title where there is none."""
    return str(MOMENTS.get(card["card"], card["title"]))


@register.filter
def mood(value: int | None) -> str:
    """The word for the mood of a group; empty where none was noted."""
    return str(MOODS[value]) if value else ""


@register.filter
def need(code: str) -> str:
    """The word for something that has to be arranged."""
    return NEEDS.label(code)


@register.filter
def paragraphs(text: str) -> SafeString:
    """Prose of a pack as HTML: each line is a paragraph. Of a blank line in YAML one line break stays, or two."""
    return each("<p>{}</p>", ((line,) for line in text.splitlines() if line.strip()))


@register.simple_tag
def bullets(lines: Iterable[str], *, ordered: bool = False) -> SafeString:
    """Lines of a guide as a list; by a function, since a guide has dozens of them."""
    items = each("<li>{}</li>", ((line,) for line in lines))
    return markup("<ol>{}</ol>" if ordered else "<ul>{}</ul>", items)


@register.simple_tag
def guide_steps(steps: "Iterable[dict[str, Any]]") -> SafeString:
    """The steps of an evening: title, part and minutes, what to say, what to ask, what to do."""
    return each(
        '<li><h3>{}</h3><p class="muted">{} · {}</p>{}{}{}</li>',
        (
            (
                step["title"],
                part(step["part"]),
                _minutes(step["minutes"]),
                _said(step),
                _asked(step),
                bullets(step["do"]),
            )
            for step in steps
        ),
    )


@register.simple_tag
def online_steps(steps: "Iterable[dict[str, Any]]") -> SafeString:
    """The steps of the shorter evening online, each with how it is done there."""
    rows = ((part(step["part"]), _minutes(step["minutes"]), step["how"]) for step in steps)
    return each('<li><h3>{}</h3><p class="muted">{}</p><p>{}</p></li>', rows)


def _minutes(minutes: int) -> str:
    return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes}


def _said(step: "dict[str, Any]") -> SafeString:
    said = step.get("say")
    return markup('<div class="say">{}</div>', paragraphs(said)) if said else NOTHING


def _asked(step: "dict[str, Any]") -> SafeString:
    questions = step.get("questions")
    return bullets(questions, ordered=True) if questions else NOTHING
