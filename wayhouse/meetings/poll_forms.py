"""What is sent about a poll: days and times, and one choice for each; nowhere a free word."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhouse.core.days import moment_written
from wayhouse.meetings.models import FIXED_FROM, Meeting
from wayhouse.meetings.polls import MOST_OTHERS, Suits

_QUARTER = 15
_LATEST = timedelta(days=180)


class AskPollForm(forms.Form):
    """Until when to answer, and up to three other times."""

    until = forms.DateField(
        label=_("Answers until the end of"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Mapping[str, Any] | None, *, meeting: Meeting) -> None:
        """Days and times are those of the programme's place."""
        super().__init__(data)
        self._meeting = meeting
        self._zone = ZoneInfo(meeting.group.programme.time_zone)
        for number in range(1, MOST_OTHERS + 1):
            self.fields[f"day_{number}"] = forms.DateField(
                label=_("Day %(number)s") % {"number": number},
                required=number == 1,
                widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            )
            self.fields[f"time_{number}"] = forms.TimeField(
                label=_("Time %(number)s") % {"number": number},
                required=number == 1,
                widget=forms.TimeInput(attrs={"type": "time", "step": _QUARTER * 60}, format="%H:%M"),
            )
        self.order_fields([name for name in self.fields if name != "until"])

    def clean(self) -> dict[str, Any]:
        """`others` and `closes_at`: full quarters, all different, each late enough to be chosen afterwards."""
        said = super().clean() or {}
        asked = [self._time(said, number) for number in range(1, MOST_OTHERS + 1)]
        said["others"] = others = [moment for moment in asked if moment is not None]
        if self.errors:
            return said
        day: date = said["until"]
        said["closes_at"] = closes = datetime.combine(day + timedelta(days=1), time(), tzinfo=self._zone)
        if closes <= timezone.now():
            self.add_error("until", _("This day is over. Choose a later one."))
        elif closes > min([self._meeting.starts_at, *others]) - FIXED_FROM:
            self.add_error("until", _("Choose an earlier day: it ends at least 48 hours before each of the times."))
        return said

    def _time(self, said: Mapping[str, Any], number: int) -> datetime | None:
        names = f"day_{number}", f"time_{number}"
        day, at = (said.get(name) for name in names)
        if any(name in self.errors for name in names) or (day is None and at is None):
            return None
        if day is None or at is None:
            self.add_error(names[0] if day is None else names[1], _("A day and a time go together."))
            return None
        found = datetime.combine(day, at, tzinfo=self._zone)
        earlier = {self._meeting.starts_at, *(self._time(said, one) for one in range(1, number))}
        if at.minute % _QUARTER or at.second:
            self.add_error(names[1], _("Choose a full quarter of an hour."))
        elif found in earlier:
            self.add_error(names[0], _("This time is asked already."))
        elif not timezone.now() < found <= timezone.now() + _LATEST:
            self.add_error(names[0], _("Choose a day within the next six months."))
        return found


class AnswerPollForm(forms.Form):
    """One choice for each time. Nothing is chosen beforehand; who answered finds what they said."""

    def __init__(self, data: Mapping[str, Any] | None, *, options: Sequence[datetime], said: Sequence[str]) -> None:
        """`said`: one's own answer as it stands, or nothing."""
        super().__init__(data)
        for place, option in enumerate(options):
            self.fields[f"time_{place}"] = forms.ChoiceField(
                label=moment_written(option, "l, j F"),
                choices=Suits.choices,
                widget=forms.RadioSelect,
                initial=said[place] if said else None,
                error_messages={"required": _("Please choose.")},
            )

    def marks(self) -> list[Suits]:
        """What was chosen, in the order of the times. The form must be valid."""
        return [Suits(self.cleaned_data[name]) for name in self.fields]
