"""How the demonstration is built: a roster from a spreadsheet, groups, a rota, and a past of some weeks."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from wayhouse.blueprints.actions import start_cycle
from wayhouse.blueprints.forms import monday_of
from wayhouse.blueprints.pack import shipped
from wayhouse.config.demo import past, safety, strangers
from wayhouse.config.demo.between import ask_without_names, write_between
from wayhouse.config.demo.cast import Cast
from wayhouse.config.demo.reached import reach
from wayhouse.config.demo.talk import talk
from wayhouse.crypto.keyring import use
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.actions import keep_venue
from wayhouse.groups.models import Cycle, Group, Seat
from wayhouse.groups.placing import accept_groups, propose_groups
from wayhouse.meetings.drawing_up import accept_rota, propose_rota
from wayhouse.meetings.models import Meeting, Shift
from wayhouse.people.importing import draft_roster, import_roster
from wayhouse.people.invitations import found
from wayhouse.people.models import Person, Role, RosterEntry
from wayhouse.people.roster.invent import AREAS
from wayhouse.people.roster.reading import read_roster

ROSTER = Path(__file__).parent / "roster.xlsx"
ORGANISATION, PROGRAMME = "Lantern Trust (invented)", "Open Circle"
SECONDS = 10
_EVENINGS = ("mon-evening", "tue-evening", "wed-evening", "thu-evening")
_DAYTIME = ("mon-morning", "tue-morning", "wed-morning", "thu-morning", "fri-morning", "sat-morning", "sat-afternoon")
VENUES: tuple[dict[str, Any], ...] = (
    {"name": "Library, room 2", "address": "1 Old Mill Lane, first floor", "area": AREAS[0], "slots": _EVENINGS,
     "rooms": 1, "step_free": True, "childcare": True},
    {"name": "Station house", "address": "Platform 3, side entrance", "area": AREAS[1], "slots": _EVENINGS + _DAYTIME,
     "rooms": 2, "step_free": True, "childcare": False},
    {"name": "Boat shed", "address": "Riverside 12", "area": AREAS[2], "slots": _DAYTIME,
     "rooms": 1, "step_free": False, "childcare": True},
    {"name": "Video room", "address": "https://video.example.org/room-4", "online": True,
     "slots": _EVENINGS + _DAYTIME, "rooms": 4, "step_free": True, "childcare": True},
)  # fmt: skip


def build(*, seconds: int = SECONDS) -> Cast:
    """Build the whole demonstration in an empty house. Takes half a minute; `seconds`: what each plan may take."""
    cast = Cast()
    _programme, token = found(ORGANISATION, PROGRAMME, "Ana", time_zone="Europe/Berlin")
    ana = cast.accept(token, "ana")
    with use(cast.keyring("ana")):
        import_people(ana)
        for words in VENUES:
            keep_venue(ana.programme, {**words, "slots": list(words["slots"])}, actor=ana)
        safety.name_posts(cast, ana)
        safety.drill(cast)
    with use(cast.keyring("ana")):
        cycle = plan(ana, seconds)
        past.live(cycle)
        past.arrange(cycle, ana)
        group = _bring(cast, ana, cycle)
        strangers.write(ana, cast.accounts["bo"])
        strangers.orient(cast.accounts["cass"], ana=ana)
    talk(cast, group)
    write_between(cast)
    ask_without_names(cast)
    reach(cast)
    safety.live(cast)
    safety.write_to(cast)
    safety.talk_about(cast)
    return cast


def import_people(ana: Person) -> None:
    """The spreadsheet that ships with the house, through the same import that coordinators use."""
    draft = draft_roster(ana.programme, read_roster(ROSTER.read_bytes()), actor=ana)
    import_roster(ana.programme, draft, actor=ana)


def plan(ana: Person, seconds: int) -> Cycle:
    """A cycle with its groups and its rota, as the kernels propose them."""
    monday = monday_of(timezone.localdate()) + timedelta(weeks=1)
    cycle = start_cycle(shipped("twelve-evenings"), monday, language="en", actor=ana)
    groups = propose_groups(cycle, actor=ana, seconds=seconds)
    accept_groups(groups, revision=groups.revision, actor=ana)
    cycle.refresh_from_db()
    rota = propose_rota(cycle, actor=ana, seconds=seconds)
    accept_rota(rota, revision=rota.revision, actor=ana)
    return cycle


def _bring(cast: Cast, ana: Person, cycle: Cycle) -> Group:
    """Bo leads an evening that Max accompanies, Cass attends that group, Dee another. Returns Cass's group."""
    led = _most_led(cycle)
    meeting, mentor = led.meeting, led.meeting.shifts.serving().filter(role=Role.Kind.MENTOR)[0].person
    seats = Seat.objects.current().members().order_by("since_on", "pk").select_related("person")
    chosen = {
        "bo": led.person,
        "max": mentor,
        "cass": seats.filter(group=meeting.group)[0].person,
        "dee": seats.exclude(group=meeting.group).filter(group__cycle=cycle)[0].person,
    }
    entries = {entry.person_id: entry for entry in RosterEntry.objects.select_related("item").filter(
        person__in=[person.pk for person in chosen.values()]
    )}  # fmt: skip
    open_all(entries.values())
    for handle, person in chosen.items():
        cast.bring(handle, person, entries[person.pk].name, host=ana)
    for handle, name, kind in (
        ("aud", "Aud", Role.Kind.AUDITOR),
        ("pat", "Pat", Role.Kind.PARTNER),
    ):
        cast.bring_guest(handle, name, kind, host=ana)
    return meeting.group


def _most_led(cycle: Cycle) -> Shift:
    """The next evening, with a mentor, of whoever leads their own group most often: a newcomer sees more than one."""
    ahead = Meeting.objects.upcoming().filter(group__cycle=cycle)
    accompanied = Shift.objects.serving().filter(meeting=OuterRef("meeting"), role=Role.Kind.MENTOR)
    leading = Shift.objects.serving().filter(meeting__in=ahead, role=Role.Kind.FACILITATOR)
    often = Counter(leading.values_list("meeting__group", "person"))
    staffed = (
        leading.filter(Exists(accompanied)).select_related("meeting__group", "person").order_by("meeting__starts_at")
    )
    return max(staffed, key=lambda shift: often[shift.meeting.group_id, shift.person_id])
