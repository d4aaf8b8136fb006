"""What people do with their words: begin a thread, answer, change, take back."""

from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.conversations import rules
from wayhouse.conversations.models import Circle, Post, Seen, Thread
from wayhouse.conversations.moderating import drop_appeal
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.crypto import items, scopes
from wayhouse.crypto.models import Scope
from wayhouse.groups.models import Group
from wayhouse.people import reach
from wayhouse.people.models import Person

SCOPE = "circle"


class Overtaken(Exception):  # noqa: N818  an answer to a person, not a fault
    """The words were changed elsewhere since they were read; nothing was changed now."""


def begin_thread(group: Group, text: str, *, kind: Thread.Kind, actor: Person, key: UUID | None = None) -> Thread:
    """Begin something in the group's own space. The same `key` a second time gives what it gave the first time."""
    require(rules.may_write(actor, group))
    with transaction.atomic():
        circle = circle_of(group)
        locked = scopes.lock(circle.scope)
        known = _known(key, actor)
        if known is not None:
            return known.thread
        turn = Thread.Turn.CLARIFY if kind == Thread.Kind.PROBLEM else ""
        thread = Thread.objects.create(scope=locked, kind=kind, turn=turn, since_epoch=locked.epoch)
        thread.first = _write(thread, text, actor, key, turn="")
        thread.save(update_fields=["first"])
        record("thread.begun", thread, actor=actor)
    return thread


def answer(thread: Thread, group: Group, text: str, *, actor: Person, key: UUID | None = None) -> Post:
    """Say something to a thread. The same `key` a second time gives what it gave the first time."""
    require(rules.may_write(actor, group) and thread.scope_id == group.circle.scope_id)
    with transaction.atomic():
        scopes.lock(group.circle.scope)
        known = _known(key, actor)
        if known is not None:
            return known
        held = Thread.objects.get(pk=thread.pk)
        post = _write(held, text, actor, key, turn=held.turn)
        record("post.written", held, actor=actor)
    return post


def change_post(post: Post, group: Group, text: str, *, revision: int, actor: Person) -> None:
    """Put other words in place of one's own. Error: `Overtaken` where they were changed elsewhere meanwhile."""
    with transaction.atomic():
        held = _held(post)
        require(rules.may_change_post(actor, held, group))
        if held.revision != revision:
            raise Overtaken
        held.rewrite(text=text)
        held.revision += 1
        # Somebody looked at the words that stood there before, not at these.
        held.looked_at_again = False
        held.save(update_fields=["revision", "looked_at_again"])
        record("post.changed", held, actor=actor)


def strike_post(post: Post, group: Group, *, actor: Person) -> None:
    """Take one's own words back: nobody reads them any more, and nobody asks why.

    Whoever takes a break or sits there no more needs no key for it; then nothing stays to say that they were there.
    """
    with transaction.atomic():
        held = _held(post)
        require(rules.may_strike_post(actor, held, group))
        drop_appeal(held)
        if rules.may_enter(actor, group):
            held.rewrite(text="", reason="")
            held.state, held.picked = Post.State.STRUCK, False
            held.save(update_fields=["state", "picked"])
        else:
            Post.objects.filter(pk=post.pk).delete()
            held.item.delete()
        record("post.struck", held, actor=actor)


def mark_seen(scope: Scope, number: int, *, before: int | None, actor: Person) -> None:
    """Move one's own counter on from `before`, None where there is none. Nobody is told, and the log is not."""
    if before is None:
        Seen.objects.bulk_create([Seen(person=actor, scope=scope, number=number)], ignore_conflicts=True)
    elif number > before:
        Seen.objects.filter(person=actor, scope=scope, number__lt=number).update(number=number)


def set_quiet_hours(group: Group, hours: tuple[int, int] | None, *, actor: Person) -> None:
    """From which hour to which nobody is told anything, or None: writing is possible at any hour."""
    require(rules.may_set_quiet_hours(actor, group))
    with transaction.atomic():
        circle = circle_of(group)
        circle.quiet_from, circle.quiet_until = hours or (None, None)
        circle.save(update_fields=["quiet_from", "quiet_until"])
        record("quiet_hours.set", group, actor=actor)


def circle_of(group: Group) -> Circle:
    """The space of a group, opened by whoever needs it first. Call it in a transaction."""
    found = Circle.objects.select_related("scope").filter(group=group).first()
    if found is not None:
        return found
    scopes.lock(group.scope)
    meanwhile = Circle.objects.select_related("scope").filter(group=group).first()
    return meanwhile or Circle.objects.create(group=group, scope=reach.follow(group.scope, SCOPE))


def _known(key: UUID | None, actor: Person) -> Post | None:
    """What this key gave before: a form sent twice writes once."""
    return Post.objects.select_related("thread").filter(pk=key, person=actor).first() if key else None


def _write(thread: Thread, text: str, actor: Person, key: UUID | None, *, turn: str) -> Post:
    # Not standing: a newcomer reads nothing of what was written before, and nobody's key is needed to let them in.
    item = items.seal(thread.scope, "post", {"text": text}, subject_id=actor.pk, standing=False)
    named = {"pk": key} if key and not Post.objects.filter(pk=key).exists() else {}
    words = {"thread": thread, "person": actor, "number": item.seq + 1, "written_on": clock.today(), "turn": turn}
    post = Post.objects.create(item=item, **words, **named)
    thread.latest = post.number
    thread.save(update_fields=["latest"])
    return post


def _held(post: Post) -> Post:
    """The post as it stands now, with its scope locked, so that nobody else changes it meanwhile."""
    scopes.lock(post.item.scope)
    return Post.objects.select_related("item", "thread").get(pk=post.pk)
