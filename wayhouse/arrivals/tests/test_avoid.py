import re
from itertools import combinations

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import Acting, Cast, SignedIn
from wayhouse.arrivals import avoiding
from wayhouse.arrivals.models import AvoidList
from wayhouse.audit.models import AuditDetail
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.items import words_of
from wayhouse.crypto.models import Item
from wayhouse.groups.models import Group
from wayhouse.people.actions import come_back, leave
from wayhouse.people.entries import enter_person
from wayhouse.people.models import KeepApart, Person


def kept_apart(acting: Acting, ana: Person) -> set[frozenset[str]]:
    with acting(ana):
        rows = KeepApart.objects.select_related("item")
        return {frozenset(pair) for row in rows for pair in combinations(row.people, 2)}


def test_a_name_that_matches_keeps_two_apart_and_nobody_is_told(
    signed_in: SignedIn, acting: Acting, ana: Person, cass: Person, dee: Person
) -> None:
    member, coordinator = signed_in(cass), signed_in(ana)
    page = member.post("/start/apart/", {"names": "dee\n\nSomebody Else\ndee"}, follow=True).content.decode()
    assert ("Nobody is told" in page, kept_apart(acting, ana)) == (True, set())
    coordinator.get("/")
    assert kept_apart(acting, ana) == {frozenset({str(cass.pk), str(dee.pk)})}
    shown = [client.get(address).content.decode() for client, address in (
        (coordinator, "/"), (coordinator, f"/people/{cass.pk}/"), (coordinator, f"/start/{cass.pk}/"),
        (signed_in(dee), "/"), (signed_in(dee), "/people/me/"),
    )]  # fmt: skip
    assert ["Somebody Else" in text for text in shown] == [False] * 5
    assert [line for line in re.findall(r"[^<>]*", member.get("/start/apart/").content.decode()) if "Else" in line] == [
        "\ndee\nSomebody Else"
    ]


def test_staff_see_only_which_group_is_not_for_them(
    signed_in: SignedIn, acting: Acting, ana: Person, cass: Person, tuesday: Group, thursday: Group
) -> None:
    with acting(cass):
        avoiding.keep_list(cass, ["Dee"], actor=cass)
    with acting(ana):
        name = thursday.name
    text = signed_in(ana).get(f"/start/{cass.pk}/").content.decode()
    assert (f"Not: <bdi>{name}</bdi>" in text, "Dee" in text) == (True, False)


def test_it_is_compared_once_and_again_when_the_roster_grows(
    acting: Acting, signed_in: SignedIn, ana: Person, cass: Person
) -> None:
    def details() -> list[str]:
        leaves = AuditDetail.objects.filter(leaf__kind="avoid_lists.compared")
        return list(leaves.order_by("pk").values_list("detail", flat=True))

    with acting(cass):
        avoiding.keep_list(cass, ["Jonas"], actor=cass)
    signed_in(ana).get("/")
    signed_in(ana).get("/")
    assert (details(), kept_apart(acting, ana)) == (['{"lists":1}'], set())
    with acting(ana):
        jonas = enter_person(ana.programme, {"name": "Jonas K.", "role": "member", "languages": ["en"]}, actor=ana)
    signed_in(ana).get("/")
    assert details() == ['{"lists":1}'] * 2
    assert kept_apart(acting, ana) == {frozenset({str(cass.pk), str(jonas.pk)})}


def test_a_name_that_is_added_later_is_compared_too(
    acting: Acting, signed_in: SignedIn, ana: Person, cass: Person, dee: Person
) -> None:
    for names in (["Nobody here"], ["Nobody here", "Dee"]):
        with acting(cass):
            avoiding.keep_list(cass, names, actor=cass)
        signed_in(ana).get("/")
    assert kept_apart(acting, ana) == {frozenset({str(cass.pk), str(dee.pk)})}


def test_whoever_comes_back_is_compared_again(
    acting: Acting, signed_in: SignedIn, ana: Person, cass: Person, dee: Person
) -> None:
    with acting(dee):
        leave(dee, actor=dee)
    with acting(cass):
        avoiding.keep_list(cass, ["Dee"], actor=cass)
    signed_in(ana).get("/")
    assert kept_apart(acting, ana) == set()
    with acting(dee):
        come_back(dee, actor=dee)
    signed_in(ana).get("/")
    assert kept_apart(acting, ana) == {frozenset({str(cass.pk), str(dee.pk)})}


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writes at a time there anyway")
def test_no_name_is_written_while_its_list_is_compared(acting: Acting, ana: Person, cass: Person) -> None:
    with acting(cass):
        avoiding.keep_list(cass, ["Dee"], actor=cass)
    with acting(ana), CaptureQueriesContext(connection) as queries:
        avoiding.compare_lists(ana.programme, actor=ana)
    asked = [query["sql"] for query in queries if 'FROM "arrivals_avoidlist"' in query["sql"]]
    assert ["FOR UPDATE" in sql for sql in asked] == [True, False]


def test_the_list_opens_for_its_owner_and_at_the_desk_only(
    acting: Acting, cast: Cast, ana: Person, bo: Person, cass: Person, dee: Person
) -> None:
    with acting(cass):
        avoiding.keep_list(cass, ["Dee"], actor=cass)
        avoiding.keep_list(cass, ["Max"], actor=cass)
        with pytest.raises(PermissionDenied):
            avoiding.keep_list(dee, ["Cass"], actor=cass)
    row = AvoidList.objects.get()
    for person in (bo, dee):
        with acting(person), pytest.raises(CannotOpen):
            words_of(Item.objects.get(pk=row.item_id))
    with acting(cass):
        assert AvoidList.objects.get().names == ["Max"]


@pytest.mark.parametrize("names", ["\n".join(map(str, range(11))), "x" * 200])
def test_nobody_closes_all_groups_to_themselves(signed_in: SignedIn, cass: Person, names: str) -> None:
    assert "At most ten names" in signed_in(cass).post("/start/apart/", {"names": names}).content.decode()
    assert AvoidList.objects.count() == 0


def test_a_list_that_does_not_open_keeps_no_other_from_being_compared(
    acting: Acting, ana: Person, cass: Person, dee: Person
) -> None:
    for person, name in ((cass, "Ana"), (dee, "Cass")):
        with acting(person):
            avoiding.keep_list(person, [name], actor=person)
    Item.objects.filter(pk=AvoidList.objects.get(person=cass).item_id).update(box=b"damaged")
    with acting(ana):
        avoiding.compare_lists(ana.programme, actor=ana)
    assert kept_apart(acting, ana) == {frozenset({str(cass.pk), str(dee.pk)})}


def test_a_name_that_many_have_does_not_close_every_group(
    acting: Acting, ana: Person, cass: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(avoiding, "MOST_APART", 2)
    with acting(ana):
        names = ("Ali B", "Ali C", "Ali D", "Ali")
        entered = [enter_person(ana.programme, {"name": name}, actor=ana) for name in names]
    with acting(cass):
        avoiding.keep_list(cass, ["Ali"], actor=cass)
    with acting(ana):
        avoiding.compare_lists(ana.programme, actor=ana)
    pairs = kept_apart(acting, ana)
    assert (len(pairs), frozenset({str(cass.pk), str(entered[3].pk)}) in pairs) == (2, True)
    # Nor do others, asked for later: what was found counts for good, and names that stood there count again.
    with acting(cass):
        avoiding.keep_list(cass, ["Ana"], actor=cass)
    with acting(ana):
        avoiding.compare_lists(ana.programme, actor=ana)
    assert kept_apart(acting, ana) == pairs


def test_nobody_finds_out_who_is_here_by_asking_again(signed_in: SignedIn, acting: Acting, cass: Person) -> None:
    client = signed_in(cass)
    for first in ("a", "b"):
        names = "\n".join(f"{first}{number}" for number in range(10))
        assert client.post("/start/apart/", {"names": names}).status_code == 302
    # The same names, or fewer of them, are no new ones.
    assert client.post("/start/apart/", {"names": "B1\nb2"}).status_code == 302
    assert list(client.post("/start/apart/", {"names": "c1"}).context["form"].errors) == ["names"]
    with acting(cass):
        assert AvoidList.objects.get().names == ["B1", "b2"]
        with time_machine.travel(timezone.now() + avoiding.NEW_WITHIN, tick=False):
            avoiding.keep_list(cass, ["c1"], actor=cass)
