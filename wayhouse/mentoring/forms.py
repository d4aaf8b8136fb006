"""What people send in threads of two, and a mentor's office hours."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from wayhouse.core.once import OnceForm
from wayhouse.core.widgets import FixedSelect
from wayhouse.mentoring.asked import LONGEST_QUESTION
from wayhouse.mentoring.models import LONGEST_LETTER, LONGEST_NAME, MOST_PAIRS, Offer
from wayhouse.notices.hours import Hours

_CLOCK = {"type": "time", "class": "ltr"}
# "Area/Town" as people know them; what else the database of zones lists are old names and technical ones.
_AREAS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
QUIET_WEEKS = (
    (2, _("Yes, after two quiet weeks")),
    (4, _("Yes, after four quiet weeks")),
    (0, _("No, leave it to me")),
)


@cache
def zones() -> tuple[str, ...]:
    """Every time zone that is named after a town."""
    return tuple(name for name in sorted(available_timezones()) if name.startswith(_AREAS))


class ZoneField(forms.CharField):
    """One of these zones."""

    default_error_messages = {"invalid_choice": forms.ChoiceField.default_error_messages["invalid_choice"]}
    widget = FixedSelect(zones)

    def validate(self, value: str) -> None:
        """Error: `ValidationError` for what is none."""
        super().validate(value)
        if value not in zones():
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})


class LetterForm(OnceForm):
    """Words to the other one."""

    text = forms.CharField(
        label=_("Your words"),
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write something first.")},
    )


class NudgeForm(forms.Form):
    """Whether the mentor may be asked, when it has been quiet for a while, if a hello would be welcome."""

    quiet_weeks = forms.TypedChoiceField(
        label=_("If it gets quiet: would a hello be welcome?"),
        help_text=_("Twice at most in four weeks, then no more. You can change this at any time."),
        choices=QUIET_WEEKS,
        coerce=int,
        widget=forms.RadioSelect,
    )
    if_missed = forms.TypedChoiceField(
        label=_("And if you miss two evenings in a row?"),
        help_text=_(
            "Not counted: evenings for which you said that you would not come; those during a break; and all of them, "
            "unless you said yes to keeping who came."
        ),
        choices=((1, _("Yes, then, too")), (0, _("No, leave it to me"))),
        coerce=lambda said: said == "1",
        widget=forms.RadioSelect,
    )


class BeginForm(NudgeForm):
    """The first words to a mentor, and how one wants to be called. Nothing is chosen beforehand."""

    name = forms.CharField(
        label=_("How shall your mentor call you?"),
        max_length=LONGEST_NAME,
        help_text=_("Any name you like."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("Your first words"),
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("A hello is enough."),
        error_messages={"required": _("Write something first.")},
    )
    field_order = ["name", "text", "quiet_weeks", "if_missed"]


class HoursForm(forms.Form):
    """When a mentor reads, and for whom."""

    days = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        coerce=int,
        choices=[(number, name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one day at least.")},
    )
    start = forms.TimeField(label=_("From"), widget=forms.TimeInput(format="%H:%M", attrs=_CLOCK))
    end = forms.TimeField(label=_("Until"), widget=forms.TimeInput(format="%H:%M", attrs=_CLOCK))
    zone = ZoneField(label=_("Where your clock stands"))
    takes = forms.TypedChoiceField(
        label=_("How many people may write with you?"),
        coerce=int,
        choices=[(number, str(number)) for number in range(MOST_PAIRS + 1)],
        help_text=_("Members of groups whose evenings you come to. Who writes with you already stays."),
    )
    answers = forms.BooleanField(
        label=_("I answer questions that somebody asks without a name"),
        required=False,
        help_text=_("Neither of you learns who the other one is, unless both of you want to."),
    )

    def __init__(self, data: Any = None, *, offer: Offer | None) -> None:
        """`offer` is what was said so far, if anything; nothing is offered beforehand."""
        zone = timezone.get_current_timezone_name()
        said = {"zone": zone, "takes": 0}
        if offer:
            said = {
                "days": list(offer.hours.days),
                "start": offer.hours.start,
                "end": offer.hours.end,
                "zone": offer.hours.zone,
                "takes": offer.takes,
                "answers": offer.answers,
            }
        super().__init__(data, initial=said)

    def hours(self) -> Hours:
        """What was filled in."""
        given = self.cleaned_data
        return Hours(given["start"], given["end"], tuple(given["days"]), given["zone"])


class QuestionForm(LetterForm):
    """A question without a name."""

    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Leave out names, places and days. Where few people take part, words alone can tell who wrote them."
        ),
        error_messages={"required": _("Write something first.")},
    )


class NameForm(forms.Form):
    """The name that opens if the other one opens theirs."""

    name = forms.CharField(
        label=_("By which name?"),
        max_length=LONGEST_NAME,
        help_text=_("Any name you like."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
