"""What the browser sends to keep venues, to draw up groups and to change them by hand."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wayhouse.groups.entering import Late
from wayhouse.groups.roster import INTERPRETERS
from wayhouse.groups.watching import SPANS, USUAL
from wayhouse.people.roster import names
from wayhouse.people.roster.problems import Refused
from wayhouse.people.roster.times import by_day

if TYPE_CHECKING:
    from wayhouse.groups.models import Venue

_MOST_INTERPRETERS, _MOST_ROOMS = 20, 50
NOWHERE = "none"


class _OfAPlace(forms.CharField):
    """Words that planning and people need of a place they go to."""

    needed = _("needed unless it is online")


class VenueForm(forms.Form):
    """Everything planning knows about a place."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As your people call it, such as: Library."))
    online = forms.BooleanField(label=_("This is an online room"), required=False)
    address = _OfAPlace(
        label=_("Address, or link of the online room"),
        max_length=200,
        required=False,
        help_text=_("Members read it a day before each evening, not earlier."),
    )
    area = _OfAPlace(
        label=_("Area"),
        max_length=names.AREA_AT_MOST,
        required=False,
        help_text=_("Town/District, as in the roster, such as: Harbourton/Old Mill."),
    )
    slots = forms.MultipleChoiceField(label=_("When it is open to you"), choices=by_day)
    rooms = forms.IntegerField(
        label=_("Groups that can meet there at the same hour"), min_value=1, max_value=_MOST_ROOMS, initial=1
    )
    step_free = forms.BooleanField(label=_("Can be reached without steps"), required=False)
    childcare = forms.BooleanField(label=_("Childcare is possible there"), required=False)

    @classmethod
    def words_of(cls, venue: "Venue") -> dict[str, Any]:
        """A venue as the form shows it. Error: `CannotOpen`."""
        return {name: getattr(venue, name) for name in cls.base_fields}

    def clean_area(self) -> str:
        """A coarse label, never an address."""
        try:
            return names.area(self.cleaned_data["area"])
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused

    def clean(self) -> dict[str, Any]:
        """A place that people go to has an address and an area."""
        words: dict[str, Any] = super().clean() or self.cleaned_data
        if not words.get("online"):
            for name, message in (
                ("address", _("People need to know where to go.")),
                ("area", _("Planning needs the area to know who can come.")),
            ):
                if not words.get(name) and name not in self.errors:
                    self.add_error(name, message)
        return words


class ProposeForm(forms.Form):
    """What the kernel cannot know."""

    interpreters = forms.IntegerField(
        label=_("Interpreters who can be booked at the same hour"),
        help_text=_("For each language. One interpreter serves four people of one group."),
        min_value=0,
        max_value=_MOST_INTERPRETERS,
        initial=INTERPRETERS,
    )
    seconds = forms.TypedChoiceField(
        label=_("Look for a good plan for at most"),
        help_text=_("You can watch, and stop at any time: the best plan so far is kept."),
        choices=SPANS,
        coerce=int,
        initial=USUAL,
    )
    what_if = forms.BooleanField(
        label=_("Also find out whom one more leader, room or interpreter would place"),
        help_text=_("This can take as long again."),
        required=False,
    )


def _late_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Why now, and not in a week of the pack?"),
        choices=[("", _("Choose")), *Late.choices],
    )


class RevisionForm(forms.Form):
    """Which state of a proposal the coordinator looked at."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class AcceptForm(RevisionForm):
    """A yes to a proposal, with a reason where running groups take nobody in this week."""

    late = _late_field()

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        """`needs_reason`: whether some of the plan comes between the weeks of the pack."""
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["late"]


class LockForm(RevisionForm):
    """Somebody of the plan, and whether they stay."""

    person = forms.UUIDField()
    stays = forms.BooleanField(required=False)


class CompareForm(forms.Form):
    """Two proposals of a cycle, by their numbers."""

    one = forms.TypedChoiceField(label=_("Compare"), coerce=int, empty_value=None)
    other = forms.TypedChoiceField(label=_("with"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, numbers: Sequence[int], **kwargs: Any) -> None:
        """`numbers`: those that are kept, the latest first."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.choices = [(number, proposal_name(number)) for number in numbers]  # type: ignore[attr-defined]
        if not self.is_bound and len(numbers) > 1:
            self.initial = {"one": numbers[0], "other": numbers[1]}


def proposal_name(number: int) -> str:
    """What a proposal is called."""
    return gettext("Proposal %(number)s") % {"number": number}


class WhoForm(forms.Form):
    """Somebody of the plan, and the number of the group that was chosen for them before, if any."""

    person = forms.UUIDField()
    target = forms.IntegerField(required=False)


class MoveForm(RevisionForm):
    """Somebody of the plan, and the number of the group they go to. `sure` once the consequences were shown."""

    sure = forms.BooleanField(required=False)

    person = forms.UUIDField()
    target = forms.TypedChoiceField(coerce=lambda value: None if value == NOWHERE else int(value), empty_value="")

    def __init__(self, data: Any, *, groups: int) -> None:
        """`groups`: how many the plan has."""
        super().__init__(data)
        choices = [(str(number), "") for number in range(groups)]
        self.fields["target"].choices = [*choices, (NOWHERE, "")]  # type: ignore[attr-defined]


class RenameGroupForm(forms.Form):
    """What a group is called from now on."""

    name = forms.CharField(
        label=_("Name of the group"),
        max_length=names.NAME_AT_MOST,
        help_text=_("Something that says nothing about anybody, such as a bird or a tree."),
    )

    def clean_name(self) -> str:
        """Visible characters of one alphabet."""
        try:
            return names.chosen_name(self.cleaned_data["name"])
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused


class GiveSeatForm(forms.Form):
    """Somebody without a seat, with a reason where the group takes nobody in this week."""

    person = forms.ChoiceField(label=_("Who"))
    late = _late_field()

    def __init__(
        self, *args: Any, people: Sequence[tuple[str, str]], needs_reason: bool = False, **kwargs: Any
    ) -> None:
        """`people`: ids with the words to choose by."""
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["late"]
        self.fields["person"].choices = [("", _("Choose")), *people]  # type: ignore[attr-defined]
