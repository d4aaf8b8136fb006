"""Hidden words: by whom, for which reasons, what their writer sees, and who looks once more."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.audit.models import AuditDetail
from wayhouse.conversations import moderating
from wayhouse.conversations.models import Appeal, Post, Thread
from wayhouse.conversations.tests.conftest import Answer, Begin
from wayhouse.crypto.models import Item
from wayhouse.groups.models import Group
from wayhouse.people.models import Person

WORDS = "He lives in the yellow house."
APPEALS = reverse("conversations:appeals")


def address(name: str, thing: Any) -> str:
    return reverse(f"conversations:{name}", args=[thing.pk])


@pytest.fixture
def hidden(signed_in: SignedIn, bo: Person, cass: Person, begin: Begin) -> Thread:
    """Cass named somebody, and Bo hid it."""
    thread = begin(cass, WORDS)
    there = address("hide_post", thread.first)
    client = signed_in(bo)
    assert (client.post(there, {}).status_code, Post.objects.get().state) == (200, "shown")
    assert client.post(there, {"reason": "because"}).status_code == 200
    assert client.post(there, {"reason": "names"}).status_code == 302
    return thread


def test_the_group_reads_it_no_more_and_the_writer_reads_why(
    signed_in: SignedIn, bo: Person, cass: Person, eli: Person, hidden: Thread, begin: Begin, answer: Answer
) -> None:
    mine = signed_in(cass).get(address("thread", hidden)).content.decode()
    assert (WORDS in mine, "It names somebody" in mine, "Ask that somebody else looks" in mine) == (True, True, True)
    assert "Raise a concern about it" not in mine
    lead = signed_in(bo)
    shown = lead.get(address("thread", hidden)).content.decode()
    there = f"{reverse('safeguarding:raise_concern')}?kind=k5"
    assert (WORDS in shown, f'href="{there}"' in shown) == (True, True)
    assert '<option value="k5" selected>' in lead.get(there).content.decode()
    # Somebody who is there from the beginning sees that it is hidden, and neither words nor reason.
    later = begin(cass, WORDS)
    with_bo = signed_in(bo)
    with_bo.post(address("hide_post", later.first), {"reason": "names"})
    page = signed_in(eli).get(address("thread", later)).content.decode()
    assert (WORDS in page, "It names" in page, "Hidden by those who lead." in page) == (False, False, True)


def test_the_log_does_not_say_for_which_reason(hidden: Thread) -> None:
    assert AuditDetail.objects.get(leaf__kind="post.hidden").detail == "{}"


def test_only_who_leads_the_group_hides_and_only_words_of_others(
    signed_in: SignedIn, acting: Acting, bo: Person, cass: Person, eli: Person, dee: Person, begin: Begin
) -> None:
    post, own = begin(cass, "Fine words.").first, begin(bo, "My own.").first
    statuses = [signed_in(who).get(address("hide_post", post)).status_code for who in (cass, eli, dee)]
    assert statuses == [403, 403, 404]
    assert signed_in(bo).get(address("hide_post", own)).status_code == 403
    with acting(cass), pytest.raises(PermissionDenied):
        moderating.hide_post(own, Group.objects.get(), Post.Reason.SHAMES, actor=cass)


def test_somebody_else_looks_and_sees_these_words_alone(
    signed_in: SignedIn, ana: Person, bo: Person, cass: Person, dee: Person, hidden: Thread, begin: Begin
) -> None:
    begin(cass, "Something else of mine.")
    assert WORDS not in signed_in(ana).get(APPEALS).content.decode()
    for who in (bo, dee):
        assert signed_in(who).post(address("ask_again", hidden.first)).status_code in {403, 404}
    for _time in range(2):
        assert signed_in(cass).post(address("ask_again", hidden.first)).status_code == 302
    appeal = Appeal.objects.get()
    desk = signed_in(ana)
    page = desk.get(APPEALS).content.decode()
    assert (WORDS in page, "Something else" in page, "Cass" in page) == (True, False, False)
    assert [signed_in(who).get(APPEALS).status_code for who in (bo, cass)] == [404, 404]
    assert signed_in(cass).post(address("decide_again", appeal), {"show": "yes"}).status_code == 404
    assert desk.post(address("decide_again", appeal), {"show": "yes"}).status_code == 302
    assert WORDS in signed_in(bo).get(address("thread", hidden)).content.decode()
    # The copy is gone, and the same words cannot be hidden a second time.
    assert Item.objects.filter(kind="appeal").count() == 0
    assert signed_in(bo).get(address("hide_post", hidden.first)).status_code == 403


def test_what_stays_hidden_cannot_be_asked_for_again(
    signed_in: SignedIn, ana: Person, cass: Person, hidden: Thread
) -> None:
    client = signed_in(cass)
    client.post(address("ask_again", hidden.first))
    # What began a thread is no exception: nobody is offered to ask twice.
    page = client.get(address("thread", hidden)).content.decode()
    assert ("looks at it within" in page, "Ask that somebody else looks" in page) == (True, False)
    signed_in(ana).post(address("decide_again", Appeal.objects.get()), {"show": "no"})
    page = client.get(address("thread", hidden)).content.decode()
    assert "it stays hidden" in page
    assert client.post(address("ask_again", hidden.first)).status_code == 403


def test_who_hid_it_does_not_decide_even_as_a_coordinator(
    signed_in: SignedIn, acting: Acting, ana: Person, cass: Person, hidden: Thread
) -> None:
    signed_in(cass).post(address("ask_again", hidden.first))
    Post.objects.update(hidden_by=ana)
    client = signed_in(ana)
    assert WORDS not in client.get(APPEALS).content.decode()
    appeal = Appeal.objects.select_related("post__item__scope").get()
    assert client.post(address("decide_again", appeal), {"show": "no"}).status_code == 404
    with acting(ana), pytest.raises(PermissionDenied):
        moderating.decide_again(appeal, Group.objects.get(), show=False, actor=ana)


def test_words_taken_back_are_no_longer_shown_to_a_coordinator(
    signed_in: SignedIn, ana: Person, cass: Person, hidden: Thread
) -> None:
    client = signed_in(cass)
    client.post(address("ask_again", hidden.first))
    assert client.post(address("strike_post", hidden.first)).status_code == 302
    assert (Appeal.objects.count(), Item.objects.filter(kind="appeal").count()) == (0, 0)


def test_other_words_in_their_place_can_be_hidden_again(
    signed_in: SignedIn, ana: Person, bo: Person, cass: Person, hidden: Thread
) -> None:
    client = signed_in(cass)
    client.post(address("ask_again", hidden.first))
    signed_in(ana).post(address("decide_again", Appeal.objects.get()), {"show": "yes"})
    client.post(address("change_post", hidden.first), {"text": "And his name is Joe.", "revision": "1"})
    there = address("hide_post", hidden.first)
    assert signed_in(bo).post(there, {"reason": "names"}).status_code == 302
    assert (Post.objects.get().state, client.post(address("ask_again", hidden.first)).status_code) == ("hidden", 302)


def test_who_decides_second_overturns_nothing_and_brings_nothing_back(
    signed_in: SignedIn, acting: Acting, ana: Person, cass: Person, hidden: Thread
) -> None:
    client = signed_in(cass)
    client.post(address("ask_again", hidden.first))
    # Read by two at the same time: one of them, or the writer, is first.
    appeal = Appeal.objects.select_related("post__item__scope").get()
    client.post(address("strike_post", hidden.first))
    with acting(ana), pytest.raises(PermissionDenied):
        moderating.decide_again(appeal, Group.objects.get(), show=True, actor=ana)
    assert Post.objects.get().state == Post.State.STRUCK
