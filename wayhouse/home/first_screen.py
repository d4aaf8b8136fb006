"""The first screen: one name, and for each role somebody has, the part that belongs to it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, QuerySet, Subquery, UUIDField
from django.utils import timezone

from wayhouse.arrivals.avoiding import compare_lists
from wayhouse.conversations.counting import count_of, news
from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.forgetting import trim_lists
from wayhouse.home.beginning import Step, first_steps
from wayhouse.home.desk import Desk, desk_of
from wayhouse.meetings.apart import check_shifts_again
from wayhouse.meetings.outlook import Outlook, next_meeting_of
from wayhouse.meetings.parting import trim_cards_of
from wayhouse.meetings.tonight import Tonight, tonight_of
from wayhouse.mentoring.reading import new_letters
from wayhouse.people.holds import any_hold, closed_ids
from wayhouse.people.models import Person, Profile, Role, WayBack
from wayhouse.people.own_row import hand_over_rows
from wayhouse.people.rules import away_until, seat_held_until, was_ended
from wayhouse.safeguarding.board import how_many
from wayhouse.safeguarding.models import ConductStep, PlanOpening


@dataclass(frozen=True, slots=True)
class News:
    """How much is new in the spaces of somebody's groups; `group` where there is only one."""

    group: UUID | None
    new: int


@dataclass(frozen=True, slots=True)
class Screen:
    """What is shown; a part is None where the person does not have its role or nothing is ahead."""

    profile: Profile | None
    attends: bool
    serves: bool
    paused: bool
    away: bool
    away_until: date | None
    left: bool
    ended: bool
    audits: bool
    # Open concerns, and how many of them are overdue, for whoever answers for safety.
    safety: tuple[int, int] | None
    outlook: Outlook | None
    tonight: Tonight | None
    desk: Desk | None
    # An open way back that two of the staff make for this person.
    way_back: UUID | None
    # Whether others asked to open this person's safety plan, and they have not said yet that they read it.
    opened: bool
    # While somebody takes a break: until when their seat is theirs, and whether that day has come.
    held_until: date
    seat_let_go: bool
    news: News | None
    # How many words in threads of two are new; None where somebody has none of them.
    letters: int | None
    # Whether there is a step about how we are together to read, while one may appeal against it.
    told: bool
    # What a programme without a group has to do first.
    beginning: list[Step]

    @property
    def name(self) -> str:
        """The person's chosen name."""
        return self.profile.name if self.profile else ""

    @property
    def idle(self) -> bool:
        """Whether no role has a part here, as for a partner."""
        return not (self.attends or self.serves or self.audits or self.safety or self.desk)


@prepared
def _profile(person: UUID, holder: UUID, now: datetime, closed: tuple[UUID, ...]) -> QuerySet[Profile]:
    """The profile, and along with it what is new in the group, and whether a way back is being made: one round trip."""
    opened = PlanOpening.objects.filter(person=person, seen=False)
    back = WayBack.objects.open(now).filter(person=person).values("pk")[:1]
    told = ConductStep.objects.filter(person=person, appeal_until__gt=now).open()
    rows = Profile.objects.select_related("item").filter(person=person)
    marks = {"way_back": Subquery(back, output_field=UUIDField()), "opened": Exists(opened), "told": Exists(told)}
    letters = count_of(new_letters(person, now, closed))
    return rows.annotate(**marks, letters=letters, any_hold=any_hold(), **news(person, holder, closed))


def _profile_of(person: Person) -> Any:
    """The profile with its counts; with those who are closed left out, where there are any."""
    holder = person.user.holder_id if person.user else person.pk
    whose: dict[str, Any] = {"person": person.pk, "holder": holder, "now": timezone.now()}
    found: Any = next(iter(_profile(**whose, closed=())), None)
    closed = closed_ids() if found and found.any_hold else ()
    return next(iter(_profile(**whose, closed=closed)), None) if closed else found


def _news(profile: Any) -> News | None:
    if profile is None or not profile.spaces:
        return None
    return News(profile.space if profile.spaces == 1 else None, profile.new)


def first_screen(person: Person) -> Screen:
    """Everything the first screen needs, opened together with the person's keys."""
    attends, serves = person.holds(Role.Kind.MEMBER), person.leads_evenings
    profile = _profile_of(person)
    desk = desk_of(person) if person.is_coordinator else None
    screen = Screen(
        profile=profile,
        attends=attends,
        serves=serves,
        paused=person.status == Person.Status.PAUSED,
        away=person.status == Person.Status.AWAY,
        away_until=away_until(person),
        left=person.status == Person.Status.LEFT,
        ended=person.status == Person.Status.LEFT and was_ended(person),
        audits=person.holds(Role.Kind.AUDITOR),
        safety=how_many(person) if person.holds(Role.Kind.SAFEGUARDING_LEAD) else None,
        outlook=next_meeting_of(person) if attends else None,
        tonight=tonight_of(person) if serves else None,
        desk=desk,
        # Told where they look first: somebody says that they lost their keys.
        way_back=getattr(profile, "way_back", None),
        opened=getattr(profile, "opened", False),
        held_until=seat_held_until(person),
        seat_let_go=seat_held_until(person) <= timezone.localdate(),
        told=getattr(profile, "told", False),
        news=_news(profile) if attends and person.status == Person.Status.ACTIVE else None,
        letters=getattr(profile, "letters", 0) if attends or person.holds(Role.Kind.MENTOR) else None,
        beginning=first_steps(person.programme) if desk and not desk.groups else [],
    )
    open_all(
        [screen.profile] if screen.profile else (),
        screen.outlook.sealed() if screen.outlook else (),
        screen.tonight.sealed() if screen.tonight else (),
        screen.desk.sealed() if screen.desk else (),
    )
    if screen.desk:
        _tidy_up(screen.desk, person)
    return screen


def _tidy_up(desk: Desk, person: Person) -> None:
    """What only a coordinator's keys can do, and is due."""
    if desk.outdated:
        trim_cards_of(person.programme, actor=person)
    if person.programme.lists_outdated:
        trim_lists(person.programme, actor=person)
    if desk.lists:
        compare_lists(person.programme, actor=person)
    # A list may have kept somebody apart just now.
    if desk.lists or person.programme.shifts_unchecked:
        check_shifts_again(person.programme, actor=person)
    if person.programme.rows_unsealed:
        hand_over_rows(person.programme, actor=person)
