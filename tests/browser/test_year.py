"""A whole year of one member, from a search at night to the receipt of the erasure, with a clock that is moved.

What Fox does is done in a browser, by what stands on the pages; what the house's people do is done by their verbs, as
their own pages are walked elsewhere. The other tests of this folder visit a house that is a process of its own, whose
clock nobody can move; here the test itself serves the pages.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
import time_machine
from playwright.sync_api import Browser
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from browser.main_job import accept_invitation
from browser.visitors import PHONE, Visitor, open_window
from conftest import Cast, may_open
from wayhouse.arrivals import answering, orienting, welcoming
from wayhouse.arrivals.models import Contact, Step, Voice
from wayhouse.blueprints.actions import open_circle
from wayhouse.blueprints.pack import shipped
from wayhouse.groups import actions as groups
from wayhouse.groups.models import Cycle, OpeningConditions, Seat
from wayhouse.meetings.actions import record_evening
from wayhouse.meetings.models import Attendance, Guide, Meeting
from wayhouse.meetings.planning import plan_meetings
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.notices import channels
from wayhouse.notices.channels import Letter, Way
from wayhouse.notices.delivering import deliver_due
from wayhouse.notices.kinds import Channel
from wayhouse.notices.sweeps import sweep
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding.models import Concern
from wayhouse.safeguarding.posts import appoint
from wayhouse.safeguarding.protocol import Post

NIGHT = datetime.fromisoformat("2027-01-11T23:40:00+01:00")
WORDS, ANSWER = "I cannot sleep. Can I come?", "Yes. Come as you are."
HARD = "I do not want to be here tomorrow"


@dataclass
class Year:
    """The house and its people, Fox's browser, and the clock of both."""

    cast: Cast
    clock: time_machine.Traveller
    fox: Visitor
    ana: Person
    bo: Person
    letters: list[Letter] = field(default_factory=list)
    passphrase: str = ""

    def now_is(self, moment: datetime) -> None:
        """Let time pass, and let the house do meanwhile what it does by itself."""
        self.clock.move_to(moment)
        self.fox.context.clock.set_system_time(moment)
        sweep()
        deliver_due()

    def come(self, path: str) -> str:
        """Fox signs in, since every visit is long after the last one, and opens a page; its words."""
        self.fox.context.clear_cookies()
        self.fox.sign_in("fox", self.passphrase)
        return self.read(path)

    def read(self, path: str) -> str:
        """The words of a page of the house."""
        return self.fox.go(path).locator("main").inner_text()

    @property
    def words(self) -> str:
        """The words of the present page."""
        return self.fox.page.locator("main").inner_text()

    @property
    def person(self) -> Person:
        """Fox, as the house knows them."""
        return Person.objects.filter(roles__kind=Role.Kind.MEMBER).latest("created_on", "pk")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NIGHT, tick=True) as traveller:
        yield traveller


@pytest.fixture
def address(transactional_db: None, live_server: LiveServer, settings: Settings) -> str:
    # The live server speaks http.
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "sid", "form"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    return str(live_server.url)


@pytest.fixture
def year(
    address: str, clock: time_machine.Traveller, cast: Cast, ana: Person, bo: Person, chromium: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Year]:  # fmt: skip
    fox = open_window(chromium, address, window=PHONE, script=True)
    with closing(fox):
        made = Year(cast, clock, fox, ana, bo)
        monkeypatch.setitem(channels.WAYS, Channel.EMAIL, Way(lambda: True, made.letters.append))
        yield made


@pytest.mark.second
def test_a_whole_year_of_one_member(year: Year, sol: Person) -> None:
    with year.cast.acting(year.ana):
        appoint(sol, Post.LEAD, "Sol", actor=year.ana)
    code = _writes_at_night(year)
    _is_answered_and_welcomed(year, code)
    _begins(year)
    meetings = _evenings(year, date(2027, 2, 1), weeks=12)
    for number, meeting in enumerate(meetings[:6]):
        _an_evening(year, meeting, coming=number != 3)
    _a_hard_night(year, sol, meetings[5])
    _a_break(year, meetings[6:10])
    for meeting in meetings[10:]:
        _an_evening(year, meeting, coming=True)
    # After the twelve evenings the group goes on, until the last evening before Christmas.
    for meeting in _an_open_circle(year, meetings[-1], date(2027, 10, 11)):
        _an_evening(year, meeting, coming=True)
    _leaves(year)
    _is_erased(year)
    assert year.fox.complaints == []


def _writes_at_night(year: Year) -> str:
    """Without a name; the six words on paper."""
    fox = year.fox
    fox.go("/hello/")
    fox.page.locator("textarea").fill(WORDS)
    fox.send()
    code = fox.page.locator(".secret").inner_text()
    assert len(code.split()) == 6
    fox.page.locator("input[name=code]").fill(code)
    fox.send()
    assert fox.path == "/hello/notes/"
    assert WORDS in year.words
    fox.context.clear_cookies()
    return code


def _is_answered_and_welcomed(year: Year, code: str) -> None:
    """The next morning somebody answers; a week later two have met Fox, and the invitation lies behind the words."""
    contact = Contact.objects.select_related("programme", "scope").get()
    year.now_is(NIGHT + timedelta(hours=10))
    with year.cast.acting(year.ana):
        answering.answer_contact(contact, ANSWER, actor=year.ana)
    _comes_back(year, code)
    assert ANSWER in year.words
    assert not year.fox.page.locator("form[action='/hello/in/']").count()
    year.now_is(NIGHT + timedelta(days=7))
    for person in (year.ana, year.bo):
        with year.cast.acting(person):
            welcoming.give_voice(contact, Voice.Reason.MET, actor=person)
    with year.cast.acting(year.ana):
        welcoming.welcome_contact(contact, "Fox", ["en"], actor=year.ana)
    _comes_back(year, code)
    year.fox.press("form[action='/hello/in/'] button")
    year.passphrase = accept_invitation(year.fox, year.fox.page.url, "fox")


def _comes_back(year: Year, code: str) -> None:
    year.fox.context.clear_cookies()
    year.fox.go("/hello/back/")
    year.fox.page.locator("input[name=code]").fill(code)
    year.fox.send()


def _begins(year: Year) -> None:
    """Waits and reads what comes next, says what may be kept and how to be reached; nothing is ticked beforehand."""
    year.now_is(NIGHT + timedelta(days=10))
    assert "What happens next" in year.come("/start/")
    for step in Step.Kind:
        with year.cast.acting(year.ana):
            orienting.take_step(year.person, step, actor=year.ana)
    assert year.read("/start/").count("talked about") == len(Step.Kind)
    fox = year.fox
    fox.go("/mine/said/keeping/")
    assert not fox.page.locator("main input:checked").count()
    fox.send()
    assert "Thank you. You can take it back at any time, here." in year.words
    fox.go("/messages/").locator("select[name=first]").select_option("email")
    fox.page.locator("input[name=email]").fill("fox@example.org")
    fox.page.locator("input[name=stays][value=yes]").check()
    fox.send()
    assert "We write to you only as you say here." in year.come("/messages/")


def _evenings(year: Year, monday: date, *, weeks: int) -> list[Meeting]:
    """A cycle and its group, in which Fox has a seat; Bo leads each evening."""
    ana, bo, person = year.ana, year.bo, year.person
    _may_open(ana)
    with year.cast.acting(ana):
        made = {"pack": "twelve-evenings", "version": "1.0.0", "title": "Evenings", "weeks": weeks}
        cycle: Cycle = groups.begin_cycle(ana.programme, **made, starts_on=monday, actor=ana)  # type: ignore[arg-type]
        guides = [
            Guide(cycle=cycle, key=f"evening-{week}", language="en", week=week, title=f"Evening {week}", content={})
            for week in range(1, weeks + 1)
        ]
        Guide.objects.bulk_create(guides)
        words = {
            "name": "Kestrel",
            "venue": "Library, room 2",
            "slot": "tue-evening",
            "language": "en",
            "kind": "mixed",
        }
        groups.open_group(cycle, words, facilitators={bo: "Bo"}, members={person: "Fox"}, actor=ana)
        meetings = sorted(plan_meetings(cycle, actor=ana), key=lambda made: made.week)
        for meeting in meetings:
            staff_meeting(meeting, {bo: ("Bo", Role.Kind.FACILITATOR)}, actor=ana)
    return meetings


def _may_open(ana: Person) -> None:
    """Who is called on which night fills a year of its own, in the tests of that room."""
    OpeningConditions.objects.all().delete()
    may_open(ana.programme)


def _an_open_circle(year: Year, last: Meeting, monday: date) -> list[Meeting]:
    """The cycle ends by itself; a coordinator lets the group go on, Fox is told, and reads it beside their group."""
    year.now_is(last.starts_at + timedelta(days=8))
    ended = Cycle.objects.get(state=Cycle.State.ENDED)
    _may_open(year.ana)
    with year.cast.acting(year.ana):
        chosen, pack = [last.group_id], shipped("twelve-evenings")
        cycle = open_circle(ended, chosen, pack, monday, language="en", actor=year.ana)
        meetings = sorted(plan_meetings(cycle, actor=year.ana), key=lambda made: made.week)
        for meeting in meetings:
            staff_meeting(meeting, {year.bo: ("Bo", Role.Kind.FACILITATOR)}, actor=year.ana)
    before = len(year.letters)
    year.now_is(last.starts_at + timedelta(days=9))
    assert len(year.letters) == before + 1
    assert "nobody asks why" in year.come("/groups/mine/")
    return meetings


def _an_evening(year: Year, meeting: Meeting, *, coming: bool) -> None:
    """Fox answers with one tap, learns the place a day before, and reads afterwards what it was about."""
    there = f"/evenings/{meeting.pk}/"
    year.now_is(meeting.starts_at - timedelta(days=3))
    assert "Library" not in year.come(there)
    year.fox.press(f"form[action='{there}answer/'] button[value={'yes' if coming else 'no'}]")
    assert ("Good. See you there." if coming else "Thank you for telling us. See you soon.") in year.words
    year.now_is(meeting.starts_at - timedelta(hours=4))
    assert "Library" in year.come(there)
    year.now_is(meeting.starts_at + timedelta(minutes=95))
    _is_recorded(year, meeting, Attendance.Presence.HERE if coming else Attendance.Presence.AWAY)
    assert ("You were there." in year.come(there)) is coming


def _is_recorded(year: Year, meeting: Meeting, presence: Attendance.Presence) -> None:
    with year.cast.acting(year.bo):
        record_evening(meeting, {year.person: presence}, held=True, mood=4, actor=year.bo)


def _a_hard_night(year: Year, sol: Person, meeting: Meeting) -> None:
    """At night after an evening: numbers to call stand first; what Fox tells is read by whoever answers for safety."""
    year.now_is(meeting.starts_at + timedelta(hours=5))
    fox = year.fox
    year.come("/help/")
    words = year.read("/care/new/")
    assert "Call first, write later." in words
    fox.page.locator("input[name=level]").first.check()
    fox.page.locator("select[name=kind]").select_option(index=1)
    fox.page.locator("select[name=about]").select_option("me")
    fox.page.locator("textarea[name=words]").fill(HARD)
    fox.send()
    assert "It has arrived." in year.words
    with year.cast.acting(sol):
        assert Concern.objects.select_related("item").get().words == HARD
    assert "In the week of" in year.read("/care/mine/")


def _a_break(year: Year, missed: list[Meeting]) -> None:
    """One tap and no reason. The seat stays, nothing is written to Fox, and one tap ends it."""
    year.now_is(missed[0].starts_at - timedelta(days=5))
    year.come("/people/me/")
    year.fox.press("form[action='/people/me/pause/'] button")
    assert "Your seat stays yours for eight weeks." in year.words
    year.now_is(missed[0].starts_at - timedelta(days=4))
    before = len(year.letters)
    assert before > 0
    for meeting in missed:
        year.now_is(meeting.starts_at - timedelta(hours=4))
        year.now_is(meeting.starts_at + timedelta(minutes=95))
        with year.cast.acting(year.bo):
            record_evening(meeting, {}, held=True, mood=4, actor=year.bo)
    assert len(year.letters) == before
    year.now_is(missed[-1].starts_at + timedelta(days=1))
    assert "You are taking a break" in year.come("/people/me/")
    year.fox.press("form[action='/people/me/back/'] button")
    assert Seat.objects.current().filter(person=year.person).count() == 1


def _leaves(year: Year) -> None:
    """One question; thanks, and the ways that stay open."""
    year.now_is(datetime.fromisoformat("2028-01-05T19:00:00+01:00"))
    assert "Are you sure?" in year.come("/mine/leave/")
    year.fox.press("main .btn.danger")
    assert "Thank you for the time you shared." in year.words
    assert not Seat.objects.filter(person=year.person, until_on=None).exists()


def _is_erased(year: Year) -> None:
    """A week later: everything goes, the receipt is shown, and nothing of Fox opens or is found any more."""
    year.now_is(datetime.fromisoformat("2028-01-12T19:00:00+01:00"))
    fox, person = year.fox, year.person
    year.come("/people/me/")
    fox.go("/mine/erase/")
    assert fox.path == "/account/again/"
    fox.page.locator("input[name=password]").fill(year.passphrase)
    fox.send()
    fox.page.locator("input[name=sure]").check()
    fox.press("main .btn.danger")
    assert "Everything about you is erased." in year.words
    assert fox.page.locator("main dl.pairs dd").count() == 3
    assert not Person.objects.filter(pk=person.pk).exists()
    fox.go("/account/login/")
    fox.page.locator("input[name=login]").fill("fox")
    fox.page.locator("input[name=password]").fill(year.passphrase)
    fox.press("main form button")
    assert fox.path == "/account/login/"
