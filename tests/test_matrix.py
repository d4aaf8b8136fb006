"""Every address, asked for by every role: about their own things, the next group's, another organisation's."""

import os
import re
from collections import Counter, defaultdict
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from matrix import (
    BAD,
    FOREIGN,
    MISSING,
    OWN,
    SIBLING,
    TABLE,
    VISITOR,
    Matrix,
    World,
    addresses,
    clients,
    expected,
    filled,
    inhabited,
    missing,
    names_things,
    outcome,
    told,
)
from weight import FIRST, LATER, heavier, weight

from conftest import Cast

HEAD = (
    "# Who gets what at which address (GET), by whose things it is about. Made by test_matrix.py; read each change.\n"
)
# No word of a page ends like this, so that every name can be told from other words; also those of elsewhere.
MARK, ELSEWHERE = "quill", "plumequill"
# Whose names stand on all pages together, by who walks through them.
NAMED = {
    # Whoever asked to open their plan is told to them by name.
    VISITOR: set(), "cass": {"cass", "bo", "max", "sol"}, "dee": {"dee", "mia", "sol"}, "bo": {"bo", "cass", "max"},
    "max": {"max", "bo", "cass"}, "sol": {"sol"}, "aud": {"aud"}, "pat": {"pat"},
    "ana": {"ana", "bo", "max", "mia", "sol", "aud", "pat", "cass", "dee"},
}  # fmt: skip
# Whose numbers do: coordinators find people by them, and nobody else does.
NUMBERED = {"ana": {"bo", "max", "sol", "aud", "pat", "cass", "dee"}}
MOST_QUERIES = 8
# At least so many answers show what somebody wrote.
PAGES_WITH_WORDS = 30
# Who may raise a concern finds the way to it in the head of every page of theirs.
RAISERS = {"ana", "bo", "max", "sol", "cass", "dee"}
RAISE = 'href="/care/new/"'
# Asking for these ends or begins something for whoever asks: they come last, with a session of their own.
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
LAST = ("account/logout/", "leave/")


@pytest.fixture
def world(cast: Cast) -> World:
    return inhabited(cast, "Lantern Trust (invented)", MARK)


@pytest.mark.abuse(1, 4, 5, 12)
def test_everybody_gets_what_the_table_says_and_reads_no_other_names(cast: Cast, world: World) -> None:
    """Beside another organisation, of which nothing is listed by whoever lists things because of a role."""
    foreign = numbers_of(inhabited(cast, "Beacon House (invented)", ELSEWHERE)) - numbers_of(world)
    walk = Walk(world, foreign)
    for who, client in clients(cast, world).items():
        for pattern in sorted(addresses(), key=lambda pattern: pattern in LAST):
            things = {OWN: world.own, SIBLING: world.sibling} if names_things(pattern) else {OWN: world.own}
            for whose, words in things.items():
                response, number = asked(client, filled(pattern, words))
                if number > MOST_QUERIES:
                    # The first visit may do more: sit down at the desk, write down what was opened or read.
                    number = asked(client, filled(pattern, words))[1]
                walk.queries[pattern] = max(walk.queries[pattern], number)
                walk.matrix.note(pattern, whose, outcome(response), who)
                walk.weights[pattern] = heavier(walk.weights.get(pattern), weight(response))
                walk.read(who, pattern, response, told(response, filled(pattern, words), ids=False)[1])
    if os.environ.get("WRITE_MATRIX"):
        TABLE.write_text(
            HEAD + yaml.safe_dump(walk.matrix.found, default_flow_style=None, width=200, sort_keys=True),
            encoding="utf-8",
        )
    assert walk.matrix.found == expected()
    assert walk.raw == set()
    assert walk.shown > PAGES_WITH_WORDS, walk.shown
    assert {pattern: number for pattern, number in walk.queries.items() if number > MOST_QUERIES} == {}
    assert max(first for _later, first in walk.weights.values()) > LATER  # style and scripts were found
    assert {pattern: both for pattern, both in walk.weights.items() if both[0] > LATER or both[1] > FIRST} == {}
    assert {who: walk.named[who] for who in NAMED} == NAMED
    assert {who: found for who, found in walk.numbered.items() if found} == NUMBERED
    assert walk.mute == set()


class Walk:
    """What was found on the way: by address, or by who read it."""

    def __init__(self, world: World, foreign: set[str]) -> None:
        """`foreign`: numbers of things of another organisation."""
        self._world, self._foreign = world, foreign
        self.matrix, self.queries, self.shown = Matrix(), Counter[str](), 0
        self.weights: dict[str, tuple[int, int]] = {}
        self.named: dict[str, set[str]] = defaultdict(set)
        self.numbered: dict[str, set[str]] = defaultdict(set)
        self.raw: set[tuple[str, str]] = set()
        self.mute: set[tuple[str, str]] = set()

    def read(self, who: str, pattern: str, response: Any, text: str) -> None:
        """The words of an answer: names, numbers, markup that somebody wrote, and the way to raise a concern."""
        self.shown += escape(BAD) in text
        if BAD in text:
            self.raw.add((who, pattern))
        if who in RAISERS and _has_frame(response) and RAISE not in response.content.decode():
            self.mute.add((who, pattern))
        words, people = _WORD.findall(text), self._world.people.items()
        self.named[who] |= {word.removesuffix(MARK).lower() for word in words if word.endswith(MARK)}
        self.numbered[who] |= {name for name, one in people if name != who and str(one.pk) in text}
        self.numbered[who] |= {ELSEWHERE for _found in self._foreign & {*_NUMBER.findall(text)}}


def _has_frame(response: Any) -> bool:
    """A page with the head of the house: not a sheet for paper, not a file."""
    return response.status_code == 200 and not response.streaming and b'<header class="top">' in response.content


def numbers_of(world: World) -> set[str]:
    """The numbers of everybody and everything in an organisation."""
    words = {*world.own.values(), *world.sibling.values(), *(str(person.pk) for person in world.people.values())}
    return {word for word in words if _NUMBER.fullmatch(word)}


def asked(client: Client, address: str) -> tuple[Any, int]:
    """The answer, and how many queries it took."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    return response, sum(not one["sql"].startswith(("SAVEPOINT", "RELEASE")) for one in queries)


@pytest.mark.abuse(4, 6)
@pytest.mark.look
def test_what_belongs_to_another_organisation_does_not_exist(cast: Cast, world: World) -> None:
    """Not by status, not by a word, whoever asks and however; neither is anything changed."""
    foreign = inhabited(cast, "Beacon House (invented)", "2")
    things = {FOREIGN: [foreign.own, foreign.sibling], MISSING: [missing()]}
    open_to = {"404", "405", "sign in"}
    for who, client in clients(cast, world).items():
        for pattern in filter(names_things, addresses()):
            for method in (client.get, client.post):
                answers = {
                    told(response, address)
                    for every in things.values()
                    for words in every
                    for address in [filled(pattern, words)]
                    for response in [method(address)]
                }
                assert len(answers) == 1, (who, pattern, method.__name__)
                response = method(filled(pattern, missing()))
                assert outcome(response) in open_to | (
                    {"to /account/again/"} if pattern.startswith("account/") else set()
                )


@pytest.mark.abuse(11)
@pytest.mark.pure
def test_no_form_is_taken_from_elsewhere(cast: Cast, world: World) -> None:
    """Neither without its token nor, with one, from another origin; signing in and out are no exception."""
    for who in (VISITOR, "cass", "ana"):
        client = Client(enforce_csrf_checks=True)
        if who != VISITOR:
            client.cookies = cast.sign_in(world.people[who]).cookies
        token = client.get("/account/login/" if who == VISITOR else "/people/me/").context["csrf_token"]
        for pattern in addresses():
            address = filled(pattern, world.own)
            assert client.post(address).status_code == 403, (who, pattern)
            foreign = {"origin": "https://elsewhere.example"}
            assert client.post(address, {"csrfmiddlewaretoken": str(token)}, headers=foreign).status_code == 403
