"""What those who lead an evening write down afterwards: choices and ticks, and nowhere a free word."""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wayhouse.meetings.access_tasks import NEEDS
from wayhouse.meetings.forgetting import CAME
from wayhouse.meetings.models import Attendance, EveningRecord
from wayhouse.meetings.parts import MOODS
from wayhouse.meetings.tonight import Expected
from wayhouse.people.models import Person

_YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class Entry(TypedDict):
    """What an evening's form says, as `record_evening` takes it."""

    held: bool
    mood: int | None
    guide_used: bool
    follow_ups: list[EveningRecord.FollowUp]


class AttendanceForm(forms.Form):
    """Who came: one choice for each expected person. Nobody is marked beforehand, whatever they answered."""

    def __init__(self, data: Mapping[str, Any] | None, expected: Iterable[Expected], known: Mapping[Any, str]) -> None:
        """`known`: the presence already written down, by person id."""
        super().__init__(data)
        self._expected = list(expected)
        for who in self._expected:
            self.fields[f"seat-{who.person.pk}"] = forms.ChoiceField(
                label=who.name,
                choices=Attendance.Presence.choices,
                widget=forms.RadioSelect,
                initial=known.get(who.person.pk),
                error_messages={"required": _("Please choose.")},
            )

    presences = Attendance.Presence.choices

    def rows(self) -> list[tuple[Expected, BoundField]]:
        """Each expected person with their field."""
        return [(who, self[f"seat-{who.person.pk}"]) for who in self._expected]

    @property
    def present(self) -> int:
        """How many people it says were there, in the room or not."""
        return sum(self.data.get(name) in CAME for name in self.fields)

    def marks(self) -> dict[Person, Attendance.Presence]:
        """Who came and how. The form must be valid."""
        chosen = self.cleaned_data
        return {who.person: Attendance.Presence(chosen[f"seat-{who.person.pk}"]) for who in self._expected}


class EveningForm(forms.Form):
    """How the evening was, for the group as a whole."""

    held = forms.ChoiceField(
        label=_("Did the evening take place?"),
        choices=_YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose.")},
    )
    # Asked only where people are marked as present at an evening that did not take place. No mark can be unchosen.
    sure = forms.BooleanField(label=_("It did not take place, and these marks are not kept."), required=False)
    mood = forms.TypedChoiceField(
        label=_("How was the mood of the group?"),
        choices=list(MOODS.items()),
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose the word that fits best.")},
    )
    guide_used = forms.ChoiceField(
        label=_("Did you use the guide?"),
        choices=[("yes", _("Yes, more or less")), ("no", _("No, the evening needed something else"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose.")},
    )
    follow_ups = forms.TypedMultipleChoiceField(
        label=_("What has to be done?"),
        choices=EveningRecord.FollowUp.choices,
        coerce=EveningRecord.FollowUp,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Mapping[str, Any] | None, record: EveningRecord | None, *, present: int) -> None:
        """`record`: what was written down before, to be corrected; `present`: how many are marked as present."""
        super().__init__(data, initial=_initial(record) if record else None)
        self._present = present
        # An evening that did not take place had no mood and needed no guide.
        self.fields["mood"].required = self.fields["guide_used"].required = not self.says_not_held

    def clean(self) -> dict[str, Any]:
        """Nobody was present at an evening that did not take place."""
        if self.contradicts and not self.cleaned_data["sure"]:
            words = ngettext(
                "You marked %(number)s person as present. Did it take place after all?",
                "You marked %(number)s people as present. Did it take place after all?",
                self._present,
            )
            self.add_error("held", words % {"number": self._present})
        return self.cleaned_data

    @property
    def contradicts(self) -> bool:
        """Whether it says that the evening did not take place, with people who were there."""
        return self.says_not_held and self._present > 0

    @property
    def says_held(self) -> bool:
        """Whether it says that the evening took place."""
        return bool(self.data.get("held") == "yes")

    @property
    def says_not_held(self) -> bool:
        """Whether it says that the evening did not take place."""
        return bool(self.data.get("held") == "no")

    def entry(self) -> Entry:
        """What to write down. The form must be valid."""
        said = self.cleaned_data
        return Entry(
            held=said["held"] == "yes",
            mood=said["mood"],
            guide_used=said["guide_used"] == "yes",
            follow_ups=said["follow_ups"],
        )


class AccessForm(forms.Form):
    """What somebody needs to come, at one evening or at each from then on."""

    need = forms.ChoiceField(
        label=_("What do you need?"),
        choices=list(NEEDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose.")},
    )
    span = forms.ChoiceField(
        label=_("For which evenings?"),
        choices=[("one", _("For this one")), ("all", _("For this one and all that follow"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose.")},
    )


class DebriefForm(forms.Form):
    """The tick at the end of an evening."""

    talked = forms.BooleanField(label=_("We talked for ten minutes."), required=False)


def _initial(record: EveningRecord) -> dict[str, object]:
    yes = {True: "yes", False: "no"}
    return {
        "held": yes[record.held],
        "mood": record.mood,
        "guide_used": yes[record.guide_used],
        "follow_ups": record.follow_ups,
    }
