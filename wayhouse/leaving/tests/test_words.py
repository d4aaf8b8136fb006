"""What somebody wrote to their group: in the copy of what is held, and gone with an erasure."""

import pytest

from conftest import Acting, SignedIn
from wayhouse.conversations.models import Post, Thread
from wayhouse.conversations.writing import answer, begin_thread
from wayhouse.crypto.models import Item
from wayhouse.groups.models import Group
from wayhouse.leaving.actions import erase, leave
from wayhouse.leaving.held import held_about
from wayhouse.people.models import Person


@pytest.fixture
def thread(acting: Acting, bo: Person, cass: Person, tuesday: Group) -> Thread:
    """Cass began it, Bo answered."""
    with acting(cass):
        begun = begin_thread(tuesday, "My words.", kind=Thread.Kind.TALK, actor=cass)
    with acting(bo):
        answer(begun, Group.objects.get(pk=tuesday.pk), "Your answer.", actor=bo)
    return begun


def test_the_copy_holds_ones_own_words_and_nobody_elses(acting: Acting, cass: Person, thread: Thread) -> None:
    with acting(cass):
        assert [post.words for post in held_about(cass, words=True).posts] == ["My words."]
    leave(cass, actor=cass)
    with acting(cass):
        # The keys are gone with the seat: it says that there was something, and erases it with the rest.
        assert [post.words for post in held_about(cass, words=True).posts] == [None]


def test_erasing_somebody_takes_their_words_and_leaves_those_of_others(
    signed_in: SignedIn, cass: Person, bo: Person, thread: Thread
) -> None:
    erase(cass, actor=cass)
    page = signed_in(bo).get(f"/space/thread/{thread.pk}/").content.decode()
    assert ("My words." in page, "Your answer." in page, "took the words along" in page) == (False, True, True)
    assert [post.person_id for post in Post.objects.all()] == [bo.pk]
    assert not Item.objects.filter(subject_id=cass.pk).exists()
