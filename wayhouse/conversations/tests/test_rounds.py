"""A question to the group, in its turns."""

from django.urls import reverse

from conftest import SignedIn
from wayhouse.conversations.models import Post, Thread
from wayhouse.conversations.tests.conftest import Answer, Begin
from wayhouse.people.models import Person


def test_the_group_asks_back_gives_ideas_and_is_thanked(
    signed_in: SignedIn, cass: Person, eli: Person, bo: Person, begin: Begin, answer: Answer
) -> None:
    thread = begin(cass, "They keep writing to me.", kind=Thread.Kind.PROBLEM)
    asker, other = signed_in(cass), signed_in(eli)
    on, there = (reverse(f"conversations:{name}", args=[thread.pk]) for name in ("take_next_turn", "thread"))
    back = answer(eli, thread, "Where?")
    assert "Go on to ideas" not in other.get(there).content.decode()
    assert other.post(on, {"after": "clarify"}).status_code == 403
    # A second tap on the same button goes no further.
    assert [asker.post(on, {"after": "clarify"}).status_code for _time in range(2)] == [302, 302]
    idea = answer(eli, Thread.objects.get(), "Put it away at night.")
    assert [post.turn for post in (back, idea)] == ["clarify", "ideas"]
    choose = reverse("conversations:pick", args=[idea.pk])
    assert [signed_in(who).post(choose, {"picked": "yes"}).status_code for who in (eli, bo)] == [403, 403]
    assert asker.post(reverse("conversations:pick", args=[back.pk]), {"picked": "yes"}).status_code == 403
    assert asker.post(choose, {"picked": "yes"}).status_code == 302
    assert "will be tried" in other.get(there).content.decode()
    # Those who lead may go on, too; after the thanks there is nothing.
    assert signed_in(bo).post(on, {"after": "ideas"}).status_code == 302
    assert "Say thanks" in asker.get(there).content.decode()
    assert asker.post(on, {"after": "thanks"}).status_code == 403
    asker.post(choose, {"picked": "no"})
    assert (Thread.objects.get().turn, Post.objects.filter(picked=True).count()) == ("thanks", 0)


def test_something_to_share_has_no_turns(signed_in: SignedIn, cass: Person, begin: Begin) -> None:
    thread = begin(cass, "A good week.")
    on = reverse("conversations:take_next_turn", args=[thread.pk])
    assert [signed_in(cass).post(on, {"after": word}).status_code for word in ("", "clarify")] == [403, 302]
    assert Thread.objects.get().turn == ""
