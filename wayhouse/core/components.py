"""The small parts that pages are made of, as functions that return HTML.

They are plain functions and not included templates because a page uses dozens of them: a function costs a
few microseconds, an include fifty times as much. `docs/reference/components.md` shows each.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from wayhouse.core import icons
from wayhouse.core.days import day_written
from wayhouse.core.markup import each, markup

NOTHING = mark_safe("")
MESSAGE_ICONS = {"success": "circle-check", "warning": "triangle-alert", "error": "circle-alert"}


def button(
    label: str,
    *,
    icon: str = "",
    kind: str = "",
    href: str = "",
    hidden: str = "",
    **attrs: object,
) -> SafeString:
    """A submit button, or a link that looks like one where `href` is given. `hidden`: words only heard."""
    start = icons.icon(icon, 20) if icon else NOTHING
    end = markup('<span class="vh"> – {}</span>', hidden) if hidden else NOTHING
    classes = f"btn {kind}".rstrip()
    if href:
        link = '<a class="{}" href="{}"{}>{}{}{}</a>'
        return markup(link, classes, href, attributes(attrs), start, label, end)
    return markup('<button class="{}"{}>{}{}{}</button>', classes, attributes(attrs), start, label, end)


def attributes(attrs: dict[str, object]) -> SafeString:
    """HTML attributes: `hx_post="/x"` becomes ` hx-post="/x"`, True stands bare, None and False are left out."""
    if not attrs:
        return NOTHING
    pairs = (
        (name.replace("_", "-"), value) for name, value in attrs.items() if value is not None and value is not False
    )
    return each(" {}{}", ((name, "" if value is True else markup('="{}"', value)) for name, value in pairs))


def badge(label: str, kind: str = "", icon: str = "") -> SafeString:
    """A short state beside a name. Kinds: good, warn, urgent; none is neutral."""
    sign = icons.icon(icon, 16) if icon else NOTHING
    return markup('<span class="{}">{}{}</span>', f"badge {kind}".rstrip(), sign, label)


def fact(icon: str, text: str) -> SafeString:
    """One line of a facts list: an icon and what it is about."""
    return markup("<li>{}<span>{}</span></li>", icons.icon(icon, 20), text)


def date_tile(day: date | datetime) -> SafeString:
    """A day as a small calendar sheet: month, day, weekday."""
    local = timezone.localtime(day) if isinstance(day, datetime) and timezone.is_aware(day) else day
    return markup(
        '<time class="date" datetime="{}"><b>{}</b> <span>{}</span> <i>{}</i></time>',
        local.isoformat(),
        day_written(local, "M"),
        local.day,
        day_written(local, "l"),
    )


def progress(value: int, total: int, label: str, words: str = "") -> SafeString:
    """A bar that is also said in words, by default "3 of 5"."""
    said = words or gettext("%(value)s of %(total)s") % {"value": value, "total": total}
    return markup(
        '<span class="bar"><progress value="{}" max="{}" aria-label="{}">{}</progress>'
        '<span class="muted">{}</span></span>',
        value,
        total,
        label,
        said,
        said,
    )


def rows(labels: Sequence[str], cells: Iterable[Sequence[str]]) -> SafeString:
    """The head and body of a table, the first cell of a row being its heading; on a phone each cell says its label."""
    head = each('<th scope="col">{}</th>', ((label,) for label in labels))
    # Fifty rows have the same labels: they are escaped once.
    told = "".join(f'<td data-label="{literal(label)}">{{}}</td>' for label in labels[1:])
    body = each(f'<tr><th scope="row">{{}}</th>{told}</tr>', cells)
    return markup("<thead><tr>{}</tr></thead><tbody>{}</tbody>", head, body)


def literal(text: str) -> str:
    """Text that stands in a format string as it is."""
    return escape(text).replace("{", "{{").replace("}", "}}")


def timer(minutes: int, since: datetime | None = None) -> SafeString:
    """A quiet clock: the planned minutes, and with a script the minutes left since `since`."""
    planned = ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    if since is None:
        return markup('<span class="clock">{}<span>{}</span></span>', icons.icon("clock", 20), planned)
    return markup(
        '<span class="clock" data-clock="{}" data-now="{}" data-minutes="{}" data-left="{}" data-over="{}">'
        "{}<span>{}</span></span>",
        int(since.timestamp()),
        int(timezone.now().timestamp()),
        minutes,
        gettext("{n} min left"),
        gettext("{n} min over"),
        icons.icon("clock", 20),
        planned,
    )


def notice(text: str, kind: str = "", icon: str = "") -> SafeString:
    """A line that tells something. Kinds: success, warning, error; none is neutral."""
    sign = icons.icon(icon or MESSAGE_ICONS.get(kind, "info"))
    return markup('<div class="{}">{}<div>{}</div></div>', f"notice {kind}".rstrip(), sign, text)


def empty(title: str, text: str = "", *, href: str = "", action: str = "", icon: str = "leaf") -> SafeString:
    """What a list says when nothing is in it, and what to do next."""
    return markup(
        '<div class="empty">{}<p><b>{}</b></p>{}{}</div>',
        icons.icon(icon, 32),
        title,
        markup("<p>{}</p>", text) if text else NOTHING,
        button(action, href=href) if href and action else NOTHING,
    )


def back(href: str, label: str = "") -> SafeString:
    """The way back to the page above."""
    return markup('<a class="back" href="{}">{}{}</a>', href, icons.icon("arrow-left", 20), label or gettext("Back"))


def help_card() -> SafeString:
    """The large card on first screens that leads to the page of emergency numbers."""
    return markup(
        '<a class="help a-help" href="{}">{}<span>{}<small>{}</small></span>{}</a>',
        reverse("core:help"),
        icons.icon("life-buoy", 30),
        gettext("I need help now"),
        gettext("People you can reach right away, day and night"),
        icons.icon("chevron-right"),
    )


def pages(request: HttpRequest, page: "Page[Any]", name: str = "page") -> SafeString:
    """Earlier and later pages of a list; nothing where there is only one. Other parameters stay."""
    if page.paginator.num_pages == 1:
        return NOTHING
    where = gettext("Page %(number)s of %(total)s") % {"number": page.number, "total": page.paginator.num_pages}
    before = after = mark_safe("<span></span>")
    if page.has_previous():
        words = markup("{}{}", icons.icon("chevron-left", 20), gettext("Earlier"))
        before = button(words, kind="quiet small", href=_turned(request, name, page.number - 1), rel="prev")
    if page.has_next():
        words = markup("{}{}", gettext("Later"), icons.icon("chevron-right", 20))
        after = button(words, kind="quiet small", href=_turned(request, name, page.number + 1), rel="next")
    line = '<nav class="pager" aria-label="{}">{}<span>{}</span>{}</nav>'
    return markup(line, gettext("Pages"), before, where, after)


def _turned(request: HttpRequest, name: str, number: int) -> str:
    query = request.GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}"
