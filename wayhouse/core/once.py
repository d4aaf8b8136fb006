"""Forms that write once, however often they are sent."""

import uuid
from typing import Any

from django import forms


class OnceForm(forms.Form):
    """`key` is another one each time the form is shown, and the name of what it writes."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A key of its own for each form that is shown."""
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4
