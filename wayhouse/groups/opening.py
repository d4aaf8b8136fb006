"""What has to be there before a group opens, so that somebody answers when one of its people is in danger.

The table is written by the room of safeguarding, which stands above; here it is only read.
"""

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext as _

from wayhouse.core import clock
from wayhouse.people.models import Programme

# Practice handbook F57: the rota of those on call for so long, a drill not older than that.
ROTA_AHEAD = timedelta(days=27)
DRILL_LASTS = timedelta(days=90)


class OpeningConditions(models.Model):
    """What is there in one programme; without a row nothing is."""

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="opening_conditions")
    has_lead = models.BooleanField(default=False)
    has_deputy = models.BooleanField(default=False)
    # The last day up to which, without a gap, two are on call.
    rota_until = models.DateField(null=True)
    # Everybody on that rota can be paged on two ways.
    can_be_paged = models.BooleanField(default=False)
    has_numbers = models.BooleanField(default=False)
    drilled_on = models.DateField(null=True)

    def lacking(self, today: date) -> list[str]:
        """Codes of what is missing."""
        there = {
            "lead": self.has_lead,
            "deputy": self.has_deputy,
            "rota": self.rota_until is not None and self.rota_until >= today + ROTA_AHEAD,
            "paged": self.can_be_paged,
            "numbers": self.has_numbers,
            "drill": self.drilled_on is not None and self.drilled_on >= today - DRILL_LASTS,
        }
        return [code for code, is_there in there.items() if not is_there]


class NotReady(Exception):  # noqa: N818  an answer to a person, not a fault
    """Something that has to be there before a group opens is missing; `lacking` has the codes."""

    def __init__(self, lacking: list[str]) -> None:
        """`lacking`: codes as in `OpeningConditions`."""
        super().__init__(", ".join(lacking))
        self.lacking = lacking


def lacking_to_open(programme: Programme) -> list[str]:
    """Codes of what a programme lacks; empty where its groups may open."""
    row = OpeningConditions.objects.filter(programme=programme).first() or OpeningConditions()
    return row.lacking(clock.today())


def lacking_as_fetched(programme: Programme) -> list[str]:
    """The same for a page that fetched the conditions along with the programme; no query."""
    row: OpeningConditions = getattr(programme, "opening_conditions", None) or OpeningConditions()
    return row.lacking(clock.today())


def words_for(lacking: list[str]) -> list[str]:
    """What is missing, in words."""
    words = {
        "lead": _("A safeguarding lead is named."),
        "deputy": _("A deputy is named."),
        "rota": _("For the next four weeks, two people are on call each day."),
        "paged": _("Everybody on call can be paged in at least two ways."),
        "numbers": _("The emergency numbers of the country are known."),
        "drill": _("In the last 90 days, a drill has shown that a call is really delivered."),
    }
    return [words[code] for code in lacking]
