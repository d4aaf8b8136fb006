from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conftest import Acting, Cast
from wayhouse.audit.models import AuditDetail, AuditLeaf
from wayhouse.crypto import items
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.models import Item, Shred
from wayhouse.crypto.sealed import open_all
from wayhouse.people import entries, importing
from wayhouse.people.actions import give_role
from wayhouse.people.importing import (
    DraftGone,
    ImportResult,
    RosterMoved,
    RowsRefused,
    draft_roster,
    drop_draft,
    drop_expired_drafts,
    import_roster,
)
from wayhouse.people.invitations import found
from wayhouse.people.models import KeepApart, Person, Role, RosterDraft, RosterEntry
from wayhouse.people.roster.invent import invent
from wayhouse.people.roster.reading import read_roster
from wayhouse.people.roster.template import csv_of, workbook_of
from wayhouse.people.tests.tables import FOX, HEAD, LANTERN, workbook

Rows = tuple[tuple[str, ...], ...]


def draft(ana: Person, *rows: tuple[str, ...]) -> RosterDraft:
    return draft_roster(ana.programme, read_roster(workbook(*rows)), actor=ana)


def take_in(ana: Person, *rows: tuple[str, ...]) -> ImportResult:
    return import_roster(ana.programme, draft(ana, *rows), actor=ana)


def roster() -> dict[str, dict[str, Any]]:
    rows = list(RosterEntry.objects.select_related("item").order_by("pk"))
    open_all(rows)
    return {row.name: row.as_words() for row in rows}


def apart() -> list[list[str]]:
    """Names of people who must not meet, sorted."""
    rows, names = list(KeepApart.objects.select_related("item")), RosterEntry.objects.select_related("item")
    name_of = {str(row.person_id): row.name for row in names}
    open_all(rows)
    return sorted(sorted(name_of[pk] for pk in row.people) for row in rows)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Person, Role, RosterEntry, KeepApart, Item, Shred, AuditLeaf))


def test_new_people_get_an_entry_and_the_role_of_their_row(acting: Acting, ana: Person) -> None:
    with acting(ana):
        result = take_in(ana, (*HEAD, "Role"), (*FOX, ""), (*LANTERN, "mentor"))
        assert result == ImportResult(new=2, changed=0, unchanged=0)
        assert {name: (words["role"], words["slots"]) for name, words in roster().items()} == {
            "Quiet Fox": ("member", ["tue-evening"]),
            "Amber Lantern": ("mentor", ["tue-evening", "sat-morning"]),
        }
    kinds = Role.objects.filter(person__roster_entry__isnull=False).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["member", "mentor"]


def test_nothing_of_a_row_stands_in_clear(acting: Acting, ana: Person) -> None:
    with acting(ana):
        take_in(ana, HEAD, FOX)
    with acting(ana):
        person = RosterEntry.objects.get().person
    assert (person.language, person.status, person.user_id) == ("en", "active", None)
    with pytest.raises(CannotOpen):
        _ = RosterEntry.objects.get().name


def test_the_same_file_twice_changes_nothing(acting: Acting, ana: Person) -> None:
    with acting(ana):
        take_in(ana, HEAD, FOX, LANTERN)
        before = roster()
        assert take_in(ana, HEAD, FOX, LANTERN) == ImportResult(new=0, changed=0, unchanged=2)
        assert roster() == before


def test_changed_words_are_sealed_anew_for_the_same_person(acting: Acting, ana: Person) -> None:
    with acting(ana):
        take_in(ana, HEAD, FOX, LANTERN)
        person_id = RosterEntry.objects.order_by("pk")[0].person_id
        result = take_in(ana, (*HEAD, "Needs"), (*FOX, "childcare"))
        assert result == ImportResult(new=0, changed=1, unchanged=0)
        after = RosterEntry.objects.order_by("pk")[0]
        assert (after.person_id, after.needs, after.name) == (person_id, ["childcare"], "Quiet Fox")
        assert set(roster()) == {"Quiet Fox", "Amber Lantern"}


def test_another_role_in_the_row_ends_the_one_before_and_leaves_those_given_otherwise(
    acting: Acting, ana: Person, bo: Person
) -> None:
    with acting(ana):
        Role.objects.create(person=bo, kind=Role.Kind.AUDITOR)
        take_in(ana, ("Chosen name", "Role"), ("Bo", "mentor"))
    held = Role.objects.filter(person=bo, until_on=None).order_by("pk").values_list("kind", flat=True)
    assert list(held) == ["auditor", "mentor"]
    assert Role.objects.get(person=bo, kind=Role.Kind.FACILITATOR).until_on == timezone.localdate()


def test_no_row_makes_a_coordinator(acting: Acting, ana: Person) -> None:
    with acting(ana), pytest.raises(RowsRefused):
        take_in(ana, (*HEAD, "Role"), (*FOX, "coordinator"))
    assert not RosterEntry.objects.exists()


def test_keep_apart_is_sealed_once_for_each_pair_and_never_removed(acting: Acting, ana: Person) -> None:
    head = (*HEAD, "Keep apart")
    with acting(ana):
        take_in(ana, head, (*FOX, "Amber Lantern"), (*LANTERN, "2"))
        assert apart() == [["Amber Lantern", "Quiet Fox"]]
        take_in(ana, head, (*FOX, ""), (*LANTERN, ""), ("Old Oak", "en", "mon-morning", "Quiet Fox"))
        assert apart() == [["Amber Lantern", "Quiet Fox"], ["Old Oak", "Quiet Fox"]]
    with pytest.raises(CannotOpen):
        _ = KeepApart.objects.order_by("pk")[0].people


def test_a_file_with_a_row_to_correct_is_not_taken_in(acting: Acting, ana: Person) -> None:
    with acting(ana):
        made = draft(ana, HEAD, FOX, ("Amber Lantern", "en", "thu-night"))
        before = counts()
        with pytest.raises(RowsRefused):
            import_roster(ana.programme, made, actor=ana)
    assert counts() == before


def test_a_draft_is_imported_once(acting: Acting, ana: Person) -> None:
    with acting(ana):
        made = draft(ana, HEAD, FOX)
        import_roster(ana.programme, made, actor=ana)
        with pytest.raises(DraftGone):
            import_roster(ana.programme, made, actor=ana)
    assert RosterEntry.objects.count() == 1
    assert not RosterDraft.objects.exists()
    assert not Item.objects.filter(kind="roster_draft").exists()


def test_a_new_upload_and_a_no_delete_the_draft(acting: Acting, ana: Person) -> None:
    with acting(ana):
        first = draft(ana, HEAD, FOX)
        second = draft(ana, HEAD, LANTERN)
        with pytest.raises(DraftGone):
            import_roster(ana.programme, first, actor=ana)
        assert Item.objects.filter(kind="roster_draft").count() == 1
        drop_draft(ana.programme, actor=ana)
        with pytest.raises(DraftGone):
            import_roster(ana.programme, second, actor=ana)
    assert not Item.objects.filter(kind="roster_draft").exists()


def test_a_draft_lasts_an_hour(acting: Acting, ana: Person) -> None:
    with acting(ana):
        made = draft(ana, HEAD, FOX)
        with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
            with pytest.raises(DraftGone):
                import_roster(ana.programme, made, actor=ana)
            assert drop_expired_drafts() == 1
            assert drop_expired_drafts() == 0
    assert not Item.objects.filter(kind="roster_draft").exists()


def test_a_draft_opens_for_coordinators_only(cast: Cast, acting: Acting, ana: Person, bo: Person) -> None:
    with acting(ana):
        draft(ana, HEAD, FOX)
    with acting(bo), pytest.raises(CannotOpen):
        _ = RosterDraft.objects.get().rows


def test_the_second_of_two_coordinators_does_not_import_over_the_first(
    acting: Acting, ana: Person, sol: Person
) -> None:
    with acting(ana):
        give_role(sol, Role.Kind.COORDINATOR, actor=ana)
    sol = Person.objects.get(pk=sol.pk)
    with acting(sol):
        late = draft_roster(sol.programme, read_roster(workbook(HEAD, (*FOX[:2], "mon-morning"))), actor=sol)
    with acting(ana):
        take_in(ana, HEAD, FOX)
    with acting(sol):
        with pytest.raises(RosterMoved):
            import_roster(sol.programme, late, actor=sol)
        assert roster()["Quiet Fox"]["slots"] == ["tue-evening"]


def test_an_entry_changed_by_form_makes_drafts_old_too(acting: Acting, ana: Person, cass: Person) -> None:
    with acting(ana):
        made = draft(ana, HEAD, FOX)
        version = RosterEntry.objects.select_related("item").get(person=cass).item.seq
        entries.change_entry(cass, {"mix": "a"}, version=version, actor=ana)
        with pytest.raises(RosterMoved):
            import_roster(ana.programme, made, actor=ana)


def _breaks(*_args: object, **_kwargs: object) -> None:
    raise OSError("the disk is full")


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (entries, "add_subjects"),
        (items, "seal_all"),
        (RosterEntry.objects, "bulk_create"),
        (items, "reseal_all"),
        (entries, "change_roles"),
        (entries, "keep_apart"),
        (importing, "_drop"),
        (entries, "count_change"),
        (importing, "record"),
    ],
)
def test_whatever_breaks_in_the_middle_nothing_is_half_written(
    acting: Acting, ana: Person, cass: Person, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    head = (*HEAD, "Role", "Keep apart")
    with acting(ana):
        made = draft(ana, head, (*FOX, "", "Cass"), ("Cass", "ar", "mon-morning", "mentor", ""))
        before, words = counts(), roster()
        monkeypatch.setattr(module, name, _breaks)
        with pytest.raises(OSError, match="the disk is full"):
            import_roster(ana.programme, made, actor=ana)
        monkeypatch.undo()
    with acting(ana):
        assert (counts(), roster()) == (before, words)
        assert import_roster(ana.programme, made, actor=ana) == ImportResult(new=1, changed=1, unchanged=0)


def test_the_log_says_how_many_and_nothing_else(acting: Acting, ana: Person) -> None:
    with acting(ana):
        take_in(ana, (*HEAD, "Keep apart"), (*FOX, "3"), (*LANTERN, ""))
    kinds = AuditLeaf.objects.filter(kind__startswith="roster.").order_by("index").values_list("kind", flat=True)
    assert list(kinds) == ["roster.drafted", "roster.imported"]
    detail = AuditDetail.objects.get(leaf__kind="roster.imported").detail
    assert detail == '{"changed":0,"new":2,"unchanged":0}'


def test_dee_may_neither_draft_nor_import_nor_discard(acting: Acting, ana: Person, dee: Person) -> None:
    with acting(ana):
        made = draft(ana, HEAD, FOX)
    before = counts()
    reading = read_roster(workbook(HEAD, FOX))
    acts: list[Callable[[], object]] = [
        lambda: draft_roster(ana.programme, reading, actor=dee),
        lambda: import_roster(ana.programme, made, actor=dee),
        lambda: drop_draft(ana.programme, actor=dee),
    ]
    with acting(dee):
        for act in acts:
            with pytest.raises(PermissionDenied):
                act()
    assert counts() == before


def test_a_coordinator_of_elsewhere_may_not(acting: Acting, cast: Cast, ana: Person) -> None:
    _programme, token = found("Another Trust (invented)", "Elsewhere", "Eve", time_zone="Europe/Berlin")
    eve = cast.accept(token, "eve")
    with acting(eve), pytest.raises(PermissionDenied):
        draft_roster(ana.programme, read_roster(workbook(HEAD, FOX)), actor=eve)


def test_five_thousand_rows_are_taken_in(acting: Acting, ana: Person) -> None:
    data = workbook_of(invent(members=4_600, facilitators=150, mentors=250, seed=1))
    with acting(ana):
        made = draft_roster(ana.programme, read_roster(data), actor=ana)
        result = import_roster(ana.programme, made, actor=ana)
    assert result == ImportResult(new=5_000, changed=0, unchanged=0)


def test_more_rows_cost_no_more_questions_to_the_database(
    acting: Acting, ana: Person, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for members in (3, 60):
        made = read_roster(csv_of(invent(members=members, facilitators=0, mentors=0, seed=members)))
        with acting(ana):
            drafted = draft_roster(ana.programme, made, actor=ana)
            # Whoever is on the table no more is looked for in every table of the house, once for all of them.
            with django_assert_max_num_queries(80):
                import_roster(ana.programme, drafted, actor=ana)
