"""A group's own space: who reads it, from when on, and what it tells of whom."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.conversations import ground_rules, writing
from wayhouse.conversations.counting import news
from wayhouse.conversations.models import Circle, Post, Seen, Thread
from wayhouse.conversations.tests.conftest import Answer, Begin
from wayhouse.core import clock
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.models import Envelope, Item
from wayhouse.groups.actions import leave_group
from wayhouse.groups.ending import end_seats_of_leads
from wayhouse.groups.models import Group, Seat
from wayhouse.groups.resting import REST_AFTER, Rest, rest_of
from wayhouse.people import actions as people
from wayhouse.people.models import Belonging, Person

QUERIES = 8


def space(group: Group) -> str:
    return reverse("conversations:circle", args=[group.pk])


def unread_of(person: Person) -> int:
    """As the first screen counts it: nobody's key is at hand."""
    assert person.user is not None
    row: Any = Person.objects.filter(pk=person.pk).annotate(**news(person.pk, person.user.holder_id, ())).get()
    return int(row.new)


def at(thread: Thread) -> str:
    return reverse("conversations:thread", args=[thread.pk])


def test_what_one_writes_the_group_reads_and_nobody_else(
    signed_in: SignedIn, ana: Person, bo: Person, cass: Person, dee: Person, tuesday: Group, begin: Begin
) -> None:
    assert "Nothing here yet" in signed_in(bo).get(space(tuesday)).content.decode()
    thread = begin(cass, "The week was long.")
    for person, name in ((bo, "Cass"), (cass, "You")):
        page = signed_in(person).get(space(tuesday)).content.decode()
        assert ("The week was long." in page, name in page) == (True, True)
        assert "The week was long." in signed_in(person).get(at(thread)).content.decode()
    for person in (ana, dee):
        client = signed_in(person)
        assert [client.get(there).status_code for there in (space(tuesday), at(thread))] == [404, 404]
        assert client.post(at(thread), {"text": "I", "key": thread.pk}).status_code == 404


def test_coordinators_hold_no_key_to_it(acting: Acting, ana: Person, cass: Person, begin: Begin) -> None:
    post = begin(cass, "Only among us.").first
    with acting(ana), pytest.raises(CannotOpen):
        assert Post.objects.select_related("item").get(pk=post.pk).text
    with acting(cass):
        assert Post.objects.select_related("item").get(pk=post.pk).text == "Only among us."


def test_who_comes_later_reads_nothing_of_before(
    signed_in: SignedIn, acting: Acting, cass: Person, begin: Begin, answer: Answer, tuesday: Group, request: Any
) -> None:
    old = begin(cass, "Before.")
    eli = request.getfixturevalue("eli")
    answer(cass, old, "Still among those who were there.")
    with acting(cass):
        writing.change_post(old.first, Group.objects.get(pk=tuesday.pk), "Before, changed.", revision=1, actor=cass)
    new = begin(cass, "After.")
    client = signed_in(eli)
    page = client.get(space(tuesday)).content.decode()
    assert ("Before" in page, "After." in page) == (False, True)
    assert [client.get(at(thread)).status_code for thread in (old, new)] == [404, 200]
    assert signed_in(cass).get(at(old)).content.decode().count("Still among") == 1


@pytest.mark.abuse(29)
def test_who_left_has_no_key_left_and_the_space_is_gone(
    signed_in: SignedIn, acting: Acting, cass: Person, bo: Person, eli: Person, tuesday: Group, begin: Begin
) -> None:
    thread = begin(cass, "Before you went.")
    seat = Seat.objects.get(person=eli)
    leave_group(seat, actor=eli)
    begin(cass, "After you went.")
    scope = Circle.objects.get().scope
    assert eli.user is not None
    assert not Envelope.objects.filter(scope=scope, holder=eli.user.holder_id).exists()
    client = signed_in(eli)
    assert [client.get(there).status_code for there in (space(tuesday), at(thread))] == [404, 404]
    with acting(eli), pytest.raises(PermissionDenied):
        writing.begin_thread(tuesday, "One more.", kind=Thread.Kind.TALK, actor=eli)


def test_a_break_closes_the_space_and_coming_back_opens_it(
    signed_in: SignedIn, cass: Person, bo: Person, tuesday: Group, begin: Begin
) -> None:
    thread = begin(bo, "See you.")
    people.pause(cass, actor=cass)
    client = signed_in(cass)
    assert "You are taking a break" in client.get(space(tuesday)).content.decode()
    assert (client.get(at(thread)).status_code, "Our space" in client.get("/").content.decode()) == (404, False)
    begin(bo, "While you were away.")
    people.come_back(cass, actor=cass)
    page = client.get(space(tuesday)).content.decode()
    assert ("While you were away." in page, "See you." in page) == (True, True)


def test_counters_are_plain_numbers_and_only_ones_own(
    signed_in: SignedIn, cass: Person, bo: Person, tuesday: Group, begin: Begin, answer: Answer
) -> None:
    thread = begin(bo, "One.")
    answer(bo, thread, "Two.")
    begin(cass, "Mine.")
    assert (unread_of(cass), unread_of(bo)) == (2, 1)
    assert "2 new" in signed_in(cass).get("/").content.decode()
    page = signed_in(cass).get(space(tuesday)).content.decode()
    assert ("2 new" in page, "1 new" in page) == (True, False)
    assert (unread_of(cass), unread_of(bo)) == (0, 1)
    answer(bo, thread, "Three.")
    assert unread_of(cass) == 1
    signed_in(cass).get(space(tuesday))
    assert unread_of(cass) == 0
    # To others it makes no difference who has read what.
    before = signed_in(bo).get(at(thread)).content
    Seen.objects.all().delete()
    assert len(signed_in(bo).get(at(thread)).content) == len(before)


def test_a_form_sent_twice_writes_once(signed_in: SignedIn, cass: Person, tuesday: Group, begin: Begin) -> None:
    client = signed_in(cass)
    there = reverse("conversations:begin_thread", args=[tuesday.pk])
    words = {"kind": "talk", "text": "Once.", "key": "6f0f1c1e-8a53-4a44-9a3a-52b4a3f0d6ae"}
    assert [client.post(there, words)["Location"] for _time in range(2)] == [at(Thread.objects.get())] * 2
    said = {"text": "Twice?", "key": "6f0f1c1e-8a53-4a44-9a3a-52b4a3f0d6af"}
    assert [client.post(at(Thread.objects.get()), said).status_code for _time in range(2)] == [302, 302]
    assert Post.objects.count() == 2


def _opens_again_with(lead: Person, group: Group) -> None:
    Seat.objects.filter(person=lead).update(until_on=None)
    Belonging.objects.create(person=lead, scope=group.scope)
    assert rest_of(group) is None
    Person.objects.filter(pk=lead.pk).update(status=Person.Status.AWAY, status_on=clock.today())
    assert rest_of(group) == Rest(clock.today() + REST_AFTER)


def _writes_nothing(acting: Acting, person: Person, thread: Thread, group: Group) -> None:
    with acting(person):
        with pytest.raises(PermissionDenied):
            writing.begin_thread(group, "One more.", kind=Thread.Kind.TALK, actor=person)
        with pytest.raises(PermissionDenied):
            writing.answer(thread, group, "One more.", actor=person)
        with pytest.raises(PermissionDenied):
            ground_rules.propose_rules(group, ["One more."], actor=person)


def test_where_nobody_leads_the_space_rests_until_somebody_does(
    signed_in: SignedIn,
    acting: Acting,
    cass: Person,
    bo: Person,
    tuesday: Group,
    begin: Begin,
    django_assert_max_num_queries: Any,
) -> None:
    thread = begin(cass, "Before the end.")
    start = clock.now()
    assert "Nobody leads" not in signed_in(cass).get(space(tuesday)).content.decode()
    end_seats_of_leads(tuesday)
    new, words = reverse("conversations:begin_thread", args=[tuesday.pk]), {"kind": "talk", "text": "Typed long."}
    with time_machine.travel(start + REST_AFTER - timedelta(days=1), tick=False):
        client = signed_in(cass)
        page = client.get(space(tuesday)).content.decode()
        assert ("Nobody leads now" in page, "Write something" in page) == (True, True)
        begin(cass, "Still open.")
    with time_machine.travel(start + REST_AFTER, tick=False):
        client = signed_in(cass)
        for there in (space(tuesday), at(thread)):
            with django_assert_max_num_queries(QUERIES):
                page = client.get(there).content.decode()
            assert ("This space rests" in page, "Before the end." in page, "<textarea" in page) == (True, True, False)
            assert ("Write something" in page, ">Change<" in page) == (False, False)
        for there in (new, at(thread)):
            said = client.post(there, {**words, "key": thread.pk})
            shown = said.content.decode()
            assert (said.status_code, "Typed long." in shown, "were not sent" in shown) == (409, True, True)
        change = reverse("conversations:change_post", args=[thread.first.pk])
        propose = reverse("conversations:propose_rules", args=[tuesday.pk])
        assert [client.post(there, {"lines": "New."}).status_code for there in (change, propose)] == [403, 403]
        rules = client.get(reverse("conversations:ground_rules", args=[tuesday.pk])).content.decode()
        assert "Propose others" not in rules
        _writes_nothing(acting, cass, thread, tuesday)
        assert Post.objects.count() == 2
        # One's own words are taken back also now; and whoever leads again opens it again.
        assert client.post(reverse("conversations:strike_post", args=[thread.first.pk])).status_code == 302
        _opens_again_with(bo, tuesday)


@pytest.mark.abuse(37)
def test_a_change_that_was_overtaken_is_told_and_keeps_what_was_typed(
    signed_in: SignedIn, cass: Person, bo: Person, begin: Begin
) -> None:
    post, client = begin(cass, "First.").first, signed_in(cass)
    there = reverse("conversations:change_post", args=[post.pk])
    assert client.post(there, {"text": "Second.", "revision": 1}).status_code == 302
    late = client.post(there, {"text": "Third.", "revision": 1})
    page = late.content.decode()
    assert (late.status_code, "Third." in page, "Second." in page) == (409, True, True)
    assert client.post(there, {"text": "Third.", "revision": 2}).status_code == 302
    # Nobody else has a hand in it, those who lead included.
    assert signed_in(bo).get(there).status_code == 403
    assert signed_in(bo).get(reverse("conversations:strike_post", args=[post.pk])).status_code == 404


def test_words_taken_back_are_nowhere(
    signed_in: SignedIn, acting: Acting, cass: Person, bo: Person, begin: Begin
) -> None:
    thread = begin(cass, "I wish I had not.")
    box = bytes(thread.first.item.box)
    client = signed_in(cass)
    assert client.post(reverse("conversations:strike_post", args=[thread.first.pk])).status_code == 302
    page = signed_in(bo).get(at(thread)).content.decode()
    assert ("I wish" in page, "Taken back." in page) == (False, True)
    assert box not in [bytes(item.box) for item in Item.objects.all()]


def test_a_page_of_fifty_asks_the_database_no_more_than_one_of_two(
    signed_in: SignedIn,
    acting: Acting,
    bo: Person,
    cass: Person,
    tuesday: Group,
    begin: Begin,
    django_assert_max_num_queries: Any,
) -> None:
    thread, client = begin(bo, "Hello."), signed_in(cass)
    fresh = Group.objects.get(pk=tuesday.pk)
    with acting(bo):
        for number in range(52):
            writing.answer(thread, fresh, f"Word {number}", actor=bo)
            writing.begin_thread(fresh, f"Thread {number}", kind=Thread.Kind.TALK, actor=bo)
    for there, word, end in ((space(tuesday), "Thread", "before="), (at(thread), "Word", "before=")):
        with django_assert_max_num_queries(QUERIES):
            page = client.get(there).content.decode()
        assert (page.count(f"{word} "), page.count(end)) == (50 if word == "Word" else 49, 1)
    earlier = client.get(f"{at(thread)}?before=5").content.decode()
    assert earlier.count("Word ") < 5


@pytest.mark.abuse(12)
def test_what_people_write_is_shown_as_text(signed_in: SignedIn, cass: Person, bo: Person, begin: Begin) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)> https://elsewhere.invalid/ javascript:x"
    thread, client = begin(cass, bad), signed_in(bo)
    for there in (at(thread), space(Group.objects.get())):
        answered = client.get(there)
        page = answered.content.decode()
        assert ("<script>alert" in page, "<img src=x" in page, "&lt;script&gt;alert(1)" in page) == (False, False, True)
        # Nothing of it became a link, and no script runs without the nonce of this answer.
        assert 'href="https://elsewhere' not in page
        assert "'unsafe-inline'" not in answered["Content-Security-Policy"].split("style-src")[0]


def test_words_are_taken_back_also_on_a_break_and_without_a_seat(
    signed_in: SignedIn, acting: Acting, cass: Person, bo: Person, tuesday: Group, begin: Begin, answer: Answer
) -> None:
    first = begin(cass, "My story.")
    said = answer(cass, begin(bo, "And yours?"), "My answer.")
    leave_group(Seat.objects.get(person=cass, group=tuesday), actor=cass)
    people.pause(cass, actor=cass)
    away = signed_in(Person.objects.get(pk=cass.pk))
    held = away.get(reverse("leaving:held")).content.decode()
    for post in (first.first, said):
        there = reverse("conversations:strike_post", args=[post.pk])
        assert there in held
        assert signed_in(bo).post(there).status_code == 404
        assert (away.get(there).status_code, away.post(there).status_code) == (200, 302)
    assert not Item.objects.filter(kind="post", subject_id=cass.pk).exists()
    page = signed_in(bo).get(space(tuesday)).content.decode()
    assert ("And yours?" in page, "My story" in page) == (True, False)
