"""What a field says where something is amiss, in the voice of the house: short, and with what to do.

Django has a sentence of its own for each. A field that needs another one brings it along (`error_messages`); those
that follow from a limit are looked up there by their code, too.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_NO_ANSWER = _("This is not one of the answers. Please choose again.")
# Nobody types it: it stands in the page, or a script puts it there.
_INCOMPLETE = _("Something is missing. Please load this page again.")

# From the general to the special, as the classes are made.
_SENTENCES: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {
        "required": _("Please fill this in."),
        "max_length": _("At most %(limit_value)d characters, please. It has %(show_value)d."),
        "min_length": _("Please take at least %(limit_value)d characters."),
        "min_value": _("Please write a number from %(limit_value)s on."),
        "max_value": _("Please write a number up to %(limit_value)s."),
        "null_characters_not_allowed": _("There is an invisible character in it. Please type it again by hand."),
    },
    forms.BooleanField: {"required": _("Please tick this.")},
    forms.IntegerField: {"invalid": _("Please write a whole number, such as 3.")},
    forms.DateField: {"invalid": _("Please write the day as year, month and day, such as 2027-01-31.")},
    forms.TimeField: {"invalid": _("Please write the time as hours and minutes, such as 18:30.")},
    forms.EmailField: {"invalid": _("Please write an e-mail address, such as name@example.org.")},
    forms.ChoiceField: {"required": _("Please choose."), "invalid_choice": _NO_ANSWER},
    forms.MultipleChoiceField: {
        "required": _("Please choose one at least."),
        "invalid_choice": _NO_ANSWER,
        "invalid_list": _NO_ANSWER,
    },
    forms.FileField: {
        "required": _("Please choose a file."),
        "invalid": _("Please choose a file."),
        "missing": _("Please choose a file."),
        "empty": _("This file is empty."),
    },
    forms.UUIDField: {"required": _INCOMPLETE, "invalid": _INCOMPLETE},
    forms.JSONField: {"required": _INCOMPLETE, "invalid": _INCOMPLETE},
}


def speak() -> None:
    """Put these in the place of what Django says. Before any form is made, since a field copies them."""
    for field, sentences in _SENTENCES.items():
        field.default_error_messages = {**field.default_error_messages, **sentences}
