"""Questions without a name: who reads them, what no row tells, and names that open to both at once or to nobody."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from conftest import Acting, Cast, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.models import Item, Scope
from wayhouse.groups.models import Group
from wayhouse.mentoring import asking, masks
from wayhouse.mentoring.asked import ASKED_FOR, Card, Exchange, Question, Saying
from wayhouse.mentoring.exchanging import exchange_of, said_under_masks
from wayhouse.mentoring.models import Letter, Pair
from wayhouse.mentoring.offering import keep_hours
from wayhouse.mentoring.parting import drop_old_questions
from wayhouse.mentoring.telling import tell_questions
from wayhouse.mentoring.tests.conftest import EVENINGS
from wayhouse.notices.models import Notice
from wayhouse.people import actions as people
from wayhouse.people.models import Person, Role

TUESDAY = datetime(2030, 7, 2, 16, 30, tzinfo=UTC)
QUESTION = "How did you tell your mother?"


def seat(exchange: Exchange, person: Person) -> masks.Seat:
    found = masks.seat_in(exchange.pk, person)
    assert found is not None
    return found


@pytest.fixture
def question(acting: Acting, mentored: Group, cass: Person) -> Question:
    with acting(cass):
        return asking.ask_question(QUESTION, actor=cass)


@pytest.fixture
def exchange(acting: Acting, question: Question, max: Person) -> Exchange:
    with acting(max):
        return asking.answer_question(question, "Late, and by letter.", actor=max)


@pytest.mark.abuse(4)
def test_mentors_who_answer_read_it_and_nobody_learns_who_asked_or_answered(
    cast: Cast, signed_in: SignedIn, acting: Acting, mentored: Group, request: Any
) -> None:
    ana, bo, cass, dee, max_ = (request.getfixturevalue(who) for who in ("ana", "bo", "cass", "dee", "max"))
    mia = cast.enter("mia", Role.Kind.MENTOR, ana)
    keep_hours(EVENINGS, takes=0, answers=False, actor=mia)
    before, key = AuditLeaf.objects.count(), uuid4()
    mine = signed_in(cass)
    for _again in range(2):
        there = mine.post(reverse("mentoring:ask"), {"text": QUESTION, "key": key})["Location"]
    (question,) = Question.objects.all()
    listed, reply = reverse("mentoring:questions"), reverse("mentoring:answer", args=[question.pk])
    assert QUESTION in signed_in(max_).get(listed).content.decode()
    # Mia has office hours and said that she answers no questions; the others are no mentors.
    assert QUESTION not in signed_in(mia).get(listed).content.decode()
    assert [signed_in(who).get(listed).status_code for who in (ana, bo, cass, dee)] == [404] * 4
    talk = signed_in(max_).post(reply, {"text": "By letter.", "key": uuid4()})["Location"]
    for page in (mine.get(there), mine.get(talk)):
        assert ("Max" in (text := page.content.decode()), QUESTION in text, "By letter." in text) == (False, True, True)
    read = signed_in(max_).get(talk).content.decode()
    assert ("Cass" in read, QUESTION in read) == (False, True)
    assert {signed_in(who).get(place).status_code for who in (ana, dee, mia) for place in (there, talk)} == {404}
    assert signed_in(max_).get(there).status_code == 404
    assert (AuditLeaf.objects.count(), _named_in_rows(cass, max_)) == (before, set())
    with acting(ana), pytest.raises(CannotOpen):
        assert Question.objects.select_related("item").get().text


def _named_in_rows(*those: Person) -> set[str]:
    """Kinds of rows about a question and its answers that name one of these people, or an account of theirs."""
    ids = {pk for who in those for pk in (who.pk, who.user_id, who.user and who.user.holder_id)}
    scopes = list(Scope.objects.filter(kind__in=("question", "exchange")))
    rows: list[Any] = [row for model in (Question, Exchange, Saying, Card) for row in model.objects.all()]
    rows += Item.objects.filter(scope__in=scopes)
    between = [scope for scope in scopes if scope.kind == "exchange"]
    assert [scope.belongings.count() for scope in between] == [0]
    rows += [row for scope in between for row in (*scope.memberships.all(), *scope.envelopes.all())]
    return {type(row).__name__ for row in rows for value in vars(row).values() if value in ids}


def test_names_open_to_both_at_once_and_what_was_said_becomes_a_thread_of_two(
    signed_in: SignedIn, acting: Acting, cass: Person, max: Person, exchange: Exchange
) -> None:
    page, naming = (reverse(f"mentoring:{name}", args=[exchange.pk]) for name in ("exchange", "open_name"))
    asks, answers = signed_in(cass), signed_in(max)
    unsaid = _main(answers.get(page))
    for name in ("Cassie", "Cass again"):
        assert asks.post(naming, {"name": name})["Location"] == page
    # Whether the other one said yes shows nowhere.
    assert _main(answers.get(page)) == unsaid
    asks.post(naming, {"keep": "yes"})
    assert answers.post(naming, {"name": "Max"})["Location"] == page
    assert (Pair.objects.count(), Card.objects.count()) == (0, 1)
    with acting(cass):
        asking.say(seat(exchange, cass), "Thank you.", actor=cass)
    there = asks.post(naming, {"name": "Cassie"})["Location"]
    assert there == reverse("mentoring:thread", args=[Pair.objects.get().pk])
    # Pressed twice: the exchange is gone, and its thread stands in the list.
    assert asks.post(naming, {"name": "Cassie"}).status_code == 404
    for client, name in ((asks, "Max"), (answers, "Cassie")):
        text = client.get(there).content.decode()
        assert [said in text for said in (name, QUESTION, "Late, and by letter.", "Thank you.")] == [True] * 4
    assert {letter.item.subject_id for letter in Letter.objects.select_related("item")} == {cass.pk, max.pk}
    assert [Exchange.objects.count(), Saying.objects.count(), Card.objects.count()] == [0, 0, 0]
    assert not Scope.objects.filter(kind="exchange").exists()


def test_a_yes_of_somebody_on_a_break_opens_nothing_until_they_are_back(
    acting: Acting, cass: Person, max: Person, exchange: Exchange
) -> None:
    with acting(cass):
        assert asking.open_name(seat(exchange, cass), "Cassie", actor=cass) is None
        people.pause(cass, actor=cass)
        with pytest.raises(PermissionDenied):
            asking.say(seat(exchange, cass), "Hm.", actor=cass)
    with acting(max):
        assert asking.open_name(seat(exchange, max), "Max", actor=max) is None
    people.come_back(cass, actor=cass)
    with acting(cass):
        pair = asking.say(seat(exchange, cass), "I was away.", actor=cass)
    assert pair == Pair.objects.get()


def test_ending_taking_back_and_leaving(
    acting: Acting, cass: Person, max: Person, question: Question, exchange: Exchange
) -> None:
    with acting(cass):
        # What the other one wrote is theirs.
        assert [text for _day, text in said_under_masks(cass)] == [QUESTION]
        asking.close_exchange(seat(exchange, cass))
        assert exchange_of(seat(exchange, cass)).lines == []
    with acting(max):
        again = asking.answer_question(question, "And then?", actor=max)
        assert (again.pk, Saying.objects.count()) == (exchange.pk, 0)
    with acting(cass):
        others = [asking.ask_question(f"Number {number}?", actor=cass) for number in (2, 3)]
        with pytest.raises(asking.Enough):
            asking.ask_question("Number 4?", actor=cass)
        asking.take_back_question(others[0])
        assert sorted(text for _day, text in said_under_masks(cass)) == [QUESTION, "Number 3?"]
    with acting(max), pytest.raises(PermissionDenied):
        asking.take_back_question(others[1])
    with acting(cass):
        asking.take_all_back(cass)
    assert (Question.objects.count(), Exchange.objects.count()) == (0, 0)


def test_a_role_that_ends_takes_the_keys_and_every_question_ends_by_the_clock(
    acting: Acting, ana: Person, max: Person, question: Question
) -> None:
    people.end_role(max.roles.get(kind=Role.Kind.MENTOR), actor=ana)
    with acting(max), pytest.raises(CannotOpen):
        assert Question.objects.select_related("item").get().text
    now = datetime.now(UTC)
    with time_machine.travel(now + ASKED_FOR - timedelta(days=1), tick=False):
        assert drop_old_questions() == 0
    with time_machine.travel(now + ASKED_FOR, tick=False):
        assert drop_old_questions() == 1
    assert not Scope.objects.filter(kind="question").exists()


def test_mentors_are_told_on_a_later_day_and_nobody_is_told_of_answers(
    cast: Cast, acting: Acting, ana: Person, cass: Person, max: Person, mentored: Group
) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        with acting(cass):
            question = asking.ask_question(QUESTION, actor=cass)
        with acting(max):
            asking.answer_question(question, "By letter.", actor=max)
        assert tell_questions() == 0
    with time_machine.travel(TUESDAY + timedelta(days=1), tick=False):
        assert tell_questions() == 0
    with time_machine.travel(TUESDAY + timedelta(days=7), tick=False):
        assert [tell_questions(), tell_questions()] == [1, 0]
    assert set(Notice.objects.values_list("person_id", flat=True)) == {max.pk}
    # Whoever both asks and answers is among those who can read it, as for every other question.
    people.give_role(max, Role.Kind.MEMBER, actor=ana)
    both = Person.objects.get(pk=max.pk)
    with acting(both):
        with pytest.raises(asking.NobodyAnswers):
            asking.ask_question("Who else?", actor=both)
        mia = cast.enter("mia", Role.Kind.MENTOR, ana)
        keep_hours(EVENINGS, takes=0, answers=True, actor=mia)
        own = asking.ask_question("Who else?", actor=both)
        assert set(own.scope.belongings.values_list("person_id", flat=True)) == {max.pk, mia.pk}
        assert own not in masks.questions_for(both)


def _main(page: Any) -> str:
    """What a page says, without what is new in each."""
    text: str = page.content.decode().split("<main")[1].split("</main")[0]
    return re.sub(r'value="[^"]+"', "", text)
