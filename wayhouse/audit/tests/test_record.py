import json
from datetime import UTC, datetime
from hashlib import sha256
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from pytest_django import DjangoAssertNumQueries

from wayhouse.audit import tree
from wayhouse.audit.models import AuditDetail, AuditLeaf, AuditState
from wayhouse.audit.record import actor_tag, object_tag, record, record_failure
from wayhouse.audit.tests.conftest import Meeting, Person
from wayhouse.core import clock

pytestmark = pytest.mark.django_db


def test_an_entry_says_what_kind_of_thing_happened_and_no_more(somebody: Person, meeting: Meeting) -> None:
    leaf = record("attendance.recorded", meeting, actor=somebody, marked=7)
    opened = AuditDetail.objects.get(leaf=leaf)
    commit = sha256(bytes(opened.salt) + b'{"marked":7}').hexdigest()
    assert json.loads(leaf.canonical()) == {
        "i": 0,
        "day": clock.today().isoformat(),
        "kind": "attendance.recorded",
        "actor_tag": actor_tag(somebody, clock.today()).hex(),
        "object_tag": object_tag(meeting, clock.today()).hex(),
        "detail_commit": commit,
    }
    assert opened.detail == '{"marked":7}'
    assert len(opened.salt) == 16


def test_what_is_read_back_has_the_hash_that_was_written(somebody: Person, meeting: Meeting) -> None:
    for number in range(9):
        record("attendance.recorded", meeting, actor=somebody, marked=number)
    leaves = list(AuditLeaf.objects.order_by("index"))
    frontier: list[bytes] = []
    for index, leaf in enumerate(leaves):
        frontier, completed = tree.append(frontier, index, tree.leaf_hash(leaf.canonical()))
        assert (leaf.index, bytes(leaf.hash)) == (index, tree.leaf_hash(leaf.canonical()))
        assert bytes(leaf.subtrees) == b"".join(completed)
    state = AuditState.objects.get()
    assert (state.size, state.root) == (9, tree.root(frontier))


def test_an_anonymous_action_has_no_tags_and_a_hash_nobody_can_guess() -> None:
    first, second = record("concern.raised"), record("concern.raised")
    assert (first.actor_tag, first.object_tag) == (None, None)
    assert AuditDetail.objects.get(leaf=first).detail == "{}"
    assert first.detail_commit != second.detail_commit


def test_tags_tell_people_things_and_years_apart(somebody: Person, somebody_else: Person, meeting: Meeting) -> None:
    this, next_ = datetime(2026, 1, 1, tzinfo=UTC).date(), datetime(2027, 1, 1, tzinfo=UTC).date()
    tags = {
        actor_tag(somebody, this),
        actor_tag(somebody, next_),
        actor_tag(somebody_else, this),
        object_tag(somebody, this),
        object_tag(Meeting(somebody.pk), this),
        object_tag(meeting, this),
        object_tag(meeting, next_),
    }
    assert (len(tags), {len(tag) for tag in tags}) == (7, {16})
    assert actor_tag(somebody, this) == actor_tag(Person(somebody.pk), datetime(2026, 12, 31, tzinfo=UTC).date())


def test_a_model_is_tagged_by_its_label() -> None:
    kind = ContentType(pk=3)
    named = type("contenttypes.contenttype", (SimpleNamespace,), {})(pk=3)
    assert object_tag(kind, clock.today()) == object_tag(named, clock.today())


@time_machine.travel(datetime(2026, 3, 4, 23, 30, tzinfo=UTC), tick=False)
def test_the_day_is_kept_and_not_the_time(settings: SimpleNamespace) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    leaf = record("attendance.recorded")
    leaf.refresh_from_db()
    assert leaf.day.isoformat() == "2026-03-05"
    assert [field.name for field in AuditLeaf._meta.get_fields() if "Time" in type(field).__name__] == []


def test_one_entry_costs_four_queries(
    somebody: Person, meeting: Meeting, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    record("attendance.recorded")
    with django_assert_num_queries(4):
        record("attendance.recorded", meeting, actor=somebody, marked=7)


@pytest.mark.parametrize(
    "kind", ["attendance", "Attendance.recorded", "attendance.recorded!", "a b.c", "", ".", "é.recorded", "a.b.c"]
)
def test_a_kind_has_one_form(kind: str) -> None:
    with pytest.raises(ValueError, match="is not a kind"):
        record(kind)


@pytest.mark.parametrize(
    "words", ["", "Ana", "two words", "line\nbreak", "grüße", "x" * 65, "tab\t", "a,b", "a/b", "code\n"]
)
def test_words_of_people_do_not_fit(words: str) -> None:
    with pytest.raises(ValueError, match="not a short code or number") as caught:
        record("plan.changed", note=words)
    assert not words or words not in str(caught.value).replace("plan.changed, note: not a short code or number", "")
    assert not AuditLeaf.objects.exists()


class Presence(models.TextChoices):
    CAME = "came"


@pytest.mark.parametrize("value", ["x" * 64, "a-b_c.d:e9", Presence.CAME, 0, -(2**53) + 1, 2**53 - 1, True])
def test_codes_and_numbers_fit(value: int | str) -> None:
    leaf = record("plan.changed", code=value)
    assert json.loads(AuditDetail.objects.get(leaf=leaf).detail) == {"code": value}


@pytest.mark.parametrize("value", [2**53, -(2**53)])
def test_a_number_too_large_could_hide_words(value: int) -> None:
    with pytest.raises(ValueError, match="not a short code or number"):
        record("plan.changed", code=value)


@pytest.mark.parametrize("value", [None, 1.5, b"x", ["a"], {"a": 1}, datetime(2026, 1, 1, tzinfo=UTC)])
def test_nothing_but_codes_and_numbers(value: object) -> None:
    with pytest.raises(TypeError, match="a number, a code or yes/no"):
        record("plan.changed", code=value)  # type: ignore[arg-type]


def test_neither_the_name_nor_the_number_of_details_carries_words() -> None:
    with pytest.raises(ValueError, match="not a short code or number"):
        record("plan.changed", None, actor=None, **{"My words": 1})
    with pytest.raises(ValueError, match="more than 12 details"):
        record("plan.changed", None, actor=None, **{f"d{number}": 1 for number in range(13)})


def test_a_thing_that_was_never_saved_cannot_be_logged() -> None:
    with pytest.raises(ValueError, match="a person without a primary key"):
        record("plan.changed", actor=Person(None))
    with pytest.raises(ValueError, match="a meeting without a primary key"):
        record("plan.changed", Meeting(None))


def test_what_was_refused_is_logged_after_the_rollback(somebody: Person) -> None:
    leaf = record_failure("sign_in.refused", actor=somebody, tries=3)
    assert (leaf.index, leaf.kind) == (0, "sign_in.refused")


@pytest.mark.django_db(transaction=True)
class TestCommitting:
    """What holds across transactions, each really committed or rolled back."""

    def test_outside_of_a_transaction_nothing_is_logged(self) -> None:
        with pytest.raises(RuntimeError, match="inside the transaction of the action"):
            record("attendance.recorded")
        assert not AuditLeaf.objects.exists()

    def test_a_refusal_is_not_logged_inside_of_a_transaction(self) -> None:
        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            record_failure("sign_in.refused")
        assert not AuditLeaf.objects.exists()

    def test_an_action_that_is_rolled_back_leaves_no_entry(self) -> None:
        with transaction.atomic():
            record("attendance.recorded")
        before = AuditState.objects.values().get()
        with pytest.raises(KeyError):
            interrupted_action()
        assert AuditState.objects.values().get() == before
        assert [AuditLeaf.objects.count(), AuditDetail.objects.count()] == [1, 1]

    def test_an_entry_that_cannot_be_written_undoes_the_action(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_args: object, **_kwargs: object) -> None:
            raise OSError("no space left on the disk")

        monkeypatch.setattr(AuditState, "save", full)
        with pytest.raises(OSError, match="no space"):
            logged_action()
        assert not ContentType.objects.filter(app_label="action").exists()
        assert not AuditLeaf.objects.exists()

    def test_after_a_rollback_the_refusal_stands(self, somebody: Person) -> None:
        with pytest.raises(KeyError):
            interrupted_action()
        record_failure("attendance.refused", actor=somebody)
        assert list(AuditLeaf.objects.values_list("index", "kind")) == [(0, "attendance.refused")]


def logged_action() -> None:
    with transaction.atomic():
        ContentType.objects.create(app_label="action", model="action")
        record("attendance.recorded")


def interrupted_action() -> None:
    with transaction.atomic():
        record("attendance.recorded", marked=1)
        raise KeyError
