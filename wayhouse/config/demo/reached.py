"""How some people of the demonstration may be reached, and what came of it in the last days."""

from datetime import time, timedelta

from django.db import transaction

from wayhouse.config.demo.cast import Cast
from wayhouse.core import clock
from wayhouse.notices.actions import agree_contact, notify
from wayhouse.notices.calendars import share_calendar
from wayhouse.notices.hours import EVERY_DAY, Hours
from wayhouse.notices.kinds import Channel, Kind
from wayhouse.notices.models import Delivery
from wayhouse.notices.plan import Plan

_ZONE = "Europe/Berlin"
_State, _Why = Delivery.State, Delivery.Why
# Days ago, what, by which way, and what became of it.
_PAST = (
    (9, Kind.QUESTION, Channel.PUSH, _State.DELIVERED, "", False),
    (7, Kind.REMINDER, Channel.PUSH, _State.DELIVERED, "", True),
    (4, Kind.CHANGED, Channel.PUSH, _State.FAILED, _Why.UNREACHABLE, False),
    (2, Kind.QUESTION, "", _State.SKIPPED, _Why.HANDLED, False),
)


def reach(cast: Cast) -> None:
    """Cass is reached after work under a title of hers; Bo may be paged at night; Cass has a calendar."""
    cass = cast.accounts["cass"]
    after_work = Hours(time(16), time(20, 30), EVERY_DAY, _ZONE)
    agree_contact(Plan(channels=(Channel.PUSH,), hours=after_work, title="Choir", may_stay=False), actor=cass)
    whole_day = Hours(time(8), time(8), EVERY_DAY, _ZONE)
    agree_contact(Plan(channels=(Channel.PUSH,), hours=whole_day, paged=True), actor=cast.accounts["bo"])
    share_calendar("Choir", actor=cass)
    with transaction.atomic():
        for days, kind, way, state, why, repeated in _PAST:
            at = clock.now() - timedelta(days=days)
            notify([cass.pk], kind, once=f"demonstration:{days}", due_at=at, ends_at=at + timedelta(days=1))
            sent = Delivery.objects.filter(notice__once=f"demonstration:{days}")
            sent.update(channel=way, state=state, why=why, repeated=repeated, done_at=at)
