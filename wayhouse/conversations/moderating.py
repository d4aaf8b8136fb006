"""Hiding words for a fixed reason, and somebody else looking at it. Nothing looks through words by itself."""

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.conversations import rules
from wayhouse.conversations.models import Appeal, Post
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.crypto import items, scopes
from wayhouse.groups.models import Group
from wayhouse.people.models import Person


def hide_post(post: Post, group: Group, reason: Post.Reason, *, actor: Person) -> None:
    """Hide words from the group. The writer reads the reason, and can ask that somebody else looks.

    The reason is sealed along with the words. Error: `CannotOpen` for who came later than they did.
    """
    with transaction.atomic():
        held = _held(post)
        require(rules.may_hide_post(actor, held, group))
        held.rewrite(reason=reason.value)
        held.state, held.hidden_by = Post.State.HIDDEN, actor
        held.save(update_fields=["state", "hidden_by"])
        # Not for which reason: the log outlives the words, and their writer is known.
        record("post.hidden", held, actor=actor)


def ask_again(post: Post, group: Group, *, actor: Person) -> None:
    """Ask that somebody else looks at one's hidden words, and show them, and nothing else, to the coordinators."""
    with transaction.atomic():
        # The group before its space, the order in which the space is opened.
        scopes.lock(group.scope)
        held = _held(post)
        require(rules.may_ask_again(actor, held, group))
        if Appeal.objects.filter(post=held).exists():
            return
        words = {"text": held.text, "reason": held.reason}
        item = items.seal(group.scope, "appeal", words, subject_id=actor.pk, standing=False)
        Appeal.objects.create(item=item, post=held, asked_on=clock.today())
        record("appeal.asked", held, actor=actor)


def decide_again(appeal: Appeal, group: Group, *, show: bool, actor: Person) -> None:
    """Show hidden words again or keep them hidden. Either way it is over, and the copy of the words goes."""
    with transaction.atomic():
        held = _held(appeal.post)
        # Somebody else may have decided meanwhile, or the words were taken back: then there is nothing to decide.
        asked = Appeal.objects.select_related("post").filter(pk=appeal.pk).first()
        require(asked is not None and rules.may_decide_again(actor, asked, group))
        drop_appeal(held)
        held.looked_at_again = True
        if show:
            held.state, held.hidden_by = Post.State.SHOWN, None
        held.save(update_fields=["state", "hidden_by", "looked_at_again"])
        record("appeal.decided", held, actor=actor, shown=show)


def drop_appeal(post: Post) -> None:
    """The copy of the words that the coordinators could read goes."""
    for appeal in Appeal.objects.filter(post=post).select_related("item"):
        appeal.delete()
        appeal.item.delete()


def _held(post: Post) -> Post:
    """The post as it stands now, with its scope locked, so that nobody else changes it meanwhile."""
    scopes.lock(post.item.scope)
    return Post.objects.select_related("item", "thread__first").get(pk=post.pk)
