"""An exchange as one of its two masks reads it, and what the acting person said under masks at all."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from wayhouse.core.prepared import prepared
from wayhouse.core.together import together
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.sealed import open_all
from wayhouse.mentoring.asked import Card, Question, Saying
from wayhouse.mentoring.masks import Mask, Seat, mask_of_asker, own_exchanges, own_questions
from wayhouse.people.models import Person


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The question, what was said to it, and whether the reader would open their name. Not whether the other would."""

    seat: Seat
    question: Question
    lines: list[Saying]
    opens_name: bool

    @property
    def last(self) -> Saying | None:
        """What was said last."""
        return self.lines[-1] if self.lines else None


def exchange_of(seat: Seat) -> Exchanged:
    """Everything that the reader may read of an exchange, opened."""
    return exchanges_of([seat])[0]


def exchanges_of(seats: list[Seat]) -> list[Exchanged]:
    """The same of several: in one query, and one or two for keys."""
    if not seats:
        return []
    said, cards = _said(exchanges=tuple(seat.exchange.pk for seat in seats))
    lines: dict[UUID, list[Saying]] = defaultdict(list)
    for line in sorted(said, key=lambda line: line.number):
        lines[line.exchange_id].append(line)
    open_all([seat.exchange.question for seat in seats if not seat.as_asker])
    with use(_worn([(seat.keyring.holder_id, seat.mask) for seat in seats])):
        open_all([seat.exchange.question for seat in seats if seat.as_asker], said)
    would = set(cards)
    return [
        Exchanged(seat, seat.exchange.question, lines[seat.exchange.pk], (seat.exchange.pk, seat.as_asker) in would)
        for seat in seats
    ]


def words_of(seat: Seat) -> list[tuple[bool, str, date]]:
    """The question and all that was said, in order: whether the asker said it, the words, the day."""
    told = exchange_of(seat)
    said = [(line.from_asker, line.text, line.said_on) for line in told.lines]
    return [(True, told.question.text, told.question.asked_on), *said]


def open_own(questions: list[Question]) -> None:
    """Open questions that the acting person asked themselves."""
    if questions:
        with use(_worn([(question.holder_id, mask_of_asker(question.pk)) for question in questions])):
            open_all(questions)


def said_under_masks(person: Person) -> list[tuple[date, str]]:
    """Every word that the acting person wrote without a name and that lasts, for their own copy: the day, the words."""
    questions = own_questions(person)
    open_own(questions)
    told = exchanges_of(own_exchanges(person))
    own = [(line.said_on, line.text) for one in told for line in one.lines if line.from_asker == one.seat.as_asker]
    return sorted([*((question.asked_on, question.text) for question in questions), *own])


def _worn(masks: list[tuple[UUID, Mask]]) -> Keyring:
    """Opens what any of these masks of the acting person may read, by holder; keys are looked up once."""
    (first, mask), *others = masks
    keyring = mask.keyring(first)
    for holder_id, other in others:
        keyring.add_desk(holder_id, other.secret)
    return keyring


@prepared
def _sayings(exchanges: tuple[UUID, ...]) -> QuerySet[Saying]:
    return Saying.objects.filter(exchange__in=exchanges).select_related("item")


@prepared
def _cards(exchanges: tuple[UUID, ...]) -> "QuerySet[Card, tuple[UUID, bool]]":
    return Card.objects.filter(exchange__in=exchanges).values_list("exchange", "from_asker")


_said = together(_sayings, _cards)
