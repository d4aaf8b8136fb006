"""What is sent to the register of demands."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhouse.core import clock
from wayhouse.safeguarding import law
from wayhouse.safeguarding.demand_words import MATTERS, SAID
from wayhouse.safeguarding.protocol import Post
from wayhouse.safeguarding.protocol.demands import DECISIONS, Matter, Move
from wayhouse.safeguarding.raising import LONGEST
from wayhouse.safeguarding.words import ABOUT

Choices = Sequence[tuple[str, str]]
MOVE_FIELDS: dict[Move, tuple[str, ...]] = {
    Move.CHECK: ("law_sheet", "validity", "counsel"),
    Move.NARROW: ("asked",),
    Move.CHALLENGE: ("asked",),
    Move.PROPOSE: ("matter", "reason"),
    Move.HOLD: ("reason", "again"),
    Move.LIFT: ("reason",),
    Move.STAY: ("reason", "again"),
    Move.CONFIRM: ("proposal",),
    Move.WITHDRAW: ("reason",),
    Move.UNSIGN: ("reason",),
    Move.ANSWER: ("given", "whom"),
    Move.REFUSE: ("said",),
    Move.TELL: ("person", "told"),
    Move.MAY_NOT_TELL: ("person", "reason", "law_sheet", "again"),
    Move.NOTE: ("note",),
    Move.CLOSE: (),
    Move.TAKE_UP: ("reason",),
}


class DayInput(forms.DateInput):
    """A day, as browsers ask for one."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _text(name: str, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
    return forms.CharField(label=SAID[name], max_length=LONGEST, widget=widget)


class DemandForm(forms.Form):
    """What an authority asks for."""

    who = _text("who", 1)
    basis = _text("basis", 1)
    what = _text("what")
    about = _text("about", 2)
    until = forms.DateField(label=SAID["until"], widget=DayInput(), required=False)
    people = forms.MultipleChoiceField(
        label=_("Whom it concerns, of those somebody told you about"),
        help_text=_("Their records can be held. Whoever it concerns does not read this page. Raise a concern about "
                    "somebody who is not in the list."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    without = forms.MultipleChoiceField(
        label=_("Who must not read this?"),
        choices=[(post.value, ABOUT[post.value]) for post in (Post.LEAD, Post.DEPUTY, Post.DIRECTOR)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        """`people`: concerns about somebody who is known here, by id, with what they are called."""
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = list(people)  # type: ignore[attr-defined]
        if not people:
            del self.fields["people"]


class MoveForm(forms.Form):
    """What one step asks for."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, move: Move, country: str, people: Choices, proposal: object
    ) -> None:
        """`people`: those whom it concerns; `proposal`: the entry that would be signed, or None."""
        super().__init__(data, initial={"proposal": proposal})
        self.move = move
        for name in MOVE_FIELDS[move]:
            self.fields[name] = _field(name, country, people)

    def clean_again(self) -> date:
        """A day to come."""
        day: date = self.cleaned_data["again"]
        if day <= clock.today():
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return day

    def words(self) -> dict[str, str]:
        """What was said, ready to be sealed. The form must be valid."""
        return {name: str(value) for name, value in self.cleaned_data.items() if name != "matter"}

    def matter(self) -> Matter | None:
        """What is proposed, where it was asked."""
        return Matter(self.cleaned_data["matter"]) if "matter" in self.fields else None


def _field(name: str, country: str, people: Choices) -> forms.Field:
    if name == "proposal":
        return forms.UUIDField(widget=forms.HiddenInput())
    if name == "matter":
        choices = [(one.value, MATTERS[one]) for one in DECISIONS]
        return forms.ChoiceField(label=SAID[name], choices=choices, widget=forms.RadioSelect)
    if name == "law_sheet":
        return forms.ChoiceField(label=SAID[name], choices=law.choices(country))
    if name == "person":
        return forms.ChoiceField(label=SAID[name], choices=people)
    if name == "again":
        return forms.DateField(label=SAID[name], widget=DayInput())
    return _text(name)
