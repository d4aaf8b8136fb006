"""The moments at which programmes like this one fail (practice handbook, 2.1 and 2.4), and what the house does instead.

One test for each; docs/reference/failure-moments.md is the table of them.
"""

import re
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
import time_machine
from browser.looking import TELLING
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone, translation

from conftest import Acting, Cast, SignedIn
from wayhouse.arrivals import rules, welcoming
from wayhouse.arrivals.models import Voice
from wayhouse.arrivals.tests.conftest import WORDS, writes
from wayhouse.groups.models import Group, Seat
from wayhouse.leaving.actions import leave
from wayhouse.meetings.actions import record_evening
from wayhouse.meetings.models import Attendance, Meeting
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.notices.actions import agree_contact
from wayhouse.notices.calendar_file import Entry, calendar_file
from wayhouse.notices.hours import Hours
from wayhouse.notices.kinds import Channel, Kind
from wayhouse.notices.models import Notice
from wayhouse.notices.plan import Plan
from wayhouse.notices.sweeps import sweep
from wayhouse.people.actions import end_role
from wayhouse.people.entries import known_people
from wayhouse.people.models import KeepApart, Person, Programme, Role
from wayhouse.people.roster.reading import read_roster
from wayhouse.people.tests.tables import workbook

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "failure-moments.md"
WAY_OUT = re.compile('action="/leave/"|href="/month/"')
LANGUAGES = ("en", "de", "ar")
# Where a browser is told to keep nothing; signing in is offered to whatever keeps passphrases.
QUIET_FORM = re.compile('^<form[^>]*autocomplete="off"|name="login"')
TITLE = re.compile("<title>([^<]*)</title>")
FIRST_PAGES = ("/about/", "/hello/", "/hello/near/", "/hello/back/", "/help/", "/account/login/")

pytestmark = pytest.mark.second


def test_every_moment_stands_in_the_table_with_its_test() -> None:
    tests = {name for name in globals() if name.startswith("test_") and "_table_" not in name}
    assert set(re.findall(r"`(test_\w+)`", PAGE.read_text(encoding="utf-8"))) == tests


# -- 2.1, somebody who takes part ------------------------------------------------------------------


def test_somebody_hostile_finds_the_shared_phone(programme: Programme) -> None:
    """Titles and addresses are anybody's, nothing is kept, every page can be left, and nothing more is promised."""
    visitor = Client()
    for path in FIRST_PAGES:
        answer = visitor.get(path)
        text = answer.content.decode()
        assert not any(TELLING.search(shown) for shown in [path, *TITLE.findall(text)])
        assert ("no-store" in answer.headers["Cache-Control"], bool(WAY_OUT.search(text))) == (True, True)
        fields = re.findall("<(?:input|textarea)[^>]*>", text)
        typed = [field for field in fields if not re.search('type="(hidden|radio|checkbox)"', field)]
        kept = [field for field in typed if 'autocomplete="off"' not in field]
        assert (path == "/account/login/" or kept == [], all(map(QUIET_FORM.search, _forms(text)))) == (True, True)
    assert "We cannot hide everything." in visitor.get("/hello/").content.decode()


def _forms(text: str) -> list[str]:
    """The forms of a page into which something can be typed."""
    forms = re.findall("<form.*?</form>", text, re.DOTALL)
    return [form for form in forms if re.search('<textarea|type="(text|password)"', form)]


def test_a_message_or_a_calendar_is_seen_by_others() -> None:
    """Sentences are anybody's in every language; without a plan nothing goes; a calendar has a title and no place."""
    for language in LANGUAGES:
        with translation.override(language):
            assert not any(TELLING.search(str(kind.label)) for kind in Kind)
            title, _sentence = Plan(language=language).says(Kind.REMINDER)
            assert not TELLING.search(title)
    assert (Plan().channels, Plan().paged) == ((), False)
    start = timezone.now()
    entry = Entry(Person().pk, start, start + timedelta(hours=1), sequence=0, cancelled=False, changed_at=start)
    file = calendar_file("Choir", [entry]).decode()
    named = set(re.findall("^([A-Z-]+)[;:]", file, re.MULTILINE))
    assert ("SUMMARY" in named, named & {"LOCATION", "ORGANIZER", "ATTENDEE", "DESCRIPTION", "VALARM", "URL"}) == (
        True,
        set(),
    )


def test_somebody_from_before_sits_in_the_same_room(
    signed_in: SignedIn, acting: Acting, ana: Person, cass: Person, thursday: Group
) -> None:
    """Who wrote a name down is not seated there; whoever gives seats reads the group and no name, the other nothing."""
    signed_in(cass).post("/start/apart/", {"names": "Dee"})
    desk = signed_in(ana)
    desk.get("/")
    with acting(ana):
        rows = KeepApart.objects.select_related("item")
        assert {str(cass.pk)} < {who for row in rows for pair in combinations(row.people, 2) for who in pair}
    page = desk.get(f"/start/{cass.pk}/").content.decode()
    assert ("Not: <bdi>Wren</bdi>" in page, "Dee" in page) == (True, False)
    desk.post(f"/groups/{thursday.pk}/seat/", {"person": str(cass.pk)})
    assert not Seat.objects.current().filter(group=thursday, person=cass).exists()


def test_somebody_stays_away_quietly(
    signed_in: SignedIn, acting: Acting, ana: Person, bo: Person, cass: Person, meeting: Meeting
) -> None:
    """The house rings nobody: there is nowhere to write a relative down, and the first screen asks for no reason."""
    agree_contact(Plan(channels=(Channel.EMAIL,), email="c@example.org", hours=Hours()), actor=cass)
    evenings = Meeting.objects.filter(group=meeting.group).order_by("week")[:2]
    for evening in evenings:
        with acting(ana):
            staff_meeting(evening, {bo: ("Bo", Role.Kind.FACILITATOR)}, actor=ana)
        with time_machine.travel(evening.starts_at + timedelta(minutes=5), tick=False), acting(bo):
            record_evening(evening, {cass: Attendance.Presence.AWAY}, held=True, mood=3, actor=bo)
    with time_machine.travel(evening.ends_at + timedelta(days=1), tick=False):
        sweep()
        told = Notice.objects.exclude(kind=Kind.QUESTION).values_list("person_id", flat=True)
        assert set(told) <= {cass.pk, bo.pk}
        page = signed_in(cass).get("/").content.decode()
    assert not re.search("missed|absent|why were you", page, re.IGNORECASE)
    fields = {field.name for field in Person._meta.get_fields()} | set(Plan.__dataclass_fields__)
    assert not any(re.search("famil|relative|employer|emergency_contact|next_of_kin", name) for name in fields)


def test_leaving_feels_like_failing(signed_in: SignedIn, cass: Person) -> None:
    """One question, thanks, a copy, erasure and the way back; nobody asks why."""
    client = signed_in(cass)
    assert "So is leaving." in client.get("/mine/leave/").content.decode()
    page = client.post("/mine/leave/", follow=True).content.decode()
    for there in ("Thank you for the time you shared.", "/mine/erase/", 'href="/mine/"', "/people/me/back/"):
        assert there in page
    client.post("/people/me/back/")
    assert Person.objects.get(pk=cass.pk).status == Person.Status.ACTIVE


# -- 2.4, whoever coordinates ----------------------------------------------------------------------


def test_a_spreadsheet_grows_beside_the_house(signed_in: SignedIn, ana: Person, programme: Programme) -> None:
    """What waits goes out as a table that names nobody, so that no list of one's own is needed for it."""
    writes(programme)
    table = signed_in(ana).get("/notes/list.csv").content.decode()
    assert (table.count("\n"), WORDS in table, "cannot sleep" in table) == (2, False, False)


def test_one_person_holds_all_keys(acting: Acting, cast: Cast, ana: Person) -> None:
    """Whoever coordinates cannot go with the keys: another one takes them over, and reads on."""
    with acting(ana), pytest.raises(PermissionDenied):
        leave(ana, actor=ana)
    eva = cast.enter("eva", Role.Kind.COORDINATOR, ana)
    with cast.acting(eva):
        end_role(Role.objects.get(person=ana, kind=Role.Kind.COORDINATOR, until_on=None), actor=eva)
    with cast.acting(eva):
        assert "Eva" in {words["name"] for words in known_people(eva.programme).entries.values()}
    before = Person.objects.get(pk=ana.pk)
    with acting(before):
        leave(before, actor=before)
    assert Person.objects.get(pk=ana.pk).status == Person.Status.LEFT


def test_the_list_of_people_is_printed(signed_in: SignedIn, bo: Person, cass: Person, meeting: Meeting) -> None:
    """One evening's sheet: chosen names, no group and no place, for whom it was printed, until when; then no more."""
    there, client = f"/evenings/{meeting.pk}/seats/", signed_in(bo)
    sheet = client.get(there).content.decode()
    assert ("Cass" in sheet, "Kestrel" in sheet, "Library" in sheet) == (True, False, False)
    assert ("Printed for Bo." in sheet, "tear it up" in sheet) == (True, True)
    assert signed_in(cass).get(there).status_code == 404
    with time_machine.travel(meeting.ends_at + timedelta(minutes=1), tick=False):
        assert signed_in(bo).get(there).status_code == 302


@pytest.mark.parametrize("column", ["Former group", "Ideology", "Phone number", "Probation officer"])
def test_a_funder_wants_to_know_more(column: str) -> None:
    """The roster takes no column that it does not have: a table with one more is refused before anything is kept."""
    reading = read_roster(workbook(("Chosen name", "Languages", column), ("Fox", "en", "x")))
    assert [f"({column})" in str(problem) for problem in reading.problems] == [True]


def test_somebody_is_let_in_under_pressure(acting: Acting, ana: Person, bo: Person, programme: Programme) -> None:
    """Two decide, neither of them made by the other this week, after a talk; one vote given twice stays one."""
    stranger = writes(programme)
    for _again in range(2):
        with acting(ana):
            welcoming.give_voice(stranger.contact, Voice.Reason.MET, actor=ana)
    bo.roles.update(since_on=timezone.localdate() - timedelta(days=6))
    newly = Person.objects.get(pk=bo.pk)
    with pytest.raises(PermissionDenied):
        welcoming.give_voice(stranger.contact, Voice.Reason.MET, actor=newly)
    with acting(ana):
        assert not rules.is_agreed(stranger.contact)
    with acting(ana), pytest.raises(PermissionDenied):
        welcoming.welcome_contact(stranger.contact, "Fox", ["en"], actor=ana)
