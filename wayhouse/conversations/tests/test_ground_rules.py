"""Ground rules: everybody agrees, and again when somebody joins."""

from typing import Any

import pytest
from django.urls import reverse

from conftest import Acting, Cast, SignedIn
from wayhouse.conversations import ground_rules as agreeing
from wayhouse.conversations.models import Agreement, GroundRules
from wayhouse.crypto.models import Item
from wayhouse.groups.actions import leave_group, take_seat
from wayhouse.groups.models import Group, Seat
from wayhouse.people import actions as people
from wayhouse.people.entries import enter_person
from wayhouse.people.models import Person, Role


def address(group: Group, name: str = "ground_rules") -> str:
    return reverse(f"conversations:{name}", args=[group.pk])


def agree(client: Any, group: Group, word: str = "yes") -> Any:
    rules = GroundRules.objects.latest("version")
    return client.post(address(group), {"rules": rules.pk, "agree": word})


def standing(client: Any, group: Group) -> tuple[int, int, int, bool | None]:
    first = client.get(address(group)).context["versions"][0]
    return first.agree, first.of, first.talk, first.mine


def test_they_hold_when_everybody_agrees_and_are_agreed_anew_when_somebody_joins(
    signed_in: SignedIn, cast: Cast, ana: Person, bo: Person, cass: Person, tuesday: Group
) -> None:
    member, leads = signed_in(cass), signed_in(bo)
    assert "Nobody has to speak." in member.get(address(tuesday, "propose_rules")).content.decode()
    member.post(address(tuesday, "propose_rules"), {"lines": "We listen.\n\n Nobody has to speak. "})
    assert (standing(member, tuesday), standing(leads, tuesday)) == ((1, 2, 0, True), (1, 2, 0, None))
    # "1 of 2" in a group of six: the page says who the two are.
    assert "who has an account here and takes no break" in member.get(address(tuesday)).content.decode()
    assert "whether you agree" in leads.get(reverse("conversations:circle", args=[tuesday.pk])).content.decode()
    agree(leads, tuesday, "talk")
    assert (standing(leads, tuesday), GroundRules.objects.get().agreed_on) == ((1, 2, 1, False), None)
    # Whoever wants to talk has answered, and is not asked again and again.
    assert "whether you agree" not in leads.get(reverse("conversations:circle", args=[tuesday.pk])).content.decode()
    agree(leads, tuesday)
    assert (standing(leads, tuesday), GroundRules.objects.get().agreed_on is None) == ((2, 2, 0, True), False)
    eli = cast.enter("eli", Role.Kind.MEMBER, ana)
    with cast.acting(ana):
        seat = take_seat(tuesday, eli, "Eli", Seat.Role.MEMBER, actor=ana)
    new = signed_in(eli)
    page = new.get(address(tuesday)).content.decode()
    assert ("We listen." in page, standing(new, tuesday), standing(member, tuesday)) == (
        True,
        (0, 3, 0, None),
        (0, 3, 0, None),
    )
    for client in (member, leads, new):
        assert "whether you agree" in client.get(reverse("conversations:circle", args=[tuesday.pk])).content.decode()
        agree(client, tuesday)
    assert standing(new, tuesday) == (3, 3, 0, True)
    # Whoever leaves makes nobody agree anew.
    leave_group(seat, actor=eli)
    assert standing(member, tuesday) == (2, 2, 0, True)


def test_a_new_version_waits_beside_the_one_that_holds(
    signed_in: SignedIn, acting: Acting, bo: Person, cass: Person, tuesday: Group
) -> None:
    member, leads = signed_in(cass), signed_in(bo)
    for lines in ("First.", "Second, never agreed.", "Third."):
        member.post(address(tuesday, "propose_rules"), {"lines": lines})
        if lines == "First.":
            agree(leads, tuesday)
    shown = [(one.rules.version, list(one.rules.lines)) for one in _versions(leads, acting, bo, tuesday)]
    assert shown == [(2, ["Third."]), (1, ["First."])]
    # What was replaced before anybody agreed is gone, words and all.
    kinds = ("ground_rules", "agreement")
    assert [Item.objects.filter(kind=kind).count() for kind in kinds] == [2, Agreement.objects.count()]


def test_nobody_waits_for_somebody_who_takes_a_break(
    signed_in: SignedIn, bo: Person, cass: Person, tuesday: Group
) -> None:
    people.pause(cass, actor=cass)
    leads = signed_in(bo)
    leads.post(address(tuesday, "propose_rules"), {"lines": "We wait for nobody."})
    assert standing(leads, tuesday) == (1, 1, 0, True)
    assert signed_in(cass).get(address(tuesday)).status_code == 404


def test_nobody_waits_for_somebody_who_has_no_account_yet(
    signed_in: SignedIn, acting: Acting, ana: Person, bo: Person, cass: Person, tuesday: Group
) -> None:
    with acting(ana):
        fox = enter_person(ana.programme, {"name": "Fox"}, actor=ana)
        take_seat(tuesday, fox, "Fox", Seat.Role.MEMBER, actor=ana)
    leads = signed_in(bo)
    leads.post(address(tuesday, "propose_rules"), {"lines": "We wait for nobody."})
    assert standing(leads, tuesday) == (1, 2, 0, True)


def test_an_answer_to_rules_that_were_replaced_meanwhile_says_so(
    signed_in: SignedIn, bo: Person, cass: Person, tuesday: Group
) -> None:
    signed_in(cass).post(address(tuesday, "propose_rules"), {"lines": "First."})
    gone = GroundRules.objects.get()
    signed_in(cass).post(address(tuesday, "propose_rules"), {"lines": "Second."})
    with pytest.raises(agreeing.Replaced):
        agreeing.answer_rules(gone, tuesday, agrees=True, actor=bo)


def test_for_others_they_do_not_exist(
    signed_in: SignedIn, ana: Person, cass: Person, dee: Person, tuesday: Group, thursday: Group
) -> None:
    signed_in(cass).post(address(tuesday, "propose_rules"), {"lines": "Ours."})
    other = signed_in(dee)
    for client in (other, signed_in(ana)):
        assert [client.get(address(tuesday, name)).status_code for name in ("ground_rules", "propose_rules")] == [
            404
        ] * 2
    # Nor through one's own group.
    assert agree(other, tuesday).status_code == 404
    assert agree(other, thursday).status_code == 404
    assert Agreement.objects.count() == 1


def test_too_many_lines_are_refused_and_kept(signed_in: SignedIn, cass: Person, tuesday: Group) -> None:
    page = signed_in(cass).post(address(tuesday, "propose_rules"), {"lines": "A line.\n" * 21})
    assert ("Keep to 20 lines" in page.content.decode(), GroundRules.objects.count()) == (True, 0)


def _versions(client: Any, acting: Acting, reader: Person, group: Group) -> list[Any]:
    found: list[Any] = client.get(address(group)).context["versions"]
    with acting(reader):
        for one in found:
            assert one.rules.lines
    return found
