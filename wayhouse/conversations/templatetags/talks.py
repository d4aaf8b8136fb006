"""{% load talks %}: threads and posts, drawn by functions since a page has fifty of them."""

from collections.abc import Iterable
from functools import partial
from unicodedata import combining, normalize

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator, add_truncation_text
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wayhouse.conversations.models import Post, Thread, why_hidden
from wayhouse.conversations.reading import Beginning, Conversation, Line
from wayhouse.core.components import NOTHING, badge, button
from wayhouse.core.days import day_written
from wayhouse.core.icons import icon
from wayhouse.core.markup import each, markup
from wayhouse.core.recurring import address
from wayhouse.safeguarding.protocol import Kind

register = template.Library()

SHORT = 160
_DAY = "j F"


@register.simple_tag
def thread_lines(threads: Iterable[Beginning]) -> SafeString:
    """The threads of a space: who began each, its first words, how much was answered and how much is new."""
    onward = icon("chevron-right")
    line = '<li><a href="{}"><span><b>{}</b>{}<br>{}<span class="muted">{}</span></span>{}</a></li>'
    return each(line, (_thread(one, onward) for one in threads))


@register.simple_tag(takes_context=True)
def post_cards(context: Context, lines: Iterable[Line], talk: Conversation) -> SafeString:
    """Posts, each with what the reader may do with it."""
    form = partial(_form, str(context.get("csrf_token", "")))
    card = (
        '<article class="card post" id="p{}"><header><b>{}</b><span class="muted">{}</span></header>{}{}{}{}</article>'
    )
    return each(card, ((line.post.pk, _who(line), _when(line, talk), _words(line), _hidden(line, form),
                        _links(line, talk), _idea(line, talk, form)) for line in lines))  # fmt: skip


def _thread(one: Beginning, onward: SafeString) -> tuple[object, ...]:
    there = address("conversations:thread", one.thread.pk)
    return there, _who(one.line), _badges(one), _short(one.line), _count(one), onward


def _who(line: Line | None) -> str | SafeString:
    if line is None or line.name is None:
        return _("Somebody who is not here any more")
    return _("You") if line.is_me else markup("<bdi>{}</bdi>", line.name)


def _when(line: Line, talk: Conversation) -> str:
    turn = [str(line.post.get_turn_display())] if line.post.turn and talk.thread.is_problem else []
    changed = [_("changed")] if line.post.revision > 1 else []
    return " · ".join([*turn, day_written(line.day, _DAY), *changed])


def _words(line: Line) -> SafeString:
    if said := _instead(line):
        return markup('<p class="muted"><i>{}</i></p>', said)
    # The direction follows the words, not the page: people write in their own language.
    return markup('<p class="words" dir="auto">{}</p>', line.words)


def _short(line: Line | None) -> SafeString:
    if line is None:
        return NOTHING
    if said := _instead(line):
        return markup('<i class="muted">{}</i><br>', said)
    return markup("<bdi>{}</bdi><br>", _beginning(line.words))


def _beginning(words: str) -> str:
    """As the filter `truncatechars`, which looks at every letter by itself in case marks belong to the one before."""
    if len(words) <= SHORT:
        return words
    whole = normalize("NFC", words)
    if any(map(combining, whole[: SHORT + 1])):
        return Truncator(words).chars(SHORT)
    return whole if len(whole) <= SHORT else add_truncation_text(whole[: SHORT - 1])


def _instead(line: Line) -> str:
    """What stands where there is nothing to read."""
    if line.post.state == Post.State.STRUCK:
        return _("Taken back.")
    return _("Hidden by those who lead.") if line.post.state == Post.State.HIDDEN and not line.words else ""


def _badges(one: Beginning) -> SafeString:
    new = badge(ngettext("%(number)s new", "%(number)s new", one.new) % {"number": one.new}, "good")
    question = badge(_("Question")) if one.thread.is_problem else NOTHING
    return markup(" {} {}", new if one.new else NOTHING, question) if one.new or one.thread.is_problem else NOTHING


def _count(one: Beginning) -> str:
    answers = ngettext("%(number)s answer", "%(number)s answers", one.answers) % {"number": one.answers}
    return f"{day_written(one.line.day, _DAY)} · {answers}" if one.line else answers


def _hidden(line: Line, form: "partial[SafeString]") -> SafeString:
    """To the writer and those who lead: the reason; to the writer: how to ask that somebody else looks."""
    post = line.post
    if post.state != Post.State.HIDDEN or not line.words:
        return NOTHING
    reason = markup("<p>{} {}</p>", _("Hidden from the group:"), why_hidden(post.reason))
    further = _further(post, form) if line.is_me else _worry()
    return markup('<div class="notice">{}<div class="col">{}{}</div></div>', icon("eye-off"), reason, further)


def _worry() -> SafeString:
    """For those who lead: hiding leads to nothing by itself, and a concern is one tap away. Nobody is named by it."""
    there = f"{address('safeguarding:raise_concern')}?kind={Kind.CONDUCT}"
    return button(_("Raise a concern about it"), href=there, kind="quiet small")


def _further(post: Post, form: "partial[SafeString]") -> SafeString:
    if post.looked_at_again:
        return markup("<p>{}</p>", _("Somebody else looked at it, and it stays hidden."))
    if getattr(post, "asked_again", False):
        return markup("<p>{}</p>", _("A coordinator looks at it within ten working days."))
    ask = _(
        "You see it differently? A coordinator who did not hide it can look. "
        "This shows them these words, and nothing else."
    )
    send = button(_("Ask that somebody else looks"), kind="quiet small")
    return markup("<p>{}</p>{}", ask, form("conversations:ask_again", post, send))


def _links(line: Line, talk: Conversation) -> SafeString:
    post, found = line.post, []
    if line.is_me and post.state == Post.State.SHOWN and not (talk.rest and talk.rest.has_begun):
        found.append(("conversations:change_post", _("Change")))
    if line.is_me and post.state != Post.State.STRUCK:
        found.append(("conversations:strike_post", _("Take back")))
    if not line.is_me and talk.leads and post.state == Post.State.SHOWN and not post.looked_at_again:
        found.append(("conversations:hide_post", _("Hide")))
    if not found:
        return NOTHING
    return markup(
        '<p class="ways">{}</p>', each('<a href="{}">{}</a>', ((address(at, post.pk), to) for at, to in found))
    )


def _idea(line: Line, talk: Conversation, form: "partial[SafeString]") -> SafeString:
    """Who asked says what they want to try; the others see it."""
    post = line.post
    if post.turn != Thread.Turn.IDEAS or post.state != Post.State.SHOWN:
        return NOTHING
    if not talk.asked or line.is_me:
        return markup("<p>{}</p>", badge(_("will be tried"), "good")) if post.picked else NOTHING
    chosen = {"name": "picked", "value": "no" if post.picked else "yes", "aria_pressed": str(post.picked).lower()}
    try_it = button(_("I want to try this"), icon="check" if post.picked else "", kind="quiet small", **chosen)
    return form("conversations:pick", post, try_it)


def _form(token: str, name: str, post: Post, send: SafeString) -> SafeString:
    return format_html(
        '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<div class="row">{}</div></form>',
        address(name, post.pk),
        token,
        send,
    )
