"""What is asked before something is said yes to, and before everything is erased."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhouse.people.consents.ledger import ConsentEntry


class ConsentForm(forms.Form):
    """How the words were read; the button is the yes. `version` comes back, so that nobody agrees to other words."""

    how = forms.ChoiceField(label=_("How did you read this?"), choices=ConsentEntry.How.choices, initial="self")

    def __init__(self, data: Mapping[str, Any] | None, *, version: str) -> None:
        """`version`: the words that are shown now."""
        super().__init__(data)
        self.version = str(self.data.get("version", "")) or version


class ErasureForm(forms.Form):
    """One tick, never set beforehand: what is erased cannot come back."""

    sure = forms.BooleanField(
        label=_("I know that this cannot be undone"),
        error_messages={"required": _("Tick the box if you want everything to be erased.")},
    )
