"""What the browser sends to begin a cycle."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhouse.core.once import OnceForm

_LATEST = timedelta(days=366)


class WeekForm(forms.Form):
    """The Monday of the first week."""

    starts_on = forms.DateField(
        label=_("Monday of the first week"),
        help_text=_("Evenings take place in this week and the weeks after it. Any day of that week will do."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the Monday after next."""
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["starts_on"].initial = monday_of(today) + timedelta(weeks=2)

    def clean_starts_on(self) -> date:
        """Turn any day into the Monday of its week; the past and far-off years are refused."""
        monday, today = monday_of(self.cleaned_data["starts_on"]), timezone.localdate()
        if monday < monday_of(today):
            raise forms.ValidationError(_("This week is over. Choose this week or a later one."))
        if monday > today + _LATEST:
            raise forms.ValidationError(_("Choose a week within the next twelve months."))
        return monday


class StartCycleForm(WeekForm, OnceForm):
    """When the cycle begins."""


class OpenCircleForm(WeekForm):
    """Which groups go on, and the Monday of the first week."""

    groups = forms.MultipleChoiceField(
        label=_("Which groups go on?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("This group does not wait here any more.")},
    )
    field_order = ("groups", "starts_on")

    def __init__(self, *args: Any, groups: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """`groups`: id and name of each group that can go on; nothing is ticked where there are several."""
        super().__init__(*args, **kwargs)
        choices = self.fields["groups"]
        choices.choices = list(groups)  # type: ignore[attr-defined]  # a field of choices
        choices.initial = [key for key, _name in groups] if len(groups) == 1 else []


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
