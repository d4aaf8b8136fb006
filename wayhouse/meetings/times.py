"""When a weekly slot is: weekday and hour of the programme's own clock."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LENGTH = timedelta(minutes=90)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Handbook, section 2.3: doors at 18:30, close at 20:00; the other two parts of the day by the same measure.
_BEGINS = {"morning": time(10, 0), "afternoon": time(15, 0), "evening": time(18, 30)}
# From which hour on a time counts to a part of the day, the latest first.
_OPENS = {"evening": 17, "afternoon": 12, "morning": 0}

DAY_LABELS: dict[str, Promise] = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
PART_LABELS: dict[str, Promise] = {"morning": _("morning"), "afternoon": _("afternoon"), "evening": _("evening")}


def begins_at(monday: date, slot: str, time_zone: str) -> datetime:
    """The start of a slot such as "tue-evening" in the week of a Monday."""
    day, part = slot.split("-")
    on = monday + timedelta(days=_DAYS.index(day))
    return datetime.combine(on, _BEGINS[part], tzinfo=ZoneInfo(time_zone))


def slot_label(slot: str) -> str:
    """Say "tue-evening" as "Tuesday evening" in the reader's language."""
    day, part = slot.split("-")
    return f"{DAY_LABELS[day]} {PART_LABELS[part]}"


def slot_at(moment: datetime, time_zone: str) -> str:
    """The weekly slot in which a moment lies on the programme's own clock, such as "tue-evening"."""
    local = moment.astimezone(ZoneInfo(time_zone))
    part = next(part for part, hour in _OPENS.items() if local.hour >= hour)
    return f"{_DAYS[local.weekday()]}-{part}"
