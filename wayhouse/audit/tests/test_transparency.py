from http import HTTPStatus

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from wayhouse.audit import tree, views
from wayhouse.audit.heads import latest_head, publish_head
from wayhouse.audit.models import AuditDetail, AuditLeaf
from wayhouse.audit.record import record
from wayhouse.audit.tests.conftest import Meeting, Person
from wayhouse.core.gate import declared_rule
from wayhouse.crypto import server

pytestmark = pytest.mark.django_db

PAGE, HEAD, PROOF = "/transparency/", "/transparency/head.txt", "/transparency/proof.json"


@pytest.fixture
def nine_entries(somebody: Person, meeting: Meeting) -> None:
    for number in range(9):
        record("attendance.recorded", meeting, actor=somebody, marked=number)
    publish_head()
    record("attendance.recorded", meeting, actor=somebody, marked=9)


def test_everything_here_is_public() -> None:
    assert [declared_rule(view) for view in (views.transparency, views.head, views.proof)] == ["public"] * 3


def test_before_the_first_head_the_page_says_so(client: Client) -> None:
    response = client.get(PAGE)
    assert response.status_code == HTTPStatus.OK
    assert "Nothing has been signed yet" in response.content.decode()
    assert client.get(HEAD).status_code == HTTPStatus.NOT_FOUND
    assert client.get(PROOF, {"from": 0, "to": 0}).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.usefixtures("nine_entries")
class TestWithAHead:
    def test_the_page_shows_the_last_head_and_the_key(
        self, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_max_num_queries(8):
            page = client.get(PAGE).content.decode()
        note = last_note()
        assert [line in page for line in escape(note).split("\n")] == [True] * 7
        assert server.verify_key().hex() in page
        assert "we signed the log with 9 lines" in page

    def test_nothing_personal_is_shown(self, client: Client, somebody: Person, meeting: Meeting) -> None:
        answers = [
            client.get(PAGE),
            client.get(HEAD),
            client.get(PROOF, {"from": 5, "to": 9}),
            client.get(PROOF, {"leaf": 4, "size": 9}),
        ]
        shown = b"\n".join(answer.content for answer in answers).decode()
        leaf = AuditLeaf.objects.get(index=4)
        secrets = [bytes(tag).hex() for tag in (leaf.actor_tag, leaf.object_tag, leaf.detail_commit) if tag]
        secrets += [bytes(AuditDetail.objects.get(leaf=leaf).salt).hex(), leaf.kind, "attendance", "marked"]
        assert [secret in shown for secret in (*secrets, str(somebody.pk), str(meeting.pk))] == [False] * 9
        # Nor does the page say by its words what kind of house this is.
        assert "wayhouse" not in shown.lower()

    def test_the_head_is_a_text_of_its_own(self, client: Client) -> None:
        response = client.get(HEAD)
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert response.content.decode() == last_note()

    def test_a_consistency_proof_holds(
        self, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_max_num_queries(8):
            answer = client.get(PROOF, {"from": 5, "to": 9}).json()
        assert (answer["from"], answer["to"]) == (5, 9)
        steps = [bytes.fromhex(step) for step in answer["hashes"]]
        assert tree.verify_consistency(5, 9, root(5), root(9), steps)

    def test_an_inclusion_proof_holds(self, client: Client) -> None:
        answer = client.get(PROOF, {"leaf": 4, "size": 9}).json()
        assert (answer["leaf"], answer["size"]) == (4, 9)
        leaf = tree.leaf_hash(AuditLeaf.objects.get(index=4).canonical())
        assert tree.verify_inclusion(leaf, 4, 9, [bytes.fromhex(step) for step in answer["hashes"]], root(9))

    @pytest.mark.parametrize(
        "asked",
        [
            {},
            {"from": "5"},
            {"from": "5", "to": "10"},
            {"from": "0", "to": "9"},
            {"from": "6", "to": "5"},
            {"from": "-1", "to": "5"},
            {"from": "٥", "to": "9"},
            {"from": "5", "to": "9", "leaf": "1"},
            {"from": "1", "to": "9" * 5000},
            {"leaf": "9", "size": "9"},
            {"leaf": "1", "size": "10"},
            {"leaf": "x", "size": "9"},
            {"leaf": "1 ", "size": "9"},
        ],
    )
    def test_any_other_question_is_refused(self, client: Client, asked: dict[str, str]) -> None:
        response = client.get(PROOF, asked)
        assert response.status_code == HTTPStatus.BAD_REQUEST
        assert response.json() == {"error": "ask for ?from=&to= or ?leaf=&size="}

    @pytest.mark.parametrize("address", [PAGE, HEAD, PROOF])
    def test_nothing_is_written_here(self, client: Client, address: str) -> None:
        assert client.post(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def last_note() -> str:
    head = latest_head()
    assert head is not None
    return head.note


def root(size: int) -> bytes:
    frontier: list[bytes] = []
    for leaf in AuditLeaf.objects.first_leaves(size):
        frontier, _ = tree.append(frontier, leaf.index, bytes(leaf.hash))
    return tree.root(frontier)
