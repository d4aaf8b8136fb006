import html
import re
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.test import Client

from conftest import Acting, Cast, SignedIn
from wayhouse.arrivals import answering, writing
from wayhouse.arrivals.models import Contact
from wayhouse.arrivals.tests.conftest import WORDS, Stranger, writes
from wayhouse.crypto import passphrase
from wayhouse.people.models import Person, Programme

NIGHT = "It is late and I want out."


@pytest.fixture(autouse=True)
def _fresh_counters() -> None:
    cache.clear()


def shown_code(page: Any) -> str:
    found = re.search(r'class="secret">([^<]+)<', page.content.decode())
    assert found is not None
    return html.unescape(found[1])


def sends(client: Client, address: str = "/hello/", words: str = NIGHT) -> str:
    """Write and type the code back; the code."""
    shown = client.post(address, {"words": words}, follow=True)
    code = shown_code(shown)
    assert (
        client.post("/hello/words/", {"code": f" {code.upper()} "}, follow=True).redirect_chain[-1][0]
        == "/hello/notes/"
    )
    return code


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("address", ["/hello/", "/hello/near/", "/hello/back/"])
def test_the_pages_are_there_for_everybody_in_every_language(programme: Programme, address: str, language: str) -> None:
    page = Client(headers={"accept-language": language}).get(address)
    text = page.content.decode()
    assert (page.status_code, page["Content-Language"]) == (200, language)
    # Help and the way out stand before everything else, and no cookie but that of the form is set.
    assert -1 < text.index("data-leave") < text.index('class="help a-help"') < text.index('<form class="form"')
    assert set(page.cookies) == {"form"} or set(page.cookies) == {"__Host-form"}


def test_night_search_to_answer(programme: Programme, acting: Acting, ana: Person) -> None:
    phone = Client()
    code = sends(phone)
    phone.post("/leave/")
    contact = Contact.objects.get()
    with acting(ana):
        answering.answer_contact(contact, "Come <b>on Tuesday</b>.", actor=ana)
    library = Client()
    page = library.post("/hello/back/", {"code": code}, follow=True).content.decode()
    assert (NIGHT in page, "Come &lt;b&gt;on Tuesday&lt;/b&gt;." in page) == (True, True)
    assert NIGHT not in phone.get("/hello/notes/", follow=True).content.decode()


def test_the_code_is_shown_until_it_was_typed_back_and_never_again(programme: Programme) -> None:
    client = Client()
    code = shown_code(client.post("/hello/", {"words": NIGHT}, follow=True))
    slip = client.post("/hello/words/", {"code": "not these words"})
    assert (shown_code(slip), Contact.objects.sent().count()) == (code, 0)
    assert client.get("/hello/notes/")["Location"] == "/hello/words/"
    client.post("/hello/words/", {"code": code})
    assert client.get("/hello/words/")["Location"] == "/hello/notes/"
    assert code not in client.get("/hello/notes/").content.decode()


@pytest.mark.abuse(3)
def test_wrong_erased_and_overdue_codes_are_answered_alike(
    programme: Programme, django_assert_num_queries: Any
) -> None:
    erased, old = writes(programme), writes(programme)
    writing.erase(erased.opened)
    Contact.objects.filter(pk=old.contact.pk).update(last_on="2020-01-01")
    answers = []
    for code in ("these words are not right at all", erased.code, old.code):
        with (
            patch.object(passphrase, "_argon2id", wraps=passphrase._argon2id) as stretched,
            django_assert_num_queries(1),
        ):
            page = Client().post("/hello/back/", {"code": code})
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "", page.content.decode())
        answers.append((page.status_code, stretched.call_count, text.replace(html.escape(code), "CODE")))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][:2] == (200, 1)


@pytest.mark.abuse(21)
def test_many_tries_from_a_network_wait_and_another_network_goes_on(stranger: Stranger) -> None:
    def tries(address: str, code: str) -> int:
        return Client(REMOTE_ADDR=address).post("/hello/back/", {"code": code}).status_code

    assert [tries("203.0.113.7", "wrong words") for _try in range(11)] == [200] * 10 + [429]
    assert tries("203.0.113.7", stranger.code) == 429
    assert tries("198.51.100.9", stranger.code) == 302


def test_a_code_that_is_too_long_once_it_is_spelled_out_opens_nothing(programme: Programme) -> None:
    page = Client().post("/hello/back/", {"code": "\ufdfa" * 200})
    assert (page.status_code, "These words open nothing" in page.content.decode()) == (200, True)


def test_what_was_typed_stays_where_it_has_to_wait(programme: Programme) -> None:
    with patch.object(passphrase, "stretch", side_effect=passphrase.Busy):
        page = Client().post("/hello/", {"words": NIGHT})
    assert (page.status_code, NIGHT in page.content.decode(), Contact.objects.count()) == (503, True, 0)
    answers = [Client().post("/hello/", {"words": NIGHT}) for _try in range(7)]
    assert (answers[-1].status_code, NIGHT in answers[-1].content.decode()) == (429, True)


def test_words_typed_into_a_page_that_went_to_sleep_are_sent_with_the_code(stranger: Stranger) -> None:
    client = Client()
    asked = client.post("/hello/notes/", {"words": "Long and late"})
    assert 'name="words" value="Long and late"' in asked.content.decode()
    page = client.post("/hello/back/", {"code": stranger.code, "words": "Long and late"}, follow=True)
    assert (WORDS in page.content.decode(), "Long and late" in page.content.decode()) == (True, True)


def test_words_that_cannot_be_sent_are_shown_again_whole(stranger: Stranger) -> None:
    for number in range(9):
        writing.write_again(stranger.opened, str(number), language="en")
    for words in ("Long and late", "x" * 4000 + "end"):
        client = Client()
        assert words in client.post("/hello/notes/", {"words": words}).content.decode()
        page = client.post("/hello/back/", {"code": stranger.code, "words": words}, follow=True).content.decode()
        assert (words in page, "Please wait for an answer" in page) == (True, True)
    assert stranger.contact.notes.count() == 10


def test_the_writer_writes_again_and_ends_it(programme: Programme) -> None:
    client = Client()
    code = sends(client)
    assert "Are you there?" in client.post("/hello/notes/", {"words": "Are you there?"}, follow=True).content.decode()
    assert Contact.objects.count() == 1
    assert client.get("/hello/end/").status_code == 200
    assert client.post("/hello/end/").status_code == 200
    assert Contact.objects.count() == 0
    assert client.get("/hello/notes/")["Location"] == "/hello/back/"
    assert client.post("/hello/back/", {"code": code}).status_code == 200


def test_an_account_and_a_note_without_a_name_never_meet(cast: Cast, signed_in: SignedIn, cass: Person) -> None:
    here = signed_in(cass)
    for address in ("/hello/", "/hello/near/", "/hello/back/", "/hello/notes/", "/hello/words/", "/hello/end/"):
        assert "Sign out first" in here.get(address).content.decode()
    here.post("/hello/", {"words": NIGHT})
    assert Contact.objects.count() == 0
    visitor = Client()
    sends(visitor)
    visitor.post("/account/login/", {"login": "cass", "password": "six plain words for a test"})
    session = visitor.session
    assert ("_auth_user_id" in session, "contact" in session) == (True, False)


def test_a_house_with_several_programmes_asks_for_whom(programme: Programme) -> None:
    from wayhouse.people.invitations import found

    other, _token = found("Harbour (invented)", "Harbour Circle", "Ida", time_zone="Europe/Berlin")
    client = Client()
    assert "Harbour Circle" in client.get("/hello/").content.decode()
    assert client.post("/hello/", {"words": NIGHT}).status_code == 200
    client.post("/hello/", {"words": NIGHT, "to": str(other.pk)})
    assert Contact.objects.get().programme == other


def test_a_house_without_a_programme_promises_nothing(db: None) -> None:
    page = Client().get("/hello/").content.decode()
    assert ("Nobody answers here yet" in page, "<textarea" in page) == (True, False)
