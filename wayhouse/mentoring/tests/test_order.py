"""Answered and taken back at the same moment, on a database that holds single rows: one waits, and neither breaks."""

from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from conftest import Acting
from wayhouse.crypto import slots
from wayhouse.mentoring import asking
from wayhouse.mentoring.asked import Question
from wayhouse.mentoring.offering import keep_hours
from wayhouse.mentoring.tests.conftest import EVENINGS
from wayhouse.people.models import Person


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_an_answer_and_taking_back_at_once_hold_things_in_one_order(
    acting: Acting, cass: Person, max: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_hours(EVENINGS, takes=1, answers=True, actor=max)
    with acting(cass):
        question = asking.ask_question("How was it?", actor=cass)
    wrong, new_holder = list[Exception](), slots.new_holder

    def take_back() -> None:
        try:
            with transaction.atomic():
                asking.drop_question(question.pk)
        except Exception as error:  # noqa: BLE001  that there is none is what is asked for
            wrong.append(error)
        finally:
            connection.close()

    other = Thread(target=take_back)

    def in_the_middle(*words: Any) -> Any:
        """The answer holds the scope and has no row yet, when the other one begins and comes as far as it can."""
        other.start()
        ours = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        with connection.cursor() as cursor:
            waiting = 0
            while not waiting and other.is_alive():
                waiting = cursor.execute(ours).rowcount
        return new_holder(*words)

    monkeypatch.setattr(slots, "new_holder", in_the_middle)
    with acting(max):
        asking.answer_question(question, "Slow.", actor=max)
    other.join(timeout=30)
    assert (wrong, Question.objects.count()) == ([], 0)
