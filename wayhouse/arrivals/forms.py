"""What the browser sends in this room."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from wayhouse.arrivals.models import Voice
from wayhouse.crypto import return_codes
from wayhouse.people.models import Programme
from wayhouse.people.roster.names import NAME_AT_MOST

LONGEST = 4000
MOST_NAMES = 10
_LONGEST_CODE = 200
_QUIET = {"autocomplete": "off", "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class NoteForm(forms.Form):
    """A few words, or many."""

    words = forms.CharField(
        label=_("Your words"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 7, "autocomplete": "off"}),
        error_messages={"required": _("A few words are enough.")},
    )


class FirstNoteForm(NoteForm):
    """The first words; where the house has several programmes, to which of them."""

    def __init__(self, data: Any = None, *, programmes: Sequence[Programme]) -> None:
        """`programmes` are those of the house, at least one."""
        super().__init__(data)
        self.programmes = {str(programme.pk): programme for programme in programmes}
        self.fields["words"].help_text = _(
            "No name, no address, no telephone number: leave out what could tell who you are."
        )
        if len(programmes) > 1:
            choices = [(key, programme.name) for key, programme in self.programmes.items()]
            self.fields["to"] = forms.ChoiceField(label=_("To whom"), choices=choices, widget=forms.RadioSelect)

    @property
    def programme(self) -> Programme:
        """Whom the words are for."""
        chosen = self.cleaned_data.get("to")
        return self.programmes[chosen] if chosen else next(iter(self.programmes.values()))


class _CodeField(forms.CharField):
    def __init__(self, **how: Any) -> None:
        super().__init__(max_length=_LONGEST_CODE, widget=forms.TextInput(attrs=_QUIET), **how)


class KeptCodeForm(forms.Form):
    """The six words that were just shown, typed back."""

    code = _CodeField(label=_("Type the six words"), help_text=_("With spaces between them. Capitals do not matter."))

    def __init__(self, data: Any = None, *, shown: str) -> None:
        """`shown` are the words as they stand above the form."""
        super().__init__(data)
        self._shown = shown

    def clean_code(self) -> str:
        """They must be the ones that were shown."""
        typed: str = self.cleaned_data["code"]
        if return_codes.plain(typed) != return_codes.plain(self._shown):
            raise forms.ValidationError(_("These are not the words above. Please compare them one by one."))
        return typed


class ReturnForm(forms.Form):
    """The code of somebody who comes back; what they were writing while their page went away goes along."""

    code = _CodeField(label=_("Your six words"), help_text=_("With spaces between them. Capitals do not matter."))
    words = forms.CharField(required=False, widget=forms.HiddenInput)


class AnswerForm(NoteForm):
    """What the coordinators answer."""

    def __init__(self, data: Any = None) -> None:
        """Names the field for whoever answers."""
        super().__init__(data)
        self.fields["words"].label = _("Your answer")
        self.fields["words"].help_text = _("Only the writer, with the code, and the coordinators can read it.")


class VoiceForm(forms.Form):
    """What one thinks after a talk: fixed choices, so that nothing about anybody is written down."""

    reason = forms.ChoiceField(
        label=_("After your talk"), choices=Voice.Reason.choices, widget=forms.RadioSelect, required=True
    )


class WelcomeForm(forms.Form):
    """What they want to be called here, and the languages they speak: the beginning of their entry on the roster."""

    name = forms.CharField(
        label=_("The name they chose"),
        help_text=_("Ask them. Not the name in their papers."),
        max_length=NAME_AT_MOST,
        widget=forms.TextInput(attrs=_QUIET),
    )
    language = forms.ChoiceField(label=_("Their language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)


class AvoidForm(forms.Form):
    """Names, one on each line. Few, so that nobody closes all groups to themselves."""

    names = forms.CharField(
        label=_("Names, one on each line"),
        help_text=_("What they are called by people who know them: first name, nickname, or both. At most ten."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, **_QUIET}),
    )

    def clean_names(self) -> list[str]:
        """The names, without empty lines and repetitions."""
        lines = (" ".join(line.split()) for line in self.cleaned_data["names"].splitlines())
        names = list(dict.fromkeys(filter(None, lines)))
        if len(names) > MOST_NAMES or any(len(name) > NAME_AT_MOST for name in names):
            raise forms.ValidationError(_("At most ten names, each on a line of its own."))
        return names
