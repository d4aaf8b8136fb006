"""A question to the group, in turns: the group asks back, gives ideas, and is thanked (handbook F29)."""

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.conversations import rules
from wayhouse.conversations.models import Post, Thread
from wayhouse.core.gate import require
from wayhouse.crypto import scopes
from wayhouse.groups.models import Group
from wayhouse.people.models import Person

_NEXT = {Thread.Turn.CLARIFY: Thread.Turn.IDEAS, Thread.Turn.IDEAS: Thread.Turn.THANKS}


def take_next_turn(thread: Thread, group: Group, *, after: str, actor: Person) -> None:
    """Go on from a turn to the next one. A second tap changes nothing."""
    with transaction.atomic():
        scopes.lock(thread.scope)
        held = Thread.objects.select_related("first").get(pk=thread.pk)
        if held.turn != after:
            return
        require(rules.may_take_next_turn(actor, held, group))
        held.turn = _NEXT[Thread.Turn(held.turn)]
        held.save(update_fields=["turn"])
        record("turn.taken", held, actor=actor)


def pick(post: Post, group: Group, *, picked: bool, actor: Person) -> None:
    """Say that one wants to try an idea, or not after all."""
    require(rules.may_pick(actor, post, group))
    with transaction.atomic():
        Post.objects.filter(pk=post.pk).update(picked=picked)
        record("idea.picked", post, actor=actor)
