"""Asking a group which time suits: asked, answered, taken back, counted once. Moving the evening stays what it was."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto import items, scopes
from wayhouse.crypto.models import Item
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Seat
from wayhouse.groups.refusals import Outdated
from wayhouse.meetings import rules
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.polls import FEWEST, POLLS_KEPT, Poll, PollAnswer, Suits
from wayhouse.people.models import Person

KIND, ANSWER = "poll", "poll-answer"


def ask_poll(meeting: Meeting, others: Sequence[datetime], closes_at: datetime, *, actor: Person) -> Poll:
    """Ask which time suits, the one that stands or one of these others. Error: `Outdated` where it is asked already."""
    require(rules.may_ask_poll(actor, meeting, others, closes_at))
    group = meeting.group
    with transaction.atomic():
        scopes.lock(group.scope)
        held = Meeting.objects.select_related("group").get(pk=meeting.pk)
        if Poll.objects.filter(meeting=held).exists() or held.starts_at != meeting.starts_at:
            raise Outdated
        times = [held.starts_at, *sorted(others)]
        # About nobody, and standing: whoever joins before it closes is asked, too.
        item = items.seal(group.scope, KIND, {"times": [time.isoformat() for time in times]})
        poll = Poll.objects.create(item=item, meeting=held, closes_at=closes_at)
        record("poll.asked", held, actor=actor)
    return poll


def answer_poll(poll: Poll, marks: Sequence[Suits], *, actor: Person) -> None:
    """Say what suits; a second answer replaces the first. Error: `Outdated` where it was taken back or is closed."""
    with transaction.atomic():
        held = _held(poll)
        require(rules.may_answer_poll(actor, held) and len(marks) == len(held.times))
        words = {"marks": [Suits(mark).value for mark in marks]}
        found = PollAnswer.objects.select_related("item").filter(poll=held, person=actor).first()
        if found is None:
            item = items.seal(held.meeting.group.scope, ANSWER, words, subject_id=actor.pk)
            PollAnswer.objects.create(item=item, poll=held, person=actor)
        else:
            found.rewrite(**words)
        # Not what was said: that goes into counts.
        record("poll.answered", held.meeting, actor=actor)


def withdraw_poll(poll: Poll, *, actor: Person) -> None:
    """Ask no more; every answer goes. After it has closed it stands. Error: `Outdated`."""
    with transaction.atomic():
        held = _held(poll)
        require(rules.may_withdraw_poll(actor, held))
        _drop([held])
        record("poll.withdrawn", held.meeting, actor=actor)


def count_poll(poll: Poll) -> Poll:
    """The poll as it is read now. Once it is closed, whoever comes by first counts it, and the answers go.

    Only those count who sit there and take part at that moment; what is counted never changes.
    """
    if poll.counted or poll.is_open:
        return poll
    with transaction.atomic():
        held = _held(poll, closed=True)
        if held.counted:
            return held
        answers = list(PollAnswer.objects.filter(poll=held).select_related("item"))
        open_all(answers)
        seats = Seat.objects.current().members().filter(group=held.meeting.group_id)
        here = set(seats.filter(person__status=Person.Status.ACTIVE).values_list("person_id", flat=True))
        words = {"times": held.times, "counts": _counts(held, [row for row in answers if row.person_id in here])}
        _drop_answers([row.pk for row in answers])
        before = held.item
        # Anew and not signed: a row that was written again would name who came by first.
        held.item = items.seal(held.meeting.group.scope, KIND, words, signed=False)
        held.counted = True
        held.save(update_fields=["item", "counted"])
        before.delete()
        record("poll.counted", held.meeting)
    return held


def old_polls(now: datetime) -> QuerySet[Poll]:
    """Polls of evenings that are over for long at a moment."""
    return Poll.objects.filter(meeting__ends_at__lte=now - POLLS_KEPT)


def drop_old_polls() -> int:
    """Delete them; needs nobody's key. How many there were."""
    with transaction.atomic():
        old = list(old_polls(timezone.now()))
        _drop(old)
    return len(old)


def _counts(poll: Poll, answers: Sequence[PollAnswer]) -> list[list[int]]:
    if len(answers) < FEWEST:
        return []
    told = (Suits.YES, Suits.IF_NEED_BE)
    return [[sum(row.marks[place] == mark for row in answers) for mark in told] for place in range(len(poll.times))]


def _held(poll: Poll, *, closed: bool = False) -> Poll:
    """The poll as it stands, with the scope of its group locked, so that nobody answers while it is counted."""
    scopes.lock(poll.item.scope)
    held = Poll.objects.select_related("item", "meeting__group__scope").filter(pk=poll.pk).first()
    if held is None or held.is_open == closed:
        raise Outdated
    return held


def _drop(polls: Sequence[Poll]) -> None:
    _drop_answers(list(PollAnswer.objects.filter(poll__in=polls).values_list("pk", flat=True)))
    sealed = [poll.item_id for poll in polls]
    Poll.objects.filter(pk__in=[poll.pk for poll in polls]).delete()
    Item.objects.filter(pk__in=sealed).delete()


def _drop_answers(answers: Sequence[int]) -> None:
    sealed = list(PollAnswer.objects.filter(pk__in=answers).values_list("item_id", flat=True))
    PollAnswer.objects.filter(pk__in=answers).delete()
    Item.objects.filter(pk__in=sealed).delete()
