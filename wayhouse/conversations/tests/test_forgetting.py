"""Words of a group go ninety days after its last evening; what is newer stays as long as it is newer."""

from datetime import timedelta

import time_machine

from conftest import Acting
from wayhouse.conversations import moderating
from wayhouse.conversations.forgetting import KEPT_FOR, drop_old_posts
from wayhouse.conversations.models import Appeal, Post, Thread
from wayhouse.conversations.tests.conftest import Answer, Begin
from wayhouse.crypto.models import Item
from wayhouse.groups.models import Group
from wayhouse.meetings.models import Meeting
from wayhouse.people.models import Person


def test_words_of_a_group_go_ninety_days_after_its_last_evening(
    acting: Acting, bo: Person, cass: Person, tuesday: Group, meeting: Meeting, begin: Begin, answer: Answer
) -> None:
    ended = Meeting.objects.filter(group=tuesday).latest("ends_at").ends_at
    old, going_on = begin(cass, "The week was long."), begin(cass, "Who comes on?")
    assert old.first is not None
    with acting(bo):
        moderating.hide_post(old.first, tuesday, Post.Reason.NAMES, actor=bo)
    with acting(cass):
        moderating.ask_again(Post.objects.get(pk=old.first.pk), tuesday, actor=cass)
    with time_machine.travel(ended + timedelta(days=30), tick=False):
        answer(cass, going_on, "I do.")
    with time_machine.travel(ended + KEPT_FOR - timedelta(days=1), tick=False):
        assert drop_old_posts() == 0
    with time_machine.travel(ended + KEPT_FOR, tick=False):
        assert [drop_old_posts(), drop_old_posts()] == [2, 0]
    assert [Thread.objects.get().pk, Appeal.objects.count()] == [going_on.pk, 0]
    assert Item.objects.filter(kind="post").count() == 1
    with time_machine.travel(ended + KEPT_FOR + timedelta(days=30), tick=False):
        assert drop_old_posts() == 1
    assert not Thread.objects.exists()
