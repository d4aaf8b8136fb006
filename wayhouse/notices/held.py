"""What this room holds about somebody, for the copy that they take."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wayhouse.notices.models import CalendarEntry, CalendarFeed, ContactPlan, Delivery, PushDevice


@dataclass(frozen=True, slots=True)
class Sent:
    """A notice on one way, and what became of it."""

    at: datetime
    words: str
    way: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Reached:
    """How somebody may be reached (None: not at all), what was sent, and the times in their calendar."""

    plan: dict[str, Any] | None
    browsers: int
    calendar_title: str | None
    calendar_times: list[datetime]
    sent: list[Sent]

    @property
    def anything(self) -> bool:
        """Whether there is anything at all."""
        return bool(self.plan or self.browsers or self.calendar_title or self.sent)


def reached(person_id: UUID) -> Reached:
    """All of it. Error: `CannotOpen` where the person was erased."""
    plan = ContactPlan.objects.filter(person_id=person_id).first()
    feed = CalendarFeed.objects.filter(person_id=person_id).first()
    times = CalendarEntry.objects.filter(person_id=person_id).order_by("starts_at", "pk")
    deliveries = Delivery.objects.filter(notice__person_id=person_id).select_related("notice")
    return Reached(
        plan=plan.open() if plan else None,
        browsers=PushDevice.objects.filter(person_id=person_id).count(),
        calendar_title=feed.open()["title"] if feed else None,
        calendar_times=list(times.values_list("starts_at", flat=True)),
        sent=[_sent(delivery) for delivery in deliveries.order_by("notice__due_at", "pk")],
    )


def _sent(delivery: Delivery) -> Sent:
    outcome = ", ".join(filter(None, (delivery.get_state_display(), delivery.get_why_display())))
    return Sent(delivery.notice.due_at, delivery.notice.get_kind_display(), delivery.get_channel_display(), outcome)
