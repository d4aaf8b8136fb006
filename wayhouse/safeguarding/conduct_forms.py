"""What is sent to the conduct ladder."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhouse.core import clock
from wayhouse.safeguarding.conduct import LONGEST_AWAY, Decided
from wayhouse.safeguarding.conduct_words import RUNGS
from wayhouse.safeguarding.demand_forms import DayInput
from wayhouse.safeguarding.protocol.conduct import OVER_AFTER, Deed, Rung
from wayhouse.safeguarding.raising import LONGEST

_BY_PERSON = frozenset({Deed.SAY, Deed.AGREE, Deed.APPEAL})
# What belongs to a step; the rest may stay empty.
_NEEDS = {
    Rung.TALK: (),
    Rung.AGREEMENT: ("agreement", "review_on"),
    Rung.AWAY: ("until", "review_on"),
    Rung.ENDING: ("signpost",),
}


def _words(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST, widget=widget, required=required)


class ConductForm(forms.Form):
    """A step about somebody; every word is for the person."""

    rung = forms.ChoiceField(
        label=_("Which step"), choices=[(one.value, words) for one, words in RUNGS.items()], widget=forms.RadioSelect
    )
    reason = _words(
        _("Why"),
        _("What was done, when, and what it did to others, in words for the person. Nothing about what somebody thinks "
          "or believes, and nobody's name."),
        required=True,
    )  # fmt: skip
    agreement = _words(_("For an agreement: what is agreed"))
    until = forms.DateField(label=_("For time away: the day on which they are back"), widget=DayInput(), required=False)
    review_on = forms.DateField(
        label=_("When somebody who did not decide looks at it again"), widget=DayInput(), required=False
    )
    signpost = _words(_("For an ending: where the person finds help elsewhere"))

    def clean(self) -> dict[str, Any]:
        """What belongs to the step is there, and days are still to come."""
        said = super().clean() or {}
        for name in _NEEDS.get(Rung(said["rung"]), ()) if said.get("rung") else ():
            if not said.get(name) and name not in self.errors:
                self.add_error(name, _("This step needs it."))
        for name in ("until", "review_on"):
            if said.get(name) and said[name] <= clock.today():
                self.add_error(name, _("Choose a day that is still to come."))
        if said.get("until") and said["until"] > clock.today() + LONGEST_AWAY:
            self.add_error("until", _("At most twelve weeks: longer is an ending, and takes two of you."))
        if said.get("review_on") and said["review_on"] > clock.today() + OVER_AFTER:
            self.add_error("review_on", _("Within half a year."))
        return said

    def decided(self) -> Decided:
        """The same as a decision. The form must be valid."""
        said = dict(self.cleaned_data)
        return Decided(Rung(said.pop("rung")), **said)


class DeedForm(forms.Form):
    """A reason for the person, or the person's own words."""

    def __init__(self, *args: Any, deed: Deed, **kwargs: Any) -> None:
        """`deed`: what is done."""
        super().__init__(*args, **kwargs)
        if deed in _BY_PERSON:
            self.fields["words"] = _words(_("Your words"), required=deed == Deed.SAY)
        elif deed not in {Deed.CONFIRM, Deed.DROP}:
            self.fields["reason"] = _words(_("Why, in words for the person"), required=True)
