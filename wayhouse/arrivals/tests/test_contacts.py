from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from conftest import Acting, SignedIn
from wayhouse.arrivals import answering, writing
from wayhouse.arrivals.models import Contact
from wayhouse.arrivals.tests.conftest import WORDS, Stranger, writes
from wayhouse.people.invitations import found
from wayhouse.people.models import Person


def test_what_is_overdue_stands_first_and_says_so(
    signed_in: SignedIn, acting: Acting, ana: Person, stranger: Stranger
) -> None:
    late, answered = writes(ana.programme, words="I wait"), writes(ana.programme, words="Thank you")
    Contact.objects.filter(pk=late.contact.pk).update(due_at=timezone.now() - timedelta(hours=1))
    with acting(ana):
        answering.answer_contact(answered.contact, "Welcome.", actor=ana)
    text = signed_in(ana).get("/notes/").content.decode()
    places = [text.index(word) for word in ("I wait", "overdue since", WORDS, "(in ", "Welcome.", "answered", "yours")]
    assert places == sorted(places)
    home = signed_in(ana).get("/").content.decode()
    assert ("2 notes to answer" in home, "1 overdue" in home) == (True, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    rows: int, signed_in: SignedIn, ana: Person, django_assert_num_queries: Any
) -> None:
    for _row in range(rows):
        writes(ana.programme)
    client = signed_in(ana)
    client.get("/notes/")
    with django_assert_num_queries(6):
        client.get("/notes/")


def test_ana_answers_takes_on_hands_on_and_closes(signed_in: SignedIn, ana: Person, stranger: Stranger) -> None:
    client, page = signed_in(ana), f"/notes/{stranger.contact.pk}/"
    assert WORDS in client.get(page).content.decode()
    client.post(f"{page}take/")
    assert Contact.objects.get().taken_by == ana
    client.post(f"{page}hand-on/")
    assert Contact.objects.get().taken_by is None
    assert client.post(f"{page}hand-on/").status_code == 404
    assert client.post(f"{page}burn/").status_code == 404
    assert "Come on Tuesday." in client.post(page, {"words": "Come on Tuesday."}, follow=True).content.decode()
    client.post(f"{page}close/")
    assert stranger.contact.closed_on == timezone.localdate()


@pytest.mark.abuse(4)
def test_for_others_no_contact_exists(
    signed_in: SignedIn, cast: Any, ana: Person, bo: Person, dee: Person, stranger: Stranger
) -> None:
    _programme, token = found("Harbour (invented)", "Harbour Circle", "Ida", time_zone="Europe/Berlin")
    ida = cast.accept(token, "ida")
    page = f"/notes/{stranger.contact.pk}/"
    answers = [signed_in(person).get(page) for person in (bo, dee, ida)]
    answers.append(signed_in(ana).get(f"/notes/{uuid4()}/"))
    assert [answer.status_code for answer in answers] == [404] * 4
    assert signed_in(ida).get("/notes/").content.decode().count("/notes/") < 4
    assert signed_in(ida).post(f"{page}take/").status_code == 404
    assert stranger.contact.taken_by is None


def test_family_and_friends_have_a_list_of_their_own(signed_in: SignedIn, ana: Person, stranger: Stranger) -> None:
    near = writes(ana.programme, Contact.Kind.NEAR, "My son changed")
    client = signed_in(ana)
    first, second = (client.get(address).content.decode() for address in ("/notes/", "/notes/near/"))
    assert ("My son changed" in first, "My son changed" in second) == (False, True)
    assert (WORDS in first, WORDS in second) == (True, False)
    assert "Never say whether anybody takes part" in client.get(f"/notes/{near.contact.pk}/").content.decode()


def test_no_row_links_what_was_written_with_anybody_who_takes_part() -> None:
    """The one person that a contact names is the coordinator who took it on."""
    linked = [field.name for field in Contact._meta.get_fields() if field.related_model is Person]
    assert linked == ["taken_by"]


def test_an_answer_to_what_was_erased_meanwhile_says_not_found(
    signed_in: SignedIn, ana: Person, stranger: Stranger
) -> None:
    page = f"/notes/{stranger.contact.pk}/"
    client = signed_in(ana)
    writing.erase(stranger.opened)
    assert client.post(page, {"words": "Too late"}).status_code == 404


def test_after_new_locks_at_the_desk_open_contacts_are_still_read(
    cast: Any, signed_in: SignedIn, acting: Acting, ana: Person, stranger: Stranger
) -> None:
    from wayhouse.crypto import desks

    with acting(ana):
        desks.renew(ana.programme.desk_item, ana.programme.desk)
    ana.programme.desk.refresh_from_db()
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        writing.write_again(writing.come_back(stranger.code), "And now?", language="en")
    text = signed_in(Person.objects.get(pk=ana.pk)).get(f"/notes/{stranger.contact.pk}/").content.decode()
    assert (WORDS in text, "And now?" in text) == (True, True)


@pytest.mark.abuse(14)
def test_the_table_for_the_team_holds_no_word_and_no_formula(
    signed_in: SignedIn, ana: Person, stranger: Stranger
) -> None:
    ana.programme.name = '=HYPERLINK("x")'
    ana.programme.save(update_fields=["name"])
    answer = signed_in(ana).get("/notes/list.csv")
    text = answer.content.decode()
    assert answer["Content-Disposition"] == 'attachment; filename="list.csv"'
    head, row = text.splitlines()
    assert row.startswith(f'"\'=HYPERLINK(""x"")","{stranger.contact.sign}","first contacts","to answer","')
    assert (head.count(","), WORDS in text) == (5, False)
