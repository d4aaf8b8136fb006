"""For the copy: what somebody wrote and said yes to, what they asked for to be able to come, their safety plan."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from wayhouse.core import clock
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.sealed import open_all
from wayhouse.meetings.models import AccessTask, PollAnswer
from wayhouse.meetings.polls import Suits
from wayhouse.mentoring.exchanging import said_under_masks
from wayhouse.mentoring.models import Letter
from wayhouse.mentoring.reading import own_letters
from wayhouse.people.consents.ledger import ConsentEntry
from wayhouse.people.consents.wordings import Purpose, wording_of
from wayhouse.people.models import Person
from wayhouse.people.own_row import own_row_of
from wayhouse.people.roster.outgoing import OUTGOING, row_of
from wayhouse.safeguarding.conduct_words import OWN_DONE, RUNGS
from wayhouse.safeguarding.models import Concern, ConductStep, PlanOpening
from wayhouse.safeguarding.protocol.conduct import Deed, Rung
from wayhouse.safeguarding.safety_plan.own import plan_of
from wayhouse.safeguarding.safety_plan.parts import PARTS
from wayhouse.safeguarding.words import OPENINGS


@dataclass(frozen=True, slots=True)
class HeldConcern:
    """What one told under one's name when one was worried."""

    week: date
    words: str


@dataclass(frozen=True, slots=True)
class HeldPost:
    """What one wrote to others; None where one's own keys do not open it any more."""

    written: date
    words: str | None


@dataclass(frozen=True, slots=True)
class HeldWording:
    """What one entry of the ledger is about, in the words of its version and language."""

    on: date
    step: str
    title: str
    version: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class HeldNeed:
    """What was needed for an evening; None where one's own keys do not open it any more."""

    evening: date
    need: str | None


@dataclass(frozen=True, slots=True)
class HeldPart:
    """One part of one's own safety plan."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class HeldConduct:
    """A step about how we are together; words are None where one's own keys do not open them any more."""

    on: date
    step: str | None
    words: list[str]


def conduct_held(person: Person) -> list[HeldConduct]:
    """Everything one was told, the first first, with what was said to it; in three queries."""
    rows = list(ConductStep.objects.told_to(person).select_related("item").order_by("told_at", "pk"))
    try:
        open_all(rows)
    except CannotOpen:
        return [HeldConduct(_day(row), None, []) for row in rows]
    return [HeldConduct(_day(row), str(RUNGS[Rung(row.rung)]), _words(row)) for row in rows]


def _day(step: ConductStep) -> date:
    return timezone.localdate(step.told_at) if step.told_at else clock.today()


def _words(step: ConductStep) -> list[str]:
    said = [f"{OWN_DONE[Deed(line['what'])]}: {line['words']}" for line in step.lines]
    return [*filter(None, (step.reason, step.agreement, step.signpost)), *said]


@dataclass(frozen=True, slots=True)
class HeldPollAnswer:
    """What was said to one time, while it is not counted."""

    time: datetime
    said: str


def wordings_held(person: Person) -> list[HeldWording]:
    """Of every yes and every taking back, the first first; one query."""
    return [_wording(entry) for entry in ConsentEntry.objects.filter(person=person).order_by("pk")]


def letters_held(person: Person) -> list[HeldPost]:
    """What one wrote in threads of two, the first one first."""
    return [_letter(letter) for letter in own_letters(person).order_by("written_on", "number")]


def unnamed_held(person: Person) -> list[HeldPost]:
    """What one asked and answered without a name, as far as it lasts; only one's own keys find it."""
    return [HeldPost(day, text) for day, text in said_under_masks(person)]


def needs_held(person: Person) -> list[HeldNeed]:
    """Of every evening, in two queries."""
    tasks = AccessTask.objects.filter(person=person).select_related("item", "meeting")
    rows = list(tasks.order_by("meeting__starts_at", "pk"))
    try:
        open_all(rows)
    except CannotOpen:
        return [HeldNeed(timezone.localdate(task.meeting.starts_at), None) for task in rows]
    return [HeldNeed(timezone.localdate(task.meeting.starts_at), str(task.label)) for task in rows]


def plan_held(person: Person) -> list[HeldPart]:
    """The parts that are not empty, and who asked to open it; four queries. Error: `CannotOpen`."""
    plan = plan_of(person)
    parts = [HeldPart(str(part.title), words) for part in PARTS if plan and (words := getattr(plan, part.name))]
    rows = list(PlanOpening.objects.filter(person=person).select_related("item"))
    open_all(rows)
    asked = sorted(rows, key=lambda row: row.asked_at)
    return [*parts, *(HeldPart(str(OPENINGS["plan_asked"]), _said(row)) for row in asked)]


def _said(row: PlanOpening) -> str:
    read = ", ".join(row.read_at) or "–"
    return f"{row.asked_at} {row.asker}: {row.reason} / {row.second or '–'} {row.answered_at} / {read}"


def _letter(letter: Letter) -> HeldPost:
    try:
        return HeldPost(letter.written_on, letter.text)
    except CannotOpen:
        return HeldPost(letter.written_on, None)


def poll_answers_held(person: Person) -> list[HeldPollAnswer]:
    """Of every poll that is not counted, where one's own keys open it; in two queries."""
    rows = list(PollAnswer.objects.filter(person=person).select_related("item", "poll__item").order_by("pk"))
    try:
        open_all(rows, [row.poll for row in rows])
    except CannotOpen:
        return []
    pairs = ((time, mark) for row in rows for time, mark in zip(row.poll.options, row.marks, strict=True))
    return [HeldPollAnswer(time, str(Suits(mark).label)) for time, mark in pairs]


def _wording(entry: ConsentEntry) -> HeldWording:
    words = wording_of(Purpose(entry.purpose), entry.language, entry.version)
    step = str(ConsentEntry.Step(entry.step).label)
    return HeldWording(entry.on, step, words.title, entry.version, entry.language, words.text)


def concerns_held(person: Person) -> list[HeldConcern]:
    """What somebody told under their name when they were worried."""
    rows = list(Concern.objects.raised_by(person).filter(is_drill=False).select_related("item").order_by("week", "pk"))
    open_all(rows)
    return [HeldConcern(row.week, row.words) for row in rows]


def row_held(person: Person) -> dict[str, str] | None:
    """What the roster says of somebody, by the labels of its columns; only what is said."""
    words = own_row_of(person)
    if words is None:
        return None
    row = row_of(words)
    return {str(column.label): row[column.key] for column in OUTGOING if row[column.key]}
