"""Inline SVG icons of the Lucide set, from its package; each shape is read and built once."""

from functools import cache

from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from wayhouse.core.markup import markup

# These point in the reading direction and turn round where people read from right to left.
DIRECTED = frozenset(
    {
        "arrow-left",
        "arrow-right",
        "chevron-left",
        "chevron-right",
        "list",
        "list-checks",
        "log-in",
        "log-out",
        "send",
        "undo-2",
    }
)


@cache
def icon(name: str, size: int = 24) -> SafeString:
    """A decorative icon, hidden from screen readers. Error: `IconDoesNotExist` for an unknown name."""
    drawing = lucide(name, size=size)
    lines = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")].splitlines()
    shape = "".join(line.strip() for line in lines).replace(" />", "/>")
    classes = "icon flip" if name in DIRECTED else "icon"
    return mark_safe(  # noqa: S308 - the shape is from the package, the rest from our templates
        f'<svg class="{classes}" width="{size}" height="{size}" viewBox="0 0 24 24" aria-hidden="true">{shape}</svg>'
    )


def labelled_icon(name: str, label: str, size: int = 24) -> SafeString:
    """An icon that stands for words: the words are there for screen readers."""
    return markup('{}<span class="vh">{}</span>', icon(name, size), label)
