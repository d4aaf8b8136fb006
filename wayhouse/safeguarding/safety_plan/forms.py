"""What is sent about a safety plan."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhouse.people.consents.ledger import ConsentEntry
from wayhouse.safeguarding.safety_plan.parts import LONGEST, PARTS


class PlanForm(forms.Form):
    """Every part, none of them asked for; but an empty plan is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A field for each part."""
        super().__init__(*args, **kwargs)
        for part in PARTS:
            self.fields[part.name] = forms.CharField(
                label=part.title,
                help_text=part.hint,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 3}),
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """One line is enough."""
        said = super().clean() or {}
        if not any(value.strip() for value in said.values() if value):
            raise forms.ValidationError(_("Write one line at least. You can erase your plan on its page."))
        return said


class CopyForm(forms.Form):
    """A yes to the copy for emergencies, in the words that were shown."""

    version = forms.CharField(max_length=16, widget=forms.HiddenInput())
    language = forms.CharField(max_length=8, widget=forms.HiddenInput())
    how = forms.ChoiceField(label=_("How did you read this?"), choices=ConsentEntry.How.choices, initial="self")


class AskForm(forms.Form):
    """Why the plan of somebody has to be opened."""

    reason = forms.CharField(
        label=_("Why it has to be opened now"),
        help_text=_("A coordinator and the person themselves read this. Write nothing about who raised it."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReaderForm(forms.Form):
    """To whom."""

    reader = forms.ChoiceField(label=_("To whom"))

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """`people`: who can be chosen, by id and name."""
        super().__init__(*args, **kwargs)
        self.fields["reader"].choices = [("", _("Choose")), *people]  # type: ignore[attr-defined]
