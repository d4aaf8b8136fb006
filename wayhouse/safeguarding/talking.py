"""What the raiser and those who answer say to each other, and how somebody without a name comes back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.crypto import items, scopes
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.sealed import open_all
from wayhouse.people.models import Person
from wayhouse.safeguarding import calling, rules
from wayhouse.safeguarding.models import Concern, Message
from wayhouse.safeguarding.posts import to_call
from wayhouse.safeguarding.raising import LONGEST, hash_of, secret_of
from wayhouse.safeguarding.refusals import NoSuchReceipt

MESSAGE = "message"
# What became of the aftercare that was offered.
HAD, NOT_WANTED = "had", "not_wanted"


def write_message(concern: Concern, words: str, *, actor: Person) -> Message:
    """Say something to the other side: whoever raised it, or those who answer."""
    require(rules.may_write_to(actor, concern))
    with transaction.atomic():
        by_raiser = not rules.may_answer(actor, concern)
        message = _say(concern, words, by_raiser=by_raiser)
        record("message.written", concern, actor=actor)
    return message


def tick_aftercare(concern: Concern, *, took_place: bool, actor: Person) -> None:
    """Whoever raised it says whether the talk that was offered took place, or was not wanted; not a word about it.

    Ticked again, it counts as ticked last.
    """
    require(rules.may_tick_aftercare(actor, concern))
    with transaction.atomic():
        said = {"at": clock.now().isoformat(timespec="seconds"), "by_raiser": True}
        said["aftercare"] = HAD if took_place else NOT_WANTED
        Message.objects.create(item=items.seal(concern.own_scope, MESSAGE, said), concern=concern)
        record("aftercare.ticked", concern, actor=actor)


def write_unnamed(code: str, words: str) -> None:
    """The same with the code, without a name. Error: `NoSuchReceipt`."""
    with with_receipt(code) as concern, transaction.atomic():
        _say(concern, words, by_raiser=True)
        record("message.written", concern)


@contextmanager
def with_receipt(code: str) -> Iterator[Concern]:
    """Within this block the raiser's own part of a concern opens with its code. Error: `NoSuchReceipt`."""
    found = Concern.objects.filter(receipt_hash=hash_of(code)).select_related("item", "own_scope", "programme")
    concern = found.first()
    if concern is None or concern.receipt_id is None:
        raise NoSuchReceipt
    with use(Keyring(concern.receipt_id, secret_of(code))):
        yield concern


def let_go(person: Person) -> None:
    """Somebody leaves: what they raised stays with those who answer, and opens for the person no more."""
    if person.user is None:
        return
    with transaction.atomic():
        for concern in Concern.objects.raised_by(person).select_related("own_scope"):
            scopes.dismiss(concern.own_scope, person.user.holder)


def said_in(concern: Concern, rows: list[Message] | None = None) -> tuple[list[tuple[str, bool]], str]:
    """What was said, each with whether the raiser said it; and what the raiser last ticked about aftercare, or "".

    `rows`: the messages, where they were fetched with the concern.
    """
    if rows is None:
        rows = list(concern.messages.select_related("item").order_by("item__seq"))
    open_all(rows)
    ticks = [row.aftercare for row in rows if row.aftercare]
    return [(row.words, row.by_raiser) for row in rows if not row.aftercare], ticks[-1] if ticks else ""


def _say(concern: Concern, words: str, *, by_raiser: bool) -> Message:
    said = {"words": words.strip()[:LONGEST], "at": clock.now().isoformat(timespec="seconds"), "by_raiser": by_raiser}
    item = items.seal(concern.own_scope, MESSAGE, said)
    message = Message.objects.create(item=item, concern=concern)
    if by_raiser and not concern.is_over:
        calling.tell(concern, message.pk, to_call(concern))
    return message
