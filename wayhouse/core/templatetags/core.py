"""The template tags of the house; a builtin library, so templates need no {% load %} for it."""

from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode, URLNode
from django.template.defaulttags import url as django_url
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.safestring import SafeString, mark_safe

from wayhouse.core import components, fields, frame, icons, recurring
from wayhouse.core.markup import markup

register = template.Library()

register.simple_tag(components.button)
register.simple_tag(components.badge)
register.simple_tag(components.fact)
register.simple_tag(components.date_tile)
register.simple_tag(components.progress)
register.simple_tag(components.rows)
register.simple_tag(components.timer)
register.simple_tag(components.notice)
register.simple_tag(components.empty)
register.simple_tag(components.back)
register.simple_tag(components.help_card)
register.simple_tag(fields.field)
register.simple_tag(fields.fields)
register.simple_tag(fields.grid)


@register.simple_tag
def icon(name: str, size: int = 24, label: str = "") -> SafeString:
    """{% icon "check" %}, {% icon "check" 20 %}, {% icon "lock" label=words %} where it stands for words."""
    return icons.labelled_icon(name, label, size) if label else icons.icon(name, size)


@register.simple_tag
def error_summary(*forms: BaseForm) -> SafeString:
    """{% error_summary form %} or several forms of one page."""
    return fields.error_summary(forms)


@register.simple_tag(takes_context=True)
def pages(context: Context, page: "Page[Any]", name: str = "page") -> SafeString:
    """{% pages page_obj %} under a list."""
    return components.pages(context["request"], page, name)


register.simple_tag(frame.head)


@register.simple_tag(takes_context=True)
def menu(context: Context) -> SafeString:
    """{% menu %}: the main menu, once on each page."""
    tabs, help_is_open = tuple(context.get("tabs") or ()), context["here"] == frame.ways()["help"]
    return frame.menu(tabs, help_is_open=help_is_open, language=context["lang"])


@register.simple_tag(takes_context=True)
def waiting_page(context: Context) -> SafeString:
    """{% waiting_page %}: what shows after fifteen quiet minutes, until the same person is back."""
    return frame.waiting_page(language=context["lang"])


@register.simple_tag(takes_context=True)
def scripts(context: Context) -> SafeString:
    """{% scripts %}: the scripts of every page."""
    return frame.scripts(str(context["csp_nonce"]), waits=bool(context.get("idle")))


@register.simple_tag(takes_context=True)
def htmx(context: Context) -> SafeString:
    """{% htmx %}: the script that makes forms smoother."""
    return frame.htmx(str(context["csp_nonce"]))


@register.simple_tag(takes_context=True)
def top(context: Context) -> SafeString:
    """{% top %}: the beginning of every page."""
    house, onward = context["house_name"], context["exit_url"]
    worry = context.get("worry") or ""
    return frame.top(_field(context), house=house, onward=onward, worry=worry, language=context["lang"])


@register.simple_tag(takes_context=True)
def foot(context: Context) -> SafeString:
    """{% foot %}: the end of every page."""
    return frame.foot(_field(context), here=context["here"], language=context["lang"], colours=context["theme"])


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """{% url "room:page" id as there %}."""
    node = django_url(parser, token)
    return recurring.Address(node.view_name, node.args, node.kwargs, node.asvar)


@register.tag
def translate(parser: Parser, token: Token) -> TranslateNode:
    """{% translate "words" %}."""
    return recurring.Words(do_translate(parser, token))


register.filter("date", recurring.date_written, expects_localtime=True, is_safe=False)


def _field(context: Context) -> str:
    """The hidden field of a form's token, as {% csrf_token %} writes it."""
    return CsrfTokenNode().render(context)


@register.simple_block_tag
def card(content: str, title: str = "", *, aside: str = "", kind: str = "", level: int = 2) -> SafeString:
    """{% card "Next meeting" aside="in 3 days" %} ... {% endcard %}: a section with its heading."""
    classes = f"card {kind}".rstrip()
    inside = mark_safe(content)  # noqa: S308 - the content is a rendered template, escaped already
    if not title:
        return markup('<section class="{}">{}</section>', classes, inside)
    small = markup('<span class="muted">{}</span>', aside) if aside else ""
    head = '<section class="{}"><header><h{}>{}</h{}>{}</header>{}</section>'
    return markup(head, classes, level, title, level, small, inside)
