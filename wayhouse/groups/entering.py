"""In which weeks of a cycle a group that meets already takes people in: those that the pack names.

Later it takes a coordinator's reason, as every other change of what was agreed does (F10).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Cycle, Group
from wayhouse.people.roster.times import DAYS


class Late(models.TextChoices):
    """Why somebody comes into a group between the weeks of its pack. Sealed with the seat."""

    GROUP = "group", _("The group asked for it.")
    BACK = "back", _("They were in it before.")
    MOVED = "moved", _("They come from another group.")
    WAITING = "waiting", _("They cannot wait for the next time.")


class TooLate(Exception):  # noqa: N818  an answer to a person, not a fault
    """The group takes nobody in this week, and no reason was given; nothing was changed."""


def coming_week(group: Group, today: date) -> int:
    """The week of the next evening of an opened group, counted from 1. The evening of today counts as to come."""
    day = DAYS.index(group.slot.partition("-")[0])
    week = group.cycle.week_of(today)
    return max(1, week + (group.cycle.monday_of(week) + timedelta(days=day) < today))


def takes_in(group: Group, today: date) -> bool:
    """Whether whoever gets a seat today comes in a week that the pack names; one that names none takes in always."""
    weeks = group.cycle.entry_weeks
    return not weeks or coming_week(group, today) in weeks


def next_time(group: Group, today: date) -> int | None:
    """The next week in which the group takes people in, or None: this cycle has none any more."""
    return min((week for week in group.cycle.entry_weeks if week >= coming_week(group, today)), default=None)


def require_reason(group: Group, late: str, today: date) -> str:
    """The reason to keep with a seat: none where it needs none. Error: `TooLate`."""
    if takes_in(group, today):
        return ""
    if late not in Late.values:
        raise TooLate
    return late


def joins_late(plan: Mapping[str, Any], cycle: Cycle, today: date) -> bool:
    """Whether a plan seats somebody in a group that meets already and takes nobody in now. Error: `CannotOpen`."""
    if not cycle.entry_weeks:
        return False
    joined = {group["cell"] for group in plan["groups"] if set(group["members"]).difference(group["seated"])}
    running = Group.objects.open().filter(cycle=cycle).select_related("item", "cycle")
    found = [group for group in running if str(group.pk) in joined]
    open_all(found)
    return not all(takes_in(group, today) for group in found)
