"""What is asked before everything is erased."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ErasureForm(forms.Form):
    """One tick, never set beforehand: what is erased cannot come back."""

    sure = forms.BooleanField(
        label=_("I know that this cannot be undone"),
        error_messages={"required": _("Tick the box if you want everything to be erased.")},
    )
