"""An exchange as one of its two masks reads it, and what the acting person said under masks at all."""

from dataclasses import dataclass
from datetime import date

from wayhouse.crypto.keyring import use
from wayhouse.crypto.sealed import open_all
from wayhouse.mentoring.asked import Card, Question, Saying
from wayhouse.mentoring.masks import Seat, mask_of_asker, own_exchanges, own_questions
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
    lines = list(seat.exchange.sayings.select_related("item").order_by("number"))
    _open_question(seat.exchange.question, as_asker=seat.as_asker)
    with use(seat.keyring):
        open_all(lines)
    mine = Card.objects.filter(exchange=seat.exchange, from_asker=seat.as_asker)
    return Exchanged(seat, seat.exchange.question, lines, mine.exists())


def words_of(seat: Seat) -> list[tuple[bool, str, date]]:
    """The question and all that was said, in order: whether the asker said it, the words, the day."""
    told = exchange_of(seat)
    said = [(line.from_asker, line.text, line.said_on) for line in told.lines]
    return [(True, told.question.text, told.question.asked_on), *said]


def open_own(questions: list[Question]) -> None:
    """Open questions that the acting person asked themselves."""
    for question in questions:
        _open_question(question, as_asker=True)


def said_under_masks(person: Person) -> list[tuple[date, str]]:
    """Every word that the acting person wrote without a name and that lasts, for their own copy: the day, the words."""
    questions = own_questions(person)
    open_own(questions)
    told = [exchange_of(seat) for seat in own_exchanges(person)]
    own = [(line.said_on, line.text) for one in told for line in one.lines if line.from_asker == one.seat.as_asker]
    return sorted([*((question.asked_on, question.text) for question in questions), *own])


def _open_question(question: Question, *, as_asker: bool) -> None:
    """The asker opens it with their mask, a mentor with their own keys."""
    if not as_asker:
        open_all([question])
        return
    with use(mask_of_asker(question.pk).keyring(question.holder_id)):
        open_all([question])
