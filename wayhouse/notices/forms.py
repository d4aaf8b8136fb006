"""What the browser sends in this room."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from wayhouse.accounts.oneself import Oneself
from wayhouse.notices import push
from wayhouse.notices.channels import is_set_up
from wayhouse.notices.hours import Hours
from wayhouse.notices.kinds import Channel
from wayhouse.notices.plan import LONGEST_TITLE, LONGEST_WORDS, Plan
from wayhouse.notices.push import LONGEST_ENDPOINT

_QUIET = {"autocomplete": "off", "spellcheck": "false"}
_CLOCK = {"type": "time", "class": "ltr"}
# E.164: a plus sign, the country, at most fifteen digits.
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
# What stands in the head of a mail or on a locked screen is one line.
_ONE_LINE = RegexValidator(r"[\x00-\x1f\x7f]", _("Please write it in one line."), inverse_match=True)
_STAYING = {Channel.EMAIL, Channel.SMS}


class PlanForm(forms.Form):
    """The safe-contact plan of whoever sends it."""

    first = forms.ChoiceField(label=_("How may we write to you?"))
    then = forms.ChoiceField(
        label=_("And if that does not arrive?"), required=False, help_text=_("You may leave this open.")
    )
    email = forms.EmailField(
        label=_("E-mail address"), required=False, help_text=_("For e-mail."), widget=forms.EmailInput(attrs=_QUIET)
    )
    phone = forms.CharField(
        label=_("Telephone number"),
        required=False,
        max_length=24,
        help_text=_("For text messages, with the country in front: +49 170 …"),
        widget=forms.TextInput(attrs={**_QUIET, "inputmode": "tel", "class": "ltr"}),
    )
    start = forms.TimeField(label=_("From"), widget=forms.TimeInput(format="%H:%M", attrs=_CLOCK))
    end = forms.TimeField(
        label=_("Until"),
        help_text=_("The same time twice means the whole day."),
        widget=forms.TimeInput(format="%H:%M", attrs=_CLOCK),
    )
    days = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        coerce=int,
        choices=[(number, name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=LONGEST_TITLE,
        validators=[_ONE_LINE],
        help_text=_("What others may see over the message. Empty: “Note”."),
        widget=forms.TextInput(attrs=_QUIET),
    )
    words = forms.CharField(
        label=_("Words of your own"),
        required=False,
        max_length=LONGEST_WORDS,
        validators=[_ONE_LINE],
        help_text=_("They stand in every message, whatever it is about. Empty: a plain sentence."),
        widget=forms.TextInput(attrs=_QUIET),
    )
    stays = forms.ChoiceField(
        label=_("May a message stay where others could find it later?"),
        choices=[("yes", _("Yes")), ("no", _("No: it shows for a moment, on this browser, or not at all"))],
        widget=forms.RadioSelect,
    )
    paged = forms.BooleanField(
        label=_("When I am on call, page me at every hour"),
        required=False,
        help_text=_("A page says “Please call in.” under your title."),
    )

    def __init__(self, data: Any = None, *, reader: Oneself, plan: Plan | None) -> None:
        """`plan` is what was agreed so far, if anything."""
        super().__init__(data, initial=_initial(plan) if plan else {**_initial(Plan()), "stays": None})
        self._reader = reader
        ways = [(channel.value, channel.label) for channel in Channel if is_set_up(channel)]
        for name, none in (("first", ()), ("then", (("", _("nothing more")),))):
            field: Any = self.fields[name]
            field.choices = [*none, *ways]
        offered = {value for value, _label in ways}
        # Only who has a part in running things can be on call; and nobody is asked for what this house does not use.
        wanted = {
            "paged": reader.opens_words_of_others,
            "email": Channel.EMAIL in offered,
            "phone": Channel.SMS in offered,
            "then": len(offered) > 1,
        }
        for name in (name for name, is_wanted in wanted.items() if not is_wanted):
            del self.fields[name]

    def clean_phone(self) -> str:
        """A number as gateways want it."""
        number = re.sub(r"[\s()/.-]", "", self.cleaned_data["phone"])
        if number and not _NUMBER.fullmatch(number):
            raise forms.ValidationError(_("Please write it with the country in front: +49 170 1234567."))
        return number

    def clean(self) -> dict[str, Any]:
        """What a way needs must be there, and nothing may go where it would stay against one's wish."""
        given: dict[str, Any] = self.cleaned_data
        ways = {given.get("first"), given.get("then")} - {"", None}
        if Channel.EMAIL in ways and not given.get("email") and "email" not in self.errors:
            self.add_error("email", _("For e-mail we need an address."))
        if Channel.SMS in ways and not given.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("For text messages we need a number."))
        if given.get("stays") == "no" and ways & _STAYING:
            self.add_error("stays", _("E-mails and text messages stay. Choose messages of this browser, or “Yes”."))
        return given

    def plan(self) -> Plan:
        """What was filled in. What no way needs is not kept."""
        given = self.cleaned_data
        channels = tuple(dict.fromkeys(Channel(way) for way in (given["first"], given.get("then")) if way))
        return Plan(
            channels=channels,
            email=given.get("email", "") if Channel.EMAIL in channels else "",
            phone=given.get("phone", "") if Channel.SMS in channels else "",
            language=self._reader.language,
            hours=Hours(given["start"], given["end"], tuple(given["days"]), timezone.get_current_timezone_name()),
            title=given["title"],
            words=given["words"],
            may_stay=given["stays"] == "yes",
            paged=given.get("paged", False),
        )


class CalendarForm(forms.Form):
    """Under which title one's times stand in a calendar."""

    title = forms.CharField(
        label=_("Title of every entry"),
        max_length=LONGEST_TITLE,
        validators=[_ONE_LINE],
        help_text=_("What others may read in your calendar. Something that raises no question."),
        widget=forms.TextInput(attrs=_QUIET),
    )


class DeviceForm(forms.Form):
    """What a browser says of itself; a script fills it in."""

    endpoint = forms.CharField(max_length=LONGEST_ENDPOINT, widget=forms.HiddenInput)
    p256dh = forms.CharField(max_length=200, widget=forms.HiddenInput)
    auth = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def add_for(self, reader: Oneself) -> bool:
        """Let this browser take messages; False where it is none that this house can write to."""
        try:
            push.add_device(**self.cleaned_data, actor=reader)
        except ValueError:
            return False
        return True


def _initial(plan: Plan) -> dict[str, Any]:
    first, then = (*plan.channels, "", "")[:2]
    return {
        "first": first,
        "then": then,
        "email": plan.email,
        "phone": plan.phone,
        "start": plan.hours.start,
        "end": plan.hours.end,
        "days": list(plan.hours.days),
        "title": plan.title,
        "words": plan.words,
        "stays": "yes" if plan.may_stay else "no",
        "paged": plan.paged,
    }
