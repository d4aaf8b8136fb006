import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from conftest import Acting, Cast, SignedIn
from wayhouse.arrivals.avoiding import keep_list
from wayhouse.conversations.models import Post, Thread
from wayhouse.conversations.moderating import ask_again, hide_post
from wayhouse.conversations.reading import appeals_of
from wayhouse.conversations.writing import begin_thread
from wayhouse.crypto.items import seal
from wayhouse.groups.actions import open_group
from wayhouse.groups.models import Cycle, Group, OpeningConditions
from wayhouse.home.beginning import first_steps
from wayhouse.home.desk import desk_of
from wayhouse.leaving.actions import erase
from wayhouse.meetings.gaps import GAPS
from wayhouse.meetings.models import Guide, Meeting, Swap
from wayhouse.meetings.planning import plan_meetings
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.people import holds
from wayhouse.people.actions import end_role, pause
from wayhouse.people.invitations import found
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding.models import PlanOpening

Queries = Callable[[int], object]


def test_visitors_read_what_this_is(client: object, db: None) -> None:
    response = client.get("/")  # type: ignore[attr-defined]
    assert (response.status_code, response["Location"]) == (302, "/about/")


def test_a_member_sees_the_next_meeting(signed_in: SignedIn, cass: Person, meeting: Meeting) -> None:
    page = signed_in(cass).get("/").content.decode()
    assert "Good to see you, Cass" in page
    assert "Arriving" in page
    assert "Bo" in page
    assert "Library, room 2" not in page


def test_the_place_is_shown_a_day_before(signed_in: SignedIn, cass: Person, meeting: Meeting) -> None:
    with time_machine.travel(meeting.starts_at - timedelta(hours=23, minutes=59), tick=False):
        assert "Library, room 2" in signed_in(cass).get("/").content.decode()
    with time_machine.travel(meeting.starts_at - timedelta(hours=24, minutes=1), tick=False):
        assert "Library, room 2" not in signed_in(cass).get("/").content.decode()


def test_words_that_a_law_holds_wait_for_no_coordinator(
    acting: Acting, ana: Person, bo: Person, cass: Person, tuesday: Group
) -> None:
    with acting(cass):
        begin_thread(tuesday, "Hello.", kind=Thread.Kind.TALK, actor=cass)
    with acting(bo):
        hide_post(Post.objects.get(), tuesday, Post.Reason.NAMES, actor=bo)
    with acting(cass):
        ask_again(Post.objects.get(), tuesday, actor=cass)
    assert (desk_of(ana).appeals, appeals_of(ana).count()) == (1, 1)
    with transaction.atomic():
        holds.place(holds.Terms(cass.pk, date(2199, 1, 1)))
    with acting(cass):
        erase(cass, actor=cass)
    assert (desk_of(ana).appeals, appeals_of(ana).count()) == (0, 0)


def test_lists_and_openings_wait_for_the_coordinators_of_their_programme_alone(
    cast: Cast, ana: Person, cass: Person, tuesday: Group
) -> None:
    _programme, token = found("Harbour (invented)", "Other", "Zoe", time_zone="Europe/Berlin")
    zoe = cast.accept(token, "zoe")
    with cast.acting(cass):
        keep_list(cass, ["Dee"], actor=cass)
        asked = seal(tuesday.scope, "opening", {}, subject_id=cass.pk)
    PlanOpening.objects.create(item=asked, person=cass, asked_by=ana, ends_at=timezone.now() + timedelta(hours=1))
    assert [(desk.lists, desk.openings) for desk in (desk_of(ana), desk_of(zoe))] == [(1, 1), (0, 0)]


@pytest.mark.parametrize(
    ("tap", "said", "buttons"),
    [
        ("", [], {"yes": ("btn", "false", False), "no": ("btn quiet", "false", False)}),
        ("yes", ["You said yes."], {"yes": ("btn", "true", True), "no": ("btn quiet", "false", False)}),
        (
            "no",
            ["Not this time. Thank you for telling us."],
            {"yes": ("btn quiet", "false", False), "no": ("btn", "true", True)},
        ),
    ],
)
def test_what_a_member_answered_stands_out_and_is_said_in_words(
    signed_in: SignedIn,
    cass: Person,
    meeting: Meeting,
    tap: str,
    said: list[str],
    buttons: dict[str, tuple[str, str, bool]],
) -> None:
    """Of each button: its classes, whether it is pressed, and whether it has the check."""
    client = signed_in(cass)
    if tap:
        client.post(f"/evenings/{meeting.pk}/answer/", {"answer": tap})
        client.get(f"/evenings/{meeting.pk}/")  # thanks for the answer there, once
    page = client.get("/").content.decode()
    drawn = re.findall(
        r'<button class="([^"]*)" name="answer" value="(\w+)" aria-pressed="(\w+)">(<svg)?', page.replace("\n", "")
    )
    assert {value: (classes, pressed, bool(check)) for classes, value, pressed, check in drawn} == buttons
    assert [words for words in ("You said yes.", "Not this time. Thank you for telling us.") if words in page] == said


def test_whoever_pauses_can_come_back_and_is_not_asked(
    acting: Acting, signed_in: SignedIn, cass: Person, meeting: Meeting
) -> None:
    with acting(cass):
        pause(cass, actor=cass)
    page = signed_in(cass).get("/").content.decode()
    assert "Come back" in page
    assert "Not this time" not in page


def test_a_facilitator_sees_the_evening_to_lead(signed_in: SignedIn, bo: Person, meeting: Meeting) -> None:
    page = signed_in(bo).get("/").content.decode()
    assert "Kestrel" in page
    assert f"/evenings/{meeting.pk}/tonight/" in page


def test_a_coordinator_sees_gaps_and_the_board(signed_in: SignedIn, ana: Person, meeting: Meeting) -> None:
    page = signed_in(ana).get("/").content.decode()
    assert f'href="/evenings/{meeting.pk}/cover/"' in page
    assert "Kestrel" in page


def test_a_programme_without_a_group_reads_what_comes_first(
    cast: Cast, signed_in: SignedIn, ana: Person, django_assert_max_num_queries: Queries
) -> None:
    def states() -> list[str]:
        return [step.state for step in first_steps(ana.programme)]

    OpeningConditions.objects.all().delete()
    assert states() == ["now", "ahead", "ahead", "ahead", "ahead"]
    client = signed_in(ana)
    client.get("/")  # the first page sits down at the desk
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        page = client.get("/").content.decode()
    assert [words in page for words in ("Before the first evening", "No gaps", "Nobody waits")] == [True, False, False]


def test_what_is_done_of_the_beginning_is_told_as_done(ana: Person, cass: Person, tuesday: Group) -> None:
    states = [step.state for step in first_steps(ana.programme)]
    assert states == ["past", "now", "past", "past", "ahead"]
    Cycle.objects.update(state=Cycle.State.ENDED)
    OpeningConditions.objects.update(has_deputy=False)
    assert [step.state for step in first_steps(ana.programme)] == ["past", "now", "ahead", "ahead", "ahead"]


def test_with_a_group_the_beginning_is_over(signed_in: SignedIn, ana: Person, tuesday: Group) -> None:
    page = signed_in(ana).get("/").content.decode()
    assert [words in page for words in ("Before the first evening", "No gaps")] == [False, True]


def test_gaps_that_do_not_fit_are_counted_and_a_tap_away(
    cast: Cast, signed_in: SignedIn, ana: Person, cycle: Cycle, guides: list[Guide]
) -> None:
    with cast.acting(ana):
        for number in range(6):
            words = {"name": f"Group {number}", "slot": "tue-evening"}
            open_group(cycle, words, facilitators={}, members={}, actor=ana)
        plan_meetings(cycle, actor=ana)
    gaps, client = desk_of(ana).gaps, signed_in(ana)
    shown, later = gaps[:8], gaps[8:]
    there = f"/evenings/?from={timezone.localtime(later[0].meeting.starts_at).date()}"
    page = client.get("/").content.decode()
    assert [f"/evenings/{gap.meeting.pk}/cover/" in page for gap in gaps] == [True] * 8 + [False] * len(later)
    assert (f'href="{there}"' in page, f"{len(later)} later evening" in page) == (True, True)
    assert [str(gap.meeting.pk) in client.get(there).content.decode() for gap in later] == [True] * len(later)
    Meeting.objects.exclude(pk__in=[gap.meeting.pk for gap in shown]).delete()
    assert "later evening" not in client.get("/").content.decode()


def test_a_gap_is_what_the_rota_calls_a_gap(ana: Person, meeting: Meeting) -> None:
    lacks = {gap.meeting.pk: gap.lacks for gap in desk_of(ana).gaps}
    assert lacks[meeting.pk] == [(str(GAPS["mentor"]), True), (str(GAPS["reserve"]), False)]


def test_who_pauses_or_gave_up_the_role_leaves_a_gap(
    acting: Acting, ana: Person, bo: Person, max: Person, meeting: Meeting
) -> None:
    def lacks() -> list[str]:
        return next(([words for words, _urgent in gap.lacks] for gap in desk_of(ana).gaps), [])

    serving = {bo: ("Bo", Role.Kind.FACILITATOR), max: ("Max", Role.Kind.MENTOR)}
    Meeting.objects.exclude(pk=meeting.pk).delete()
    with acting(ana):
        staff_meeting(meeting, serving, actor=ana)
    assert lacks() == [str(GAPS["second-mentor"]), str(GAPS["reserve"])]
    with acting(max):
        pause(max, actor=max)
    assert lacks() == [str(GAPS["mentor"]), str(GAPS["reserve"])]
    with acting(ana):
        end_role(bo.roles.get(), actor=ana)
    assert lacks() == [str(GAPS["facilitator"]), str(GAPS["mentor"]), str(GAPS["reserve"])]


def test_a_swap_that_nobody_answered_in_time_waits_for_no_decision(ana: Person, bo: Person, meeting: Meeting) -> None:
    Swap.objects.create(meeting=meeting, asker=bo)
    with time_machine.travel(meeting.starts_at - timedelta(hours=1), tick=False):
        assert desk_of(ana).swaps == 1
    with time_machine.travel(meeting.starts_at + timedelta(hours=1), tick=False):
        assert desk_of(ana).swaps == 0


def test_an_auditor_finds_the_log(signed_in: SignedIn, aud: Person) -> None:
    assert "/transparency/" in signed_in(aud).get("/").content.decode()


def test_whom_no_role_gives_a_part_reads_that_nothing_waits(
    signed_in: SignedIn, pat: Person, aud: Person, bo: Person, cass: Person, ana: Person
) -> None:
    told = {
        who: "Nothing waits for you" in signed_in(who).get("/").content.decode() for who in (pat, aud, bo, cass, ana)
    }
    assert told == {pat: True, aud: False, bo: False, cass: False, ana: False}


def test_others_see_none_of_it(signed_in: SignedIn, dee: Person, pat: Person, meeting: Meeting) -> None:
    for person in (dee, pat):
        page = signed_in(person).get("/").content.decode()
        assert [word for word in ("Kestrel", "Arriving", "Cass", str(meeting.pk)) if word in page] == []


@pytest.mark.parametrize("groups", [1, 12])
def test_a_coordinators_first_screen_stays_within_its_queries(
    cast: Cast, signed_in: SignedIn, ana: Person, cycle: Cycle, groups: int, django_assert_max_num_queries: Queries
) -> None:
    with cast.acting(ana):
        for number in range(groups):
            words = {"name": f"Group {number}", "slot": "tue-evening"}
            open_group(cycle, words, facilitators={}, members={}, actor=ana)
    client = signed_in(ana)
    client.get("/")  # the first page sits down at the desk
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        assert client.get("/").content.decode().count("Group ") == groups


def test_a_members_first_screen_stays_within_its_queries(
    signed_in: SignedIn, cass: Person, meeting: Meeting, django_assert_max_num_queries: Queries
) -> None:
    client = signed_in(cass)
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        client.get("/")


def test_a_facilitators_first_screen_stays_within_its_queries(
    signed_in: SignedIn, bo: Person, meeting: Meeting, django_assert_max_num_queries: Queries
) -> None:
    client = signed_in(bo)
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        client.get("/")


def test_an_evening_without_a_record_is_asked_for(
    signed_in: SignedIn, ana: Person, tuesday: Group, meeting: Meeting
) -> None:
    with time_machine.travel(meeting.ends_at + timedelta(days=3), tick=False):
        assert "Evenings without a record" in signed_in(ana).get("/").content.decode()
    with time_machine.travel(meeting.ends_at + timedelta(days=30), tick=False):
        assert "Evenings without a record" not in signed_in(ana).get("/").content.decode()
    assert timezone.now() < meeting.ends_at
