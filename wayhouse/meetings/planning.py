"""From groups to evenings: every week of the cycle gets its meeting, and every meeting its sealed card."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto import items
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Cycle, Group, Seat
from wayhouse.meetings import rules
from wayhouse.meetings.models import EveningCard, Guide, HostName, Meeting, Shift
from wayhouse.meetings.times import LENGTH, begins_at
from wayhouse.people import reach
from wayhouse.people.models import Person, RosterEntry

SCOPE = "evening"
Seated = list[tuple[Seat, RosterEntry | None]]
# Somebody who took their seat this recently is greeted as a newcomer.
NEWCOMER_FOR = timedelta(days=14)


def plan_meetings(cycle: Cycle, *, actor: Person) -> list[Meeting]:
    """Give each open group of a cycle its meetings, where they are not there yet. The desk reaches every card.

    A group that opens while the cycle runs begins with its next evening: none is planned in the past.
    """
    require(rules.may_plan_meetings(actor, cycle))
    planned = Guide.objects.filter(cycle=cycle, week__gt=0).values_list("week", "until_week", "key")
    guides = {week: key for first, last, key in planned if first for week in range(first, (last or first) + 1)}
    with transaction.atomic():
        here = Meeting.objects.filter(cycle=cycle, group=OuterRef("pk"))
        groups = Group.objects.open().filter(~Exists(here), cycle=cycle).select_related("item", "programme__desk")
        open_all(groups)
        made = [
            _meeting(group, cycle, starts_at, week, key)
            for group in groups
            for week, key in sorted(guides.items())
            if (starts_at := _starts_at(group, cycle, week)) > timezone.now()
        ]
        if made:
            record("meetings.planned", cycle, actor=actor, meetings=len(made))
    return made


def write_cards(meetings: Iterable[Meeting], more: Mapping[UUID, Mapping[str, Any]] | None = None) -> None:
    """Seal the card of each meeting anew, from the seats, needs and shifts as they stand now.

    `more`: further words by meeting; whatever is not named stays as it is. The acting person must be a coordinator:
    only they open the roster. Error: `CannotOpen`.
    """
    wanted = list(meetings)
    seats_of = _seats(wanted)
    serving_at = _serving(wanted)
    cards = {card.meeting_id: card for card in EveningCard.objects.filter(meeting__in=wanted).select_related("item")}
    open_all(cards.values())
    # As they stand now, not as somebody read them before they were corrected.
    groups = Group.objects.filter(pk__in=seats_of).select_related("item", "cycle").in_bulk()
    open_all(groups.values())
    for meeting in wanted:
        group = groups[meeting.group_id]
        if meeting.cycle_id == group.cycle_id:
            meeting.cycle = group.cycle
        words = {
            "group_name": group.name,
            "venue": group.venue,
            "address": group.address,
            "language": group.language,
            "online": group.online,
            "serving": serving_at[meeting.pk],
            "expected": _of({Person.Status.ACTIVE}, seats_of[group.pk], meeting),
            "pausing": _of({Person.Status.PAUSED, Person.Status.AWAY}, seats_of[group.pk], meeting),
            **(more or {}).get(meeting.pk, {}),
        }
        if meeting.pk in cards:
            cards[meeting.pk].rewrite(**words)
        else:
            EveningCard.objects.create(meeting=meeting, item=items.seal(meeting.scope, "card", words))


def _starts_at(group: Group, cycle: Cycle, week: int) -> datetime:
    return begins_at(cycle.monday_of(week), group.slot, group.programme.time_zone)


def _meeting(group: Group, cycle: Cycle, starts_at: datetime, week: int, guide_key: str) -> Meeting:
    return Meeting.objects.create(
        group=group,
        cycle=cycle,
        scope=reach.share(SCOPE, group.programme.desk, []),
        week=week,
        guide_key=guide_key,
        starts_at=starts_at,
        announced_for=starts_at,
        ends_at=starts_at + LENGTH,
    )


def _seats(meetings: list[Meeting]) -> dict[Any, Seated]:
    groups = {meeting.group_id for meeting in meetings}
    seats = list(Seat.objects.current().members().filter(group__in=groups).select_related("item", "person"))
    people = [seat.person_id for seat in seats]
    entries = {entry.person_id: entry for entry in RosterEntry.objects.filter(person__in=people).select_related("item")}
    open_all(seats, entries.values())
    found: dict[Any, Seated] = {group: [] for group in groups}
    for seat in sorted(seats, key=lambda seat: seat.name.casefold()):
        found[seat.group_id].append((seat, entries.get(seat.person_id)))
    return found


def _serving(meetings: list[Meeting]) -> dict[Any, list[dict[str, Any]]]:
    # A mentor is not in the scope of the group, where these names lie: the card tells who is beside them.
    groups = {meeting.group_id for meeting in meetings}
    hosts = list(HostName.objects.filter(group__in=groups).select_related("item"))
    open_all(hosts)
    names = {(host.group_id, host.person_id): host.name for host in hosts}
    group_of = {meeting.pk: meeting.group_id for meeting in meetings}
    found: dict[Any, list[dict[str, Any]]] = {meeting.pk: [] for meeting in meetings}
    for shift in Shift.objects.filter(meeting__in=meetings).order_by("reserve", "role", "pk"):
        name = names.get((group_of[shift.meeting_id], shift.person_id), "")
        words = {"person": str(shift.person_id), "name": name, "role": shift.role, "reserve": shift.reserve}
        found[shift.meeting_id].append(words)
    return found


def _of(statuses: set[Person.Status], seats: Seated, meeting: Meeting) -> list[dict[str, Any]]:
    """Those who take part, or those who pause or are away: so that a mentor knows them, too, when they are back."""
    return [_expected(seat, entry, meeting) for seat, entry in seats if seat.person.status in statuses]


def _expected(seat: Seat, entry: RosterEntry | None, meeting: Meeting) -> dict[str, Any]:
    # Who goes on in a circle knows how the evenings are.
    is_first = meeting.week == 1 and not meeting.cycle.is_circle
    return {
        "person": str(seat.person_id),
        "name": seat.name,
        "needs": list(entry.needs) if entry else [],
        "newcomer": seat.since_on + NEWCOMER_FOR >= meeting.starts_at.date() or is_first,
    }
