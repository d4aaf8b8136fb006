"""What is held about oneself: all of it, for oneself, and a copy of it after proving again who one is."""

import json
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from conftest import PASSPHRASE, Acting, Cast, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.letters import open_letter
from wayhouse.leaving.actions import leave, take_copy
from wayhouse.leaving.held import held_about
from wayhouse.meetings.access import ask_access
from wayhouse.meetings.models import Answer, Attendance, Meeting, Swap
from wayhouse.notices.actions import agree_contact, notify
from wayhouse.notices.calendars import share_calendar
from wayhouse.notices.kinds import Channel, Kind
from wayhouse.notices.plan import Plan
from wayhouse.people.consents.wordings import Purpose, wording_of
from wayhouse.people.entries import change_entry
from wayhouse.people.models import OwnRow, Person, Programme, RosterEntry, WayBack


def test_a_member_sees_name_roles_seats_and_evenings(acting: Acting, cass: Person, meeting: Meeting) -> None:
    Answer.objects.create(meeting=meeting, person=cass, coming=False)
    meeting.mark(cass, Attendance.Presence.PHONE)
    with acting(cass):
        held = held_about(cass)
    assert (held.name, held.programme, held.organisation) == ("Cass", "Open Circle", "Lantern Trust (invented)")
    assert [(role.role, role.until) for role in held.roles] == [("member", None)]
    assert [(seat.group, seat.name, seat.role) for seat in held.seats] == [("Kestrel", "Cass", "member")]
    assert [(evening.at, evening.answer, evening.presence, evening.shift) for evening in held.evenings] == [
        (meeting.starts_at, "not this time", "by phone or online", "")
    ]
    assert (held.on_roster, held.roster) == (True, None)


def test_a_row_of_the_roster_is_laid_where_its_person_opens_it(
    acting: Acting, signed_in: SignedIn, cast: Cast, ana: Person, cass: Person, dee: Person
) -> None:
    entry = RosterEntry.objects.select_related("item").get(person=cass)
    with acting(ana):
        change_entry(cass, {"needs": ["childcare"], "area": "Old Mill"}, version=entry.item.seq, actor=ana)
    here = signed_in(ana)
    here.get("/")
    letters = AuditLeaf.objects.filter(kind="rows.handed_over").count()
    here.get("/")
    assert AuditLeaf.objects.filter(kind="rows.handed_over").count() == letters == 1
    me = signed_in(cass).get("/mine/").content.decode()
    assert [word in me for word in ("Old Mill", "Ask one of them to correct it")] == [True, True]
    with acting(cass):
        copy = take_copy(cass, actor=cass)
        assert copy.as_json()["roster"]["Area"] == "Old Mill"
        leave(cass, actor=cass)
        assert held_about(cass).roster == copy.roster
    with acting(dee), pytest.raises(CannotOpen):
        open_letter(
            dee.user.holder_id,  # type: ignore[union-attr]
            bytes(OwnRow.objects.get(person=cass).letter),
            b"own-row|" + cass.pk.bytes,
        )
    # Other keys: what was closed for the old ones is closed anew by whoever coordinates next.
    OwnRow.objects.filter(person=dee).update(for_key=b"old", letter=b"old")
    Programme.objects.update(rows_unsealed=True)
    with acting(dee):
        assert held_about(dee).roster is None
    here.get("/")
    with acting(dee):
        assert held_about(dee).roster is not None


def test_a_facilitator_sees_the_evenings_they_led(acting: Acting, bo: Person, meeting: Meeting) -> None:
    with acting(bo):
        assert [evening.shift for evening in held_about(bo).evenings] == ["facilitator"]


def test_what_was_said_handed_over_and_made_for_somebody_is_in_the_copy(
    acting: Acting, bo: Person, cass: Person, meeting: Meeting
) -> None:
    Swap.objects.create(meeting=meeting, asker=cass)
    WayBack.objects.create(person=cass, asked_how="met", expires_at=meeting.starts_at, ended_on=meeting.starts_at)
    with acting(cass):
        copy = held_about(cass).as_json()
    assert [(act["what"], act["outcome"]) for act in copy["acts"]] == [
        ("Keeping which evenings you came to", "said yes"),
        ("A shift you asked to hand over", "asked"),
        ("A way back that two people made for you", ""),
    ]
    assert set(copy["kinds"][0]) == {"what", "readers", "until", "correct", "copy", "erase"}
    with acting(bo):
        assert held_about(bo).acts == []


def test_the_copy_says_how_one_may_be_reached_and_what_was_sent(acting: Acting, cass: Person, ana: Person) -> None:
    agree_contact(Plan(channels=(Channel.EMAIL,), email="cass@example.org", title="Choir"), actor=cass)
    share_calendar("Tea", actor=cass)
    with transaction.atomic():
        notify([cass.pk], Kind.NOTE, once="evening:1")
    with acting(cass):
        found = take_copy(cass, actor=cass).as_json()["reached"]
        html = render_to_string("leaving/copy.html", {"held": held_about(cass, words=True)})
        assert held_about(cass).reached is None
    assert (found["plan"]["email"], found["calendar_title"]) == ("cass@example.org", "Tea")
    assert [(sent["words"], sent["outcome"]) for sent in found["sent"]] == [("You have a note.", "waiting")]
    assert [html.count(words) for words in ("cass@example.org", "Choir", "Tea<", "You have a note.")] == [1, 1, 1, 1]


def test_the_copy_has_the_words_of_each_yes_and_what_was_needed(acting: Acting, cass: Person, meeting: Meeting) -> None:
    with acting(cass):
        ask_access([meeting], "childcare", actor=cass)
        copy = take_copy(cass, actor=cass)
        assert held_about(cass).needs == []
    words = wording_of(Purpose.KEEPING, "en")
    assert [(one.step, one.version, one.language, one.text) for one in copy.wordings] == [
        ("said yes", words.version, "en", words.text)
    ]
    assert [(one.evening, one.need) for one in copy.needs] == [(timezone.localdate(meeting.starts_at), "Childcare")]
    page = render_to_string("leaving/parts/held.html", {"held": copy})
    assert (words.text in unescape(page), "Childcare" in page) == (True, True)


def test_after_leaving_the_group_has_no_name_any_more(
    acting: Acting, cass: Person, bo: Person, meeting: Meeting
) -> None:
    with acting(cass):
        leave(cass, actor=cass)
        held = held_about(cass)
    assert [(seat.group, seat.name) for seat in held.seats] == [(None, None)]
    assert held.name == "Cass"


def test_the_page_costs_the_same_with_many_evenings(
    cast: Cast, cass: Person, meeting: Meeting, django_assert_max_num_queries: Any
) -> None:
    client = cast.sign_in(cass)
    client.get("/mine/")
    with django_assert_max_num_queries(8):
        assert client.get("/mine/").status_code == 200


@pytest.mark.parametrize("suffix", ["html", "json"])
def test_a_copy_is_given_to_whoever_proves_again_who_they_are(
    cast: Cast, cass: Person, meeting: Meeting, suffix: str
) -> None:
    client = cast.sign_in(cass)
    assert client.get(f"/mine/copy.{suffix}").headers["Location"].split("?")[0] == "/account/again/"
    assert not AuditLeaf.objects.filter(kind="copy.taken").exists()
    client.post("/account/again/?next=/mine/", {"password": PASSPHRASE})
    copy = client.get(f"/mine/copy.{suffix}")
    assert copy.headers["Content-Disposition"] == f'attachment; filename="copy.{suffix}"'
    assert "no-store" in copy.headers["Cache-Control"]
    assert "Cass" in copy.content.decode()
    assert AuditLeaf.objects.filter(kind="copy.taken").count() == 1
    if suffix == "json":
        words = json.loads(copy.content)
        assert (words["name"], words["seats"][0]["group"]) == ("Cass", "Kestrel")


def test_nobody_takes_a_copy_of_somebody_else(acting: Acting, ana: Person, cass: Person) -> None:
    with acting(ana), pytest.raises(PermissionDenied):
        take_copy(cass, actor=ana)
    assert not AuditLeaf.objects.filter(kind="copy.taken").exists()


def test_five_copies_an_hour_are_enough(cast: Cast, cass: Person) -> None:
    client = cast.sign_in(cass)
    client.post("/account/again/?next=/mine/", {"password": PASSPHRASE})
    assert [client.get("/mine/copy.json").status_code for _copy in range(6)] == [200] * 5 + [429]
    assert AuditLeaf.objects.filter(kind="copy.taken").count() == 5
