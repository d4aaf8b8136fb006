"""The ledger of consent: nothing bundled, nothing ticked beforehand, taken back with its effect, never a condition."""

from datetime import timedelta

import pytest
import time_machine
import yaml
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import Acting, SignedIn, says_yes
from wayhouse.audit.models import AuditLeaf
from wayhouse.groups.models import Cycle, Group
from wayhouse.leaving.actions import leave
from wayhouse.leaving.consents import give, standing_of, standings_of, withdraw
from wayhouse.meetings.actions import record_evening
from wayhouse.meetings.models import Attendance, Meeting
from wayhouse.meetings.steadiness import steadiness_of
from wayhouse.notices.actions import agree_contact, stop_contact
from wayhouse.notices.calendars import share_calendar
from wayhouse.notices.models import CalendarFeed, ContactPlan, PushDevice
from wayhouse.notices.plan import Plan
from wayhouse.people.consents.giving import Reworded, give_consent, withdraw_consent
from wayhouse.people.consents.ledger import ConsentEntry, has_consent
from wayhouse.people.consents.wordings import FILE, Purpose, wording_of
from wayhouse.people.models import Person

HERE = Attendance.Presence.HERE


def test_every_purpose_has_words_in_every_language() -> None:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert list(data) == list(Purpose)
    words = {"title", "text", "readers", "ends", "withdrawn"}
    for purpose in data.values():
        for version in purpose["versions"]:
            assert [set(version[code]) for code in ("en", "de", "ar")] == [words] * 3


def test_nothing_is_agreed_until_somebody_says_so_one_by_one(signed_in: SignedIn, bo: Person) -> None:
    client = signed_in(bo)
    assert [found.current for found in client.get("/mine/said/").context["standings"]] == [None] * len(Purpose)
    assert b"checked" not in client.get("/mine/said/keeping/").content
    client.post("/mine/said/keeping/", {"version": "1", "how": "interpreter"})
    assert [found.purpose for found in standings_of(bo) if found.current] == [Purpose.KEEPING]
    entry = ConsentEntry.objects.get(person=bo)
    assert (entry.version, entry.language, entry.how, entry.until) == ("1", "en", "interpreter", None)
    assert client.get("/mine/said/none-of-these/").status_code == 404


def test_without_a_yes_somebody_is_counted_and_not_named(
    acting: Acting, ana: Person, bo: Person, cass: Person, meeting: Meeting
) -> None:
    with acting(cass):
        withdraw(cass, Purpose.KEEPING, actor=cass)
    with time_machine.travel(meeting.starts_at + timedelta(hours=2), tick=False):
        for _again in range(2):
            record_evening(meeting, {cass: HERE}, held=True, mood=3, actor=bo)
        assert not meeting.attendances.exists()
        with acting(ana):
            (evening,) = steadiness_of(meeting.group).evenings
    assert (evening.attended.part, evening.attended.whole) == (1, 1)


def test_taking_back_is_one_tap_and_carried_out_at_once(
    signed_in: SignedIn, bo: Person, cass: Person, meeting: Meeting
) -> None:
    with time_machine.travel(meeting.starts_at + timedelta(hours=2), tick=False):
        record_evening(meeting, {cass: HERE}, held=True, mood=3, actor=bo)
    client = signed_in(cass)
    assert Attendance.objects.filter(person=cass).count() == 1
    for _tap in range(2):
        page = client.post("/mine/said/keeping/back/", follow=True)
    assert page.context["standing"].taken_back.effects == 1
    assert b"Carried out at once: 1 record was changed." in page.content
    assert not Attendance.objects.filter(person=cass).exists()
    meeting.record.refresh_from_db()
    assert (meeting.record.unnamed_here, meeting.record.unnamed_away) == (1, 0)
    assert not has_consent(cass, Purpose.KEEPING)
    assert AuditLeaf.objects.filter(kind="consent.withdrawn").count() == 1
    # Nothing of taking part depends on it.
    assert client.post(f"/evenings/{meeting.pk}/answer/", {"answer": "yes"}).status_code == 302
    assert client.get("/").context["screen"].outlook.asks is True


def test_whoever_takes_back_how_they_are_reached_is_reached_no_more(acting: Acting, cass: Person) -> None:
    for _changed in range(2):
        agree_contact(Plan(), actor=cass)
    taken = withdraw(cass, Purpose.SAFE_CONTACT, actor=cass)
    assert taken is not None
    assert (taken.effects, ContactPlan.objects.filter(person_id=cass.pk).exists()) == (1, False)
    assert withdraw(cass, Purpose.SAFE_CONTACT, actor=cass) is None
    # Both stand in the ledger, each once, with the words that were read; so does a yes that is said again.
    agree_contact(Plan(), actor=cass)
    stop_contact(actor=cass)
    rows = ConsentEntry.objects.filter(person=cass, purpose=Purpose.SAFE_CONTACT).order_by("pk")
    assert [(row.step, row.version, row.effects) for row in rows] == [
        ("given", "1", 0), ("withdrawn", "1", 1), ("given", "1", 0), ("withdrawn", "1", 1),
    ]  # fmt: skip


def test_a_plan_to_be_reached_is_a_yes_and_is_stopped_where_one_reads_what_one_said(
    signed_in: SignedIn, cass: Person
) -> None:
    client = signed_in(cass)
    assert b"Take it back" not in client.get("/mine/said/safe_contact/").content
    agree_contact(Plan(), actor=cass)
    assert [one.purpose for one in client.get("/mine/said/").context["standings"] if one.planned] == ["safe_contact"]
    assert b"Take it back" in client.get("/mine/said/safe_contact/").content
    page = client.post("/mine/said/safe_contact/back/", follow=True)
    assert (b"You took it back." in page.content, b"Take it back" in page.content) == (True, False)
    assert not ContactPlan.objects.exists()


def test_leaving_ends_being_reached(acting: Acting, cass: Person, tuesday: Group) -> None:
    agree_contact(Plan(), actor=cass)
    PushDevice.objects.create(person_id=cass.pk, box=b"", created_at=timezone.now())
    share_calendar("Choir", actor=cass)
    with acting(cass):
        leave(cass, actor=cass)
    assert [kind.objects.exists() for kind in (ContactPlan, PushDevice, CalendarFeed)] == [False] * 3


def test_recording_and_taking_back_wait_for_each_other(bo: Person, cass: Person, meeting: Meeting) -> None:
    lock = " FOR NO KEY UPDATE" if connection.features.has_select_for_update else ""
    with (
        time_machine.travel(meeting.starts_at + timedelta(hours=2), tick=False),
        CaptureQueriesContext(connection) as ran,
    ):
        record_evening(meeting, {cass: HERE}, held=True, mood=3, actor=bo)
    asked = [query["sql"] for query in ran.captured_queries]
    at = next(place for place, sql in enumerate(asked) if 'FROM "people_consententry"' in sql)
    assert asked[at - 1].startswith('SELECT "people_person"')
    assert asked[at - 1].endswith(f'ORDER BY "people_person"."id" ASC{lock}')
    with CaptureQueriesContext(connection) as ran:
        withdraw(cass, Purpose.KEEPING, actor=cass)
    first = next(query["sql"] for query in ran.captured_queries if query["sql"].startswith("SELECT"))
    assert first.startswith('SELECT "people_person"')
    assert first.endswith(" FOR UPDATE") is bool(lock)


def test_once_in_a_cycle_somebody_says_that_they_are_here_because_they_want_to(
    signed_in: SignedIn, cass: Person, meeting: Meeting
) -> None:
    client = signed_in(cass)
    assert client.get("/").context["screen"].outlook.stated is False
    client.post("/mine/said/participation/", {"version": "1", "how": "self"})
    assert client.get("/").context["screen"].outlook.stated is True
    entry = ConsentEntry.objects.get(person=cass, purpose=Purpose.PARTICIPATION)
    assert (entry.about, entry.until) == (meeting.group.cycle_id, entry.on + timedelta(days=360))
    # A seat outlives its cycle: the yes goes on, is not asked for again, and none is about what is over.
    Cycle.objects.update(state=Cycle.State.ENDED)
    assert (standing_of(cass, Purpose.PARTICIPATION).asks, has_consent(cass, Purpose.PARTICIPATION)) == (False, True)
    # Taking it back is leaving, and that is asked once.
    assert client.post("/mine/said/participation/back/").headers["Location"] == "/mine/leave/"
    assert has_consent(cass, Purpose.PARTICIPATION)
    with time_machine.travel(timezone.now() + timedelta(days=361)):
        assert not has_consent(cass, Purpose.PARTICIPATION)
        assert standing_of(cass, Purpose.PARTICIPATION).about == cass.pk
    withdraw_consent(cass, Purpose.PARTICIPATION, actor=cass)
    assert client.get("/").context["screen"].outlook.stated is False


def test_leaving_takes_back_what_is_for_those_who_take_part(acting: Acting, cass: Person, tuesday: Group) -> None:
    says_yes(cass, Purpose.EMERGENCY)
    says_yes(cass, Purpose.ALUMNI)
    with acting(cass):
        leave(cass, actor=cass)
    in_force = ConsentEntry.objects.in_force().filter(person=cass).order_by("pk")
    assert [entry.purpose for entry in in_force] == [Purpose.KEEPING, Purpose.ALUMNI]


def test_a_yes_is_for_one_thing_and_for_the_words_that_were_read(acting: Acting, bo: Person, tuesday: Group) -> None:
    goal = wording_of(Purpose.GOAL, "en")
    with acting(bo):
        with pytest.raises(ValueError, match="needs that thing"):
            give_consent(bo, goal, actor=bo)
        give_consent(bo, goal, about=tuesday.pk, actor=bo)
        assert has_consent(bo, Purpose.GOAL, tuesday.pk)
        assert not has_consent(bo, Purpose.GOAL, bo.pk)
        with pytest.raises(ValueError, match="none to all"):
            has_consent(bo, Purpose.GOAL)
        with pytest.raises(KeyError):
            give(bo, Purpose.KEEPING, "0", ConsentEntry.How.SELF, actor=bo)
        old = wording_of(Purpose.ALUMNI, "en")
        object.__setattr__(old, "version", "0")
        with pytest.raises(Reworded):
            give_consent(bo, old, actor=bo)


def test_nobody_says_yes_or_takes_back_for_somebody_else(acting: Acting, ana: Person, cass: Person) -> None:
    with acting(ana):
        with pytest.raises(PermissionDenied):
            give_consent(cass, wording_of(Purpose.ALUMNI, "en"), actor=ana)
        with pytest.raises(PermissionDenied):
            withdraw(cass, Purpose.KEEPING, actor=ana)
    assert has_consent(cass, Purpose.KEEPING)


def test_the_database_itself_refuses_to_change_an_entry(cass: Person) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        ConsentEntry.objects.filter(person=cass).update(step=ConsentEntry.Step.WITHDRAWN)
    cass.delete()
    assert not ConsentEntry.objects.exists()
