"""Asking those who have been there, answering, and opening names: for both at once, or for nobody.

Nothing of this is written to the log, which tells the order of things: whoever reads it must not find out beside whose
sign-in a question stands. The thread of two that can come of it is.

Whoever writes holds scopes first, in one order: those of questions, then those of exchanges, each by their id; then
rows, which the database holds by itself when another row points to them; and the log last.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.crypto import items, scopes, shred, slots
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.courier import salts_of
from wayhouse.crypto.keyring import Locked, use
from wayhouse.crypto.models import Item, Scope, Shred
from wayhouse.crypto.sealed import open_all
from wayhouse.mentoring import masks, rules, writing
from wayhouse.mentoring.asked import MOST_QUESTIONS, Card, Exchange, Question, Saying
from wayhouse.mentoring.exchanging import words_of
from wayhouse.mentoring.masks import Seat
from wayhouse.mentoring.models import OfficeHours, Pair
from wayhouse.people import reach
from wayhouse.people.models import Person, Programme, Role

_SIDES = (True, False)
QUESTION, EXCHANGE, HOLDER = "question", "exchange", "mask"


class NobodyAnswers(Exception):  # noqa: N818  an answer to a person, not a fault
    """No mentor answers questions now."""


class Gone(Exception):  # noqa: N818  an answer as well
    """The exchange or the question is not there any more: taken back, over, or a thread of two by now."""


class Enough(Exception):  # noqa: N818  an answer as well
    """Somebody asks as many questions side by side as they may."""


def ask_question(text: str, *, actor: Person, key: UUID | None = None) -> Question:
    """Put a question to the mentors who answer some, without a name. The same `key` a second time asks nothing new.

    Errors: `NobodyAnswers`, `Enough`.
    """
    require(rules.may_ask(actor))
    with transaction.atomic():
        # One at a time, so that somebody does not ask more than they may. A lock leaves its transaction's number in a
        # row: on the asker's own it would stand beside the question, on the programme's it tells of nobody.
        Programme.objects.select_for_update(no_key=True).get(pk=actor.programme_id)
        mine = masks.own_questions(actor)
        known = next((question for question in mine if question.pk == key), None)
        if known is not None:
            return known
        if len(mine) >= MOST_QUESTIONS:
            raise Enough
        mentors = mentors_who_answer(actor)
        if not any(mentor.pk != actor.pk for mentor in mentors):
            raise NobodyAnswers
        taken = key is None or Question.objects.filter(pk=key).exists()
        return _ask(uuid4() if taken else key, text, mentors, actor)


def take_back_question(question: Question) -> None:
    """One's own question goes, and everything that was said to it, at once and for good."""
    require(question.tag == masks.mask_of_asker(question.pk).tag)
    with transaction.atomic():
        drop_question(question.pk)


def answer_question(question: Question, text: str, *, actor: Person, key: UUID | None = None) -> Exchange:
    """Say something to whoever asked, without a name. A second time it goes on from there; the same `key` says it once.

    Error: `Gone`.
    """
    mask = masks.mask_of_mentor(question.pk)
    require(rules.may_answer(actor) and question in masks.questions_for(actor))
    with transaction.atomic():
        _hold(question.scope)
        found = Exchange.objects.filter(question=question, tag=mask.tag).first()
        if found is None:
            holder, _secret = slots.new_holder(HOLDER, mask.secret)
            scope = scopes.create_scope(EXCHANGE, [question.holder, holder])
            found = Exchange.objects.create(question=question, scope=scope, holder=holder, tag=mask.tag)
        # Both may say something to it at this moment.
        _hold(found.scope)
        found = Exchange.objects.select_related("question", "scope", "holder").get(pk=found.pk)
        if not found.closed:
            _say(Seat(found, as_asker=False, mask=mask), text, key)
    return found


def say(seat: Seat, text: str, *, actor: Person, key: UUID | None = None) -> Pair | None:
    """Go on, as who one is in an exchange. The same `key` a second time says nothing new.

    The thread of two, where both had said yes and one of them was on a break then; None otherwise. Error: `Gone`.
    """
    require(rules.may_say(actor, as_asker=seat.as_asker))
    with transaction.atomic():
        _hold(seat.exchange.scope)
        require(not Exchange.objects.get(pk=seat.exchange.pk).closed)
        _say(seat, text, key)
        return _meet(seat, actor)


def close_exchange(seat: Seat) -> None:
    """End it, from either side, without a reason: what was said goes, and nothing more can be said."""
    with transaction.atomic():
        _hold(seat.exchange.scope)
        Exchange.objects.filter(pk=seat.exchange.pk).update(closed=True)
        _drop_words(seat.exchange)


def open_name(seat: Seat, name: str, *, actor: Person) -> Pair | None:
    """Say that the other one may learn one's name if one may learn theirs: the thread of two, once both said so.

    None until then. Neither learns before that what the other one said, and whoever never says it has said nothing.
    """
    require(rules.may_open_name(actor, as_asker=seat.as_asker))
    with transaction.atomic():
        _hold(seat.exchange.scope)
        require(not Exchange.objects.get(pk=seat.exchange.pk).closed)
        _drop_cards(seat.exchange, from_asker=seat.as_asker)
        with use(seat.keyring):
            words = {"name": name, "person": str(actor.pk)}
            item = items.seal(seat.exchange.scope, "card", words, standing=False, signed=False)
        Card.objects.create(exchange=seat.exchange, from_asker=seat.as_asker, item=item)
        return _meet(seat, actor)


def keep_name(seat: Seat) -> None:
    """Not after all: the name stays closed, and nobody learns that it was to open."""
    with transaction.atomic():
        _hold(seat.exchange.scope)
        _drop_cards(seat.exchange, from_asker=seat.as_asker)


def take_all_back(person: Person) -> None:
    """Whoever leaves takes their questions and answers along, as far as their keys are at hand.

    Call it in the transaction of leaving. Without the keys nobody can find them; they end by the clock.
    """
    with suppress(Locked):
        seats, questions = masks.own_exchanges(person), masks.own_questions(person)
        _hold_all([question.pk for question in questions], [seat.exchange.pk for seat in seats])
        for seat in seats:
            with suppress(Gone):
                close_exchange(seat)
        for question in questions:
            drop_question(question.pk)


def mentors_who_answer(asker: Person) -> list[Person]:
    """Mentors of the programme who answer questions and are not on a break: the asker as well, if they are one.

    Whoever was missing among those who can read it would be the one who asked.
    """
    here = OfficeHours.objects.filter(person__programme=asker.programme_id, person__status=Person.Status.ACTIVE)
    mentors = here.filter(person__in=Person.objects.with_role(Role.Kind.MENTOR))
    found = list(mentors.select_related("person").order_by("pk"))
    salts = salts_of(hours.person_id for hours in found)
    return [hours.person for hours in found if _answers(hours, salts)]


def drop_question(question_id: UUID) -> bool:
    """Erase a question with everything that was said to it, and their keys. Call it in a transaction."""
    _hold_all([question_id])
    question = Question.objects.select_related("scope", "holder").filter(pk=question_id).first()
    if question is None:
        return False
    for exchange in Exchange.objects.filter(question=question):
        _drop_exchange(exchange)
    scope, holder = question.scope, question.holder
    question.delete()
    _drop_scope(scope)
    holder.delete()
    return True


def _ask(question_id: UUID | None, text: str, mentors: list[Person], actor: Person) -> Question:
    assert question_id is not None  # noqa: S101  for the reader of types
    mask = masks.mask_of_asker(question_id)
    holder, _secret = slots.new_holder(HOLDER, mask.secret)
    scope = reach.keep_among(QUESTION, mentors, holder)
    with use(mask.keyring(holder.pk)):
        item = items.seal(scope, "question", {"text": text}, standing=False, signed=False)
    days = {"asked_on": clock.today()}
    return Question.objects.create(
        pk=question_id, programme_id=actor.programme_id, scope=scope, holder=holder, tag=mask.tag, item=item, **days
    )


def _say(seat: Seat, text: str, key: UUID | None = None) -> None:
    exchange = seat.exchange
    if key is not None and Saying.objects.filter(pk=key).exists():
        return
    with use(seat.keyring):
        item = items.seal(exchange.scope, "saying", {"text": text}, standing=False, signed=False)
    last = exchange.sayings.order_by("number").values_list("number", flat=True).last() or 0
    words = {"number": last + 1, "from_asker": seat.as_asker, "said_on": clock.today()}
    Saying.objects.create(pk=key or uuid4(), exchange=exchange, item=item, **words)


def _meet(seat: Seat, actor: Person) -> Pair | None:
    """The thread of the two, if both cards are there and both people still are."""
    if seat.exchange.cards.count() < len(_SIDES):
        return None
    with use(seat.keyring):
        cards = {card.from_asker: card for card in seat.exchange.cards.select_related("item")}
        open_all(cards.values())
    member, mentor = (Person.objects.filter(pk=cards[side].person).first() for side in _SIDES)
    if member is None or mentor is None or not rules.may_ask(member) or not rules.may_answer(mentor):
        return None
    pair = _thread_of(member, mentor)
    if pair is None and not rules.has_room(mentor):
        # It looks like silence, and may come later. No lock on the mentor: it would leave its mark in their row.
        return None
    names = {member.pk: cards[True].name, mentor.pk: cards[False].name}
    pair = pair or writing.open_pair(member, mentor, names)
    said = [(member if from_asker else mentor, text, day) for from_asker, text, day in words_of(seat)]
    writing.carry_over(pair, said)
    record("pair.begun", pair, actor=actor)
    _drop_exchange(seat.exchange)
    return pair


def _thread_of(member: Person, mentor: Person) -> Pair | None:
    """The thread of the two that goes on, held, with its numbers as they are now."""
    there = Pair.objects.going().filter(member=member, mentor=mentor).select_related("scope").first()
    if there is None:
        return None
    scopes.lock(there.scope)
    return Pair.objects.going().filter(pk=there.pk).first()


def _hold_all(questions: Sequence[UUID], exchanges: Sequence[UUID] = ()) -> None:
    """Hold the scopes of questions, and then of all that was said to them and of these exchanges.

    Whoever held the row of a question first would wait for its scope, and whoever answers, and holds the scope, for the
    row, to which an answer points.
    """
    asked = Scope.objects.filter(question__in=questions).order_by("pk")
    list(asked.select_for_update(of=("self",)).values_list("pk", flat=True))
    # Nobody begins another exchange from here on.
    said = Scope.objects.filter(Q(exchange__question__in=questions) | Q(exchange__in=exchanges)).order_by("pk")
    list(said.select_for_update(of=("self",)).values_list("pk", flat=True))


def _hold(scope: Scope) -> None:
    try:
        scopes.lock(scope)
    except Scope.DoesNotExist:
        raise Gone from None


def _answers(hours: OfficeHours, salts: Mapping[UUID, Shred]) -> bool:
    with suppress(CannotOpen):
        return hours.offer(salts).answers
    return False


def _drop_cards(exchange: Exchange, *, from_asker: bool) -> None:
    for card in Card.objects.filter(exchange=exchange, from_asker=from_asker):
        card.delete()
        Item.objects.filter(pk=card.item_id).delete()


def _drop_words(exchange: Exchange) -> None:
    Card.objects.filter(exchange=exchange).delete()
    Saying.objects.filter(exchange=exchange).delete()
    Item.objects.filter(scope=exchange.scope_id).delete()


def _drop_exchange(exchange: Exchange) -> None:
    scope, holder = exchange.scope, exchange.holder
    _drop_words(exchange)
    exchange.delete()
    _drop_scope(scope)
    holder.delete()


def _drop_scope(scope: Scope) -> None:
    # As an entry of the ledger it is carried out again after a restore.
    shred.shred(scope.pk)
    Item.objects.filter(scope=scope).delete()
    scopes.drop(scope)
