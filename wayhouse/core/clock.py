"""The time of the house. Everything that asks for the time asks here."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext

MORNING, NOON, EVENING = 5, 12, 17


def now() -> datetime:
    """This moment, aware, in UTC."""
    return timezone.now()


def today() -> date:
    """The date where the house stands (setting TIME_ZONE)."""
    return timezone.localdate()


def greeting() -> str:
    """A greeting for this hour where the house stands, in the language of the reader."""
    hour = timezone.localtime().hour
    if MORNING <= hour < NOON:
        return gettext("Good morning")
    if NOON <= hour < EVENING:
        return gettext("Good afternoon")
    return gettext("Good evening")
