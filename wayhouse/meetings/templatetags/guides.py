"""How guides are written out."""

from django import template

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
