"""Whose a question or an answer is: found out by one's own key alone, each time anew, and written down nowhere."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from wayhouse.core import clock
from wayhouse.crypto.keyring import Keyring, present
from wayhouse.mentoring.asked import Exchange, Question
from wayhouse.mentoring.rules import may_answer
from wayhouse.people.models import Person

_ASKED, _ANSWERED = "asked", "answered"


@dataclass(frozen=True, slots=True)
class Mask:
    """One side of a question, as only its own person can put it on: a tag and a secret key."""

    tag: str
    secret: bytes

    def keyring(self, holder_id: UUID) -> Keyring:
        """Opens what this mask may read, and nothing else."""
        return Keyring(holder_id, self.secret)


@dataclass(frozen=True, slots=True)
class Seat:
    """An exchange, and as which of its two sides the reader is in it."""

    exchange: Exchange
    as_asker: bool
    mask: Mask

    @property
    def keyring(self) -> Keyring:
        """Opens what the two said to each other."""
        holder = self.exchange.question.holder_id if self.as_asker else self.exchange.holder_id
        return self.mask.keyring(holder)


def mask_of_asker(question_id: UUID) -> Mask:
    """The acting person's own mask for a question, if they were to ask it."""
    return Mask(*present().mask(_ASKED, question_id.bytes))


def mask_of_mentor(question_id: UUID) -> Mask:
    """The acting person's own mask for a question, if they were to answer it."""
    return Mask(*present().mask(_ANSWERED, question_id.bytes))


def own_questions(person: Person) -> list[Question]:
    """What the acting person asked, the latest first."""
    return [question for question in _lasting(person) if question.tag == mask_of_asker(question.pk).tag]


def own_question(person: Person, question_id: UUID) -> Question | None:
    """One of them; None for what somebody else asked."""
    found = _lasting(person).filter(pk=question_id).first()
    return found if found and found.tag == mask_of_asker(found.pk).tag else None


def questions_for(mentor: Person) -> list[Question]:
    """Questions that were put to this mentor, without their own; `exchanges` holds what they answered themselves."""
    if not may_answer(mentor):
        return []
    found = _lasting(mentor).filter(pk__in=Question.objects.put_to(mentor).values("pk"))
    return [question for question in found if question.tag != mask_of_asker(question.pk).tag]


def seat_in(exchange_id: UUID, person: Person) -> Seat | None:
    """As whom the acting person is in an exchange; also on a break. None where they are not in it."""
    found = _exchanges(person).filter(pk=exchange_id).first()
    return _seat(found) if found else None


def own_exchanges(person: Person) -> list[Seat]:
    """Every exchange in which the acting person is, on either side."""
    return [seat for seat in map(_seat, _exchanges(person)) if seat is not None]


def _seat(exchange: Exchange) -> Seat | None:
    asker, mentor = mask_of_asker(exchange.question_id), mask_of_mentor(exchange.question_id)
    if exchange.question.tag == asker.tag:
        return Seat(exchange, as_asker=True, mask=asker)
    return Seat(exchange, as_asker=False, mask=mentor) if exchange.tag == mentor.tag else None


def _exchanges(person: Person) -> QuerySet[Exchange]:
    lasting = Question.objects.lasting(person.programme_id, clock.today()).values("pk")
    return Exchange.objects.filter(question__in=lasting).select_related("question__item", "question__scope", "scope")


def _lasting(person: Person) -> QuerySet[Question]:
    lasting = Question.objects.lasting(person.programme_id, clock.today()).select_related("item", "scope")
    answers = Prefetch("exchanges", Exchange.objects.order_by("pk"))
    return lasting.prefetch_related(answers).order_by("-asked_on", "pk")
