"""What can be said outside of the house: a channel, and a few fixed sentences that could come from anybody."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """A way to somebody."""

    PUSH = "push", _("a message of this browser")
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")


class Kind(models.TextChoices):
    """What sort of notice it is. The label is all that is ever said; what it is about is read after signing in."""

    NOTE = "note", _("You have a note.")
    REMINDER = "reminder", _("You have a reminder.")
    QUESTION = "question", _("A question is waiting for you.")
    CHANGED = "changed", _("Something has changed. Please have a look.")
    CALL_IN = "call_in", _("Please call in.")
    CALL_IN_NOW = "call_in_now", _("Please call in now.")
    TEST = "test", _("This is only a test.")


# Whoever is on call must know it from everything else: no words of their own take the place of these.
PAGES = (Kind.CALL_IN, Kind.CALL_IN_NOW)
