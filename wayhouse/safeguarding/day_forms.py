"""What is sent to the list of closed days."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhouse.safeguarding.demand_forms import DayInput


class DaysForm(forms.Form):
    """Days on which nobody works, or on which it works though the sheet closes them."""

    CLOSED, WORKS = "closed", "works"

    first = forms.DateField(label=_("First day"), widget=DayInput())
    last = forms.DateField(label=_("Last day, if there are several"), widget=DayInput(), required=False)
    what = forms.ChoiceField(
        label=_("What happens"),
        choices=[(CLOSED, _("nobody works")), (WORKS, _("we work, though it is a holiday"))],
        initial=CLOSED,
    )
