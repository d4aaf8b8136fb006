"""What Cass's group wrote in the demonstration: a hello, a question, ground rules. All of it is invented."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from wayhouse.config.demo.cast import Cast
from wayhouse.conversations import ground_rules, rounds, writing
from wayhouse.conversations.forms import STARTER
from wayhouse.conversations.models import PulseResult, Thread
from wayhouse.core import clock
from wayhouse.crypto import items
from wayhouse.crypto.keyring import use
from wayhouse.groups.models import Group, Seat
from wayhouse.meetings import polling
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.polls import Suits

_SHARED = "Hello everybody. Tuesday was good for me. I walked home slowly and slept for once."
_ANSWERED = "Glad to read it. The long way round by the river is quiet at that hour."
_ASKED = (
    "An old acquaintance keeps sending me invitations. I do not answer, and still I look at each one. What helped you?"
)
_ASKED_BACK = "Do you see them on the lock screen, or do you go and look?"
_IDEA = "Mine stopped showing on the lock screen, and most of the pull was gone within a week."


def talk(cast: Cast, group: Group) -> None:
    """Let Cass and Bo write in the space of their group."""
    people = {who: cast.accounts[who] for who in ("cass", "bo")}
    if Seat.objects.current().filter(group=group, person__in=people.values()).count() != len(people):
        return
    with use(cast.keyring("bo")):
        ground_rules.propose_rules(group, [str(line) for line in STARTER], actor=people["bo"])
    with use(cast.keyring("cass")):
        shared = writing.begin_thread(group, _SHARED, kind=Thread.Kind.TALK, actor=people["cass"])
        asked = writing.begin_thread(group, _ASKED, kind=Thread.Kind.PROBLEM, actor=people["cass"])
    here = Group.objects.select_related("circle__scope").get(pk=group.pk)
    _answer(cast, here, shared, {"bo": _ANSWERED})
    _answer(cast, here, asked, {"bo": _ASKED_BACK})
    rounds.take_next_turn(asked, here, after=Thread.Turn.CLARIFY, actor=people["cass"])
    _answer(cast, here, asked, {"bo": _IDEA})
    _ask_for_times(cast, here)
    with use(cast.keyring("cass")):
        words = {"means": {"heard": 8, "safe": 9, "useful": 7, "again": 9}, "weeks": [3, 4], "answers": 7}
        felt = items.seal(here.circle.scope, "pulse", words, standing=False)
        PulseResult.objects.create(item=felt, group=group, shown_on=clock.today())


def _ask_for_times(cast: Cast, group: Group) -> None:
    """Bo asks about an evening that is far enough away, and Cass has answered."""
    ahead = Meeting.objects.filter(group=group, starts_at__gt=timezone.now() + timedelta(days=8))
    evening = ahead.select_related("group__scope", "group__programme").order_by("starts_at")[0]
    others = [evening.starts_at + timedelta(days=days) for days in (1, 2)]
    bo, cass = cast.accounts["bo"], cast.accounts["cass"]
    with use(cast.keyring("bo")):
        poll = polling.ask_poll(evening, others, evening.starts_at - timedelta(days=4), actor=bo)
    with use(cast.keyring("cass")):
        polling.answer_poll(poll, [Suits.IF_NEED_BE, Suits.YES, Suits.NO], actor=cass)


def _answer(cast: Cast, group: Group, thread: Thread, words: Mapping[str, str]) -> None:
    for who, text in words.items():
        with use(cast.keyring(who)):
            writing.answer(thread, group, text, actor=cast.accounts[who])
