"""Somebody comes in as a member in order to find out who else comes, and tries everything a member can reach.

Cass sits in one of two groups of an organisation; another organisation lives in the same house. Cass opens every
address about every thing, sends every form with the numbers of others in it, and takes every file there is.
"""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.utils import timezone
from matrix import Words, World, addresses, filled, inhabited, missing, names_things, told

from conftest import PASSPHRASE, Cast
from wayhouse.conversations import ground_rules, moderating, pulse, writing
from wayhouse.conversations.models import Post, Thread
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.actions import take_seat
from wayhouse.groups.models import Group, Seat
from wayhouse.meetings.actions import answer_meeting
from wayhouse.meetings.models import Meeting, Poll
from wayhouse.meetings.polling import answer_poll
from wayhouse.mentoring.asking import ask_question
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding import protocol as safety
from wayhouse.safeguarding.raising import Report, raise_concern

# No word of a page ends like these, so that every name can be told from other words; nobody of their own says SECRET.
HERE, ELSEWHERE, SECRET = "quill", "plume", "zanderfisch"
# Who stands on the pages of one's own group: those who lead and accompany it, and who answers for safety.
OWN_PEOPLE = {"cass", "bo", "max", "sol"}
# Sending these ends one's own session or stay.
FINAL = re.compile(r"account/|leave/|mine/(leave|erase)/|people/me/pause/")
# These offer a new passphrase, a new seed, a fresh code; the last ends the session.
NEW_EACH_TIME = re.compile(r"account/|leave/")
# Each form has a key of its own, so that it writes once.
ONCE = re.compile(r'name="key" value="[^"]+"')
FIELDS = {
    "person": "person_id", "member": "person_id", "mentor": "person_id", "about_person": "person_id",
    "without": "person_id", "reader": "person_id", "group": "group_id", "meeting": "meeting_id",
    "thread": "thread_id", "post": "post_id", "plan": "plan_id", "question": "question_id", "id": "contact_id",
}  # fmt: skip
FILES = ("/mine/copy.json", "/mine/copy.html", "/people/out/table.csv", "/notes/list.csv", "/people/table.csv")


@dataclass
class Infiltrator:
    """A member's browser, and all that was ever shown in it."""

    client: Client
    heard: list[str] = field(default_factory=list)

    def ask(self, address: str) -> tuple[int, str]:
        """Open an address."""
        return self._note(self.client.get(address), address)

    def send(self, address: str, form: Mapping[str, str]) -> tuple[int, str]:
        """Send a form there, and read where it leads."""
        return self._note(self.client.post(address, form, follow=True), address)

    def _note(self, response: Any, address: str) -> tuple[int, str]:
        status, text = told(response, address, ids=False)
        self.heard.append(text)
        return status, ONCE.sub("", text)


@pytest.fixture
def here(cast: Cast) -> World:
    return inhabited(cast, "Lantern Trust (invented)", HERE)


@pytest.fixture
def elsewhere(cast: Cast) -> World:
    return inhabited(cast, "Beacon House (invented)", ELSEWHERE)


@pytest.mark.second
@pytest.mark.abuse(1, 4, 5)
def test_an_infiltrator_learns_nothing_about_anybody_outside_the_own_group(
    cast: Cast, here: World, elsewhere: World
) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        _tell_secrets(cast, here, elsewhere)
        cass = Infiltrator(cast.sign_in(here.people["cass"]))
        cass.client.post("/account/again/", {"password": PASSPHRASE})
        others = {"sibling": here.sibling, "own of another": elsewhere.own, "sibling of another": elsewhere.sibling}
        # What is seen for the first time may be marked as new.
        _look_around(cass, here.own)
        _knock(cass, others)
        with cast.acting(here.people["cass"]):
            _reach_past_the_pages(here.people["cass"], others)
        before = _look_around(cass, here.own)
        # A count of others, wherever it stood, would be another one now.
        _grow(cast, here, elsewhere)
        after = _look_around(cass, here.own)
        assert {address for address, answer in after.items() if answer != before[address]} == set()
        shown = " ".join(text for _status, text in after.values())
        assert not [kind for words in others.values() for kind, number in _numbers(words, here.own) if number in shown]
        _send_everything(cass, here.own, others.values())
    text = "\n".join(cass.heard)
    assert {name.lower() for name in re.findall(rf"(\w+){HERE}", text)} == OWN_PEOPLE
    assert (re.findall(rf"\w+{ELSEWHERE}", text), SECRET in text) == ([], False)


def _look_around(cass: Infiltrator, own: Words) -> dict[str, tuple[int, str]]:
    """Every address about the own things, and every file; without what ends the session."""
    asked = [filled(pattern, own) for pattern in addresses() if not NEW_EACH_TIME.match(pattern)]
    return {address: cass.ask(address) for address in [*asked, *FILES]}


def _knock(cass: Infiltrator, others: Mapping[str, Words]) -> None:
    """What belongs to others answers as what is nowhere, whether it is opened or sent to."""
    for pattern in filter(names_things, addresses()):
        nowhere = filled(pattern, missing())
        expected = cass.ask(nowhere), cass.send(nowhere, {})
        for whose, words in others.items():
            address = filled(pattern, words)
            assert (cass.ask(address), cass.send(address, {})) == expected, (whose, pattern)


def _reach_past_the_pages(cass: Person, others: Mapping[str, Words]) -> None:
    """Where a page had forgotten to ask, the action says no by itself, before any key does."""
    for whose, words in others.items():
        group = Group.objects.select_related("scope", "circle__scope").get(pk=words["group_id"])
        post = Post.objects.select_related("thread", "item__scope").get(pk=words["post_id"])
        meeting = Meeting.objects.select_related("group").get(pk=words["meeting_id"])
        acts = {**_talking(cass, group, post), **_coming(cass, meeting)}
        assert {name for name, act in acts.items() if not _is_refused(act)} == set(), whose


def _talking(cass: Person, group: Group, post: Post) -> dict[str, Callable[[], object]]:
    return {
        "begin": lambda: writing.begin_thread(group, "I", kind=Thread.Kind.TALK, actor=cass),
        "answer": lambda: writing.answer(post.thread, group, "I", actor=cass),
        "change": lambda: writing.change_post(post, group, "I", revision=post.revision, actor=cass),
        "hide": lambda: moderating.hide_post(post, group, Post.Reason.NAMES, actor=cass),
        "quiet": lambda: writing.set_quiet_hours(group, None, actor=cass),
        "propose": lambda: ground_rules.propose_rules(group, ["I"], actor=cass),
        "pulse": lambda: pulse.show_pulse(group, actor=cass),
    }


def _coming(cass: Person, meeting: Meeting) -> dict[str, Callable[[], object]]:
    poll = Poll.objects.get(meeting=meeting)
    return {
        "come": lambda: answer_meeting(meeting, coming=True, actor=cass),
        "poll": lambda: answer_poll(poll, [], actor=cass),
    }


def _is_refused(act: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            act()
    except PermissionDenied:
        return True
    except CannotOpen:
        # Stopped only for want of a key; who kept one would have gone on.
        return False
    return False


def _send_everything(cass: Infiltrator, own: Words, others: Any) -> None:
    """Every form of the own pages, with the number of somebody else's thing in each field that takes one."""
    for words in others:
        form = {name: words[kind] for name, kind in FIELDS.items()}
        for pattern in addresses():
            if not FINAL.match(pattern):
                cass.send(filled(pattern, own), form)


def _numbers(words: Words, own: Words) -> Iterator[tuple[str, str]]:
    """The numbers of others' things, with what they are; not those of what all groups share, nor words."""
    return (
        (kind, number)
        for kind, number in words.items()
        if len(number) == len(str(uuid.UUID(int=0))) and number not in own.values()
    )


def _tell_secrets(cast: Cast, *worlds: World) -> None:
    """Dee of each organisation writes to the own group, to those who answer for safety, and asks without a name."""
    for world in worlds:
        _say(cast, world.people["dee"], Group.objects.get(pk=world.sibling["group_id"]))
    _say(cast, worlds[1].people["cass"], Group.objects.get(pk=worlds[1].own["group_id"]))


def _say(cast: Cast, member: Person, group: Group) -> None:
    with cast.acting(member):
        writing.begin_thread(group, SECRET, kind=Thread.Kind.TALK, actor=member)
        raise_concern(Report(safety.Level.NOW, safety.Kind.AT_RISK, "me", SECRET), actor=member)
        ask_question(SECRET, actor=member)


def _grow(cast: Cast, here: World, elsewhere: World) -> None:
    """Somebody new comes to every other group, and everybody there says more."""
    growing = (
        (here, HERE, here.sibling),
        (elsewhere, ELSEWHERE, elsewhere.own),
        (elsewhere, ELSEWHERE, elsewhere.sibling),
    )
    for number, (world, mark, words) in enumerate(growing):
        ana, group = world.people["ana"], Group.objects.get(pk=words["group_id"])
        newcomer = cast.enter(f"new{number}{mark}", Role.Kind.MEMBER, ana)
        with cast.acting(ana):
            take_seat(group, newcomer, f"New{number}{mark}", Seat.Role.MEMBER, actor=ana)
        _say(cast, newcomer, group)
