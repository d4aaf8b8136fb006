"""What two people do with their words: begin, write, take back, end."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import models, transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.crypto import items, scopes
from wayhouse.crypto.models import Item
from wayhouse.mentoring import rules
from wayhouse.mentoring.models import Letter, Pair, Side
from wayhouse.mentoring.offering import Mentor, mentors_for, waits_for
from wayhouse.mentoring.settling import settle_nudges
from wayhouse.people import reach
from wayhouse.people.models import Person

SCOPE = "pair"


class NoRoom(Exception):  # noqa: N818  an answer to a person, not a fault
    """The mentor does not offer to write with one more person now, or not to this one. It is not said which."""


def begin_pair(
    mentor_id: UUID, name: str, text: str, *, quiet_weeks: int, if_missed: bool = False, actor: Person
) -> Pair:
    """A member begins to write with a mentor who offered it. A second time gives the thread that is there.

    `name`: by which the member wants to be called; the others as in `choose_nudge`. Error: `NoRoom`.
    """
    require(rules.may_look_for_mentor(actor))
    with transaction.atomic():
        # Two members at once must not take the same last place.
        Person.objects.select_for_update().filter(pk=mentor_id).first()
        there = Pair.objects.of(actor).going().filter(member=actor, mentor=mentor_id).first()
        if there is not None:
            return there
        mentor = _found(mentor_id, actor)
        pair = open_pair(actor, mentor.person, {actor.pk: name, mentor.person.pk: mentor.name})
        pair.quiet_weeks, pair.if_missed = quiet_weeks, if_missed
        pair.save(update_fields=["quiet_weeks", "if_missed"])
        _add(pair, text, actor)
        record("pair.begun", pair, actor=actor)
    return pair


def write_letter(pair: Pair, text: str, *, actor: Person, key: UUID | None = None) -> Letter:
    """Say something to the other one. The same `key` a second time gives what it gave the first time."""
    require(rules.may_write(actor, pair))
    with transaction.atomic():
        scopes.lock(pair.scope)
        known = Letter.objects.filter(pk=key, person=actor).first() if key else None
        if known is not None:
            return known
        held = Pair.objects.select_related("scope", "member", "mentor").get(pk=pair.pk)
        # Ended a moment ago by the other one.
        require(rules.may_write(actor, held))
        letter = _add(held, text, actor, key)
        record("letter.written", held, actor=actor)
    return letter


def take_back(letter: Letter, *, actor: Person) -> None:
    """Take one's own words back: they go for good, and nothing stands in their place."""
    require(rules.may_take_back(actor, letter))
    with transaction.atomic():
        _drop(Letter.objects.select_related("item").filter(pk=letter.pk, person=actor))
        record("letter.struck", letter, actor=actor)


def end_pair(pair: Pair, *, with_words: bool = False, actor: Person) -> None:
    """End a thread at once, without a reason. Either may take all their own words along, also if the other ended it."""
    with transaction.atomic():
        scopes.lock(pair.scope)
        held = Pair.objects.get(pk=pair.pk)
        require(rules.may_end(actor, held))
        if with_words:
            _drop(Letter.objects.select_related("item").filter(pair=held, person=actor))
        if held.ended_on is None:
            held.ended_on = clock.today()
            held.save(update_fields=["ended_on"])
            record("pair.ended", held, actor=actor)


def choose_nudge(pair: Pair, weeks: int, *, if_missed: bool = False, actor: Person) -> None:
    """After how many quiet weeks the mentor may be asked whether a hello would be welcome; 0 is never.

    `if_missed`: whether also after two evenings in a row that the member missed without a word.
    """
    require(rules.may_choose_nudge(actor, pair))
    with transaction.atomic():
        Pair.objects.filter(pk=pair.pk).update(quiet_weeks=weeks, if_missed=if_missed)
        if not weeks and not if_missed:
            # What the mentor was asked a moment ago is not asked any more.
            settle_nudges(pair)
        record("nudge.chosen", pair, actor=actor)


def mark_seen(side: Side, number: int) -> None:
    """Move one's own counter on. Nobody is told, and the log is not."""
    if number > side.seen:
        Side.objects.filter(pk=side.pk, seen__lt=number).update(seen=number)


def open_pair(member: Person, mentor: Person, names: dict[UUID, str]) -> Pair:
    """A new thread with keys for exactly these two. Call it in a transaction, with the log written.

    `names`: by which each is called, by their id.
    """
    scope, today = reach.keep_among(SCOPE, [member, mentor]), clock.today()
    # One that ended by itself and has no day yet must not stand in the way.
    Pair.objects.filter(member=member, mentor=mentor, ended_on=None).update(ended_on=today)
    days = {"begun_on": today, "last_on": today, "heard_on": today}
    pair = Pair.objects.create(programme_id=member.programme_id, member=member, mentor=mentor, scope=scope, **days)
    for person in (member, mentor):
        words = {"name": names[person.pk]}
        item = items.seal(scope, "side", words, subject_id=person.pk, standing=False, signed=False)
        Side.objects.create(pair=pair, person=person, item=item)
    return pair


def carry_over(pair: Pair, said: Iterable[tuple[Person, str, date]]) -> None:
    """Put into a thread what two people said before they knew each other: who, what, on which day.

    Call it in a transaction, with the keys of one of the two.
    """
    for person, text, day in said:
        # Whoever carries it over did not write all of it, so nobody signs.
        item = items.seal(pair.scope, "letter", {"text": text}, subject_id=person.pk, standing=False, signed=False)
        pair.latest += 1
        Letter.objects.create(pair=pair, person=person, item=item, number=pair.latest, written_on=day)
    pair.last_on = clock.today()
    pair.save(update_fields=["latest", "last_on"])


def _add(pair: Pair, text: str, author: Person, key: UUID | None = None) -> Letter:
    item = items.seal(pair.scope, "letter", {"text": text}, subject_id=author.pk, standing=False)
    named = {"pk": key} if key and not Letter.objects.filter(pk=key).exists() else {}
    waits = waits_for(pair, author, clock.now())
    today, number = clock.today(), pair.latest + 1
    letter = Letter.objects.create(
        pair=pair, person=author, item=item, number=number, written_on=today, waits_until=waits, **named
    )
    pair.latest, pair.last_on = number, today
    if author.pk == pair.member_id:
        pair.heard_on = today
    if waits is None:
        # Nobody needs to be asked for a hello now. A word that waits must not show by this.
        settle_nudges(pair)
    pair.save(update_fields=["latest", "last_on", "heard_on"])
    return letter


def _drop(letters: "models.QuerySet[Letter]") -> None:
    gone = [letter.item_id for letter in letters]
    letters.delete()
    Item.objects.filter(pk__in=gone).delete()


def _found(mentor_id: UUID, actor: Person) -> Mentor:
    for mentor in mentors_for(actor):
        if mentor.person.pk == mentor_id:
            return mentor
    raise NoRoom
