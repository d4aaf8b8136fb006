"""What the browser sends in this room."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from wayhouse.accounts.fields import HandleField
from wayhouse.accounts.forms import NewPassphraseForm, UnlockForm
from wayhouse.core.once import OnceForm
from wayhouse.people.models import Role, WayBack
from wayhouse.people.roster import parsing
from wayhouse.people.roster.choices import KINDS, MODES, NEEDS, ROLES, TRAVEL
from wayhouse.people.roster.columns import COLUMN, DEFAULTS
from wayhouse.people.roster.languages import language_name
from wayhouse.people.roster.lines import MOST_BYTES
from wayhouse.people.roster.names import AREA_AT_MOST, MIX_AT_MOST, NAME_AT_MOST
from wayhouse.people.roster.problems import Refused
from wayhouse.people.roster.times import by_day
from wayhouse.people.roster.vocabulary import Vocabulary

_SHORTEST_HANDLE = 3
_QUIET = {"autocomplete": "off", "spellcheck": "false"}


class RosterFileForm(forms.Form):
    """A spreadsheet; it is read in memory and never kept."""

    file = forms.FileField(
        label=_("Excel workbook (.xlsx) or CSV"),
        help_text=_("At most 4 MB and 5,000 rows. The file itself is not kept."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_file(self) -> bytes:
        """The bytes of the file, where it is not too large."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 4 MB."))
        data: bytes = upload.read()
        return data


class FindForm(forms.Form):
    """A part of a chosen name. Sent by POST and kept in the session: an address must not hold a name."""

    name = forms.CharField(label=_("Find a name"), max_length=NAME_AT_MOST, widget=forms.TextInput(attrs=_QUIET))


def _text(key: str, most: int, *, required: bool = False) -> forms.CharField:
    column = COLUMN[key]
    widget = forms.TextInput(attrs=_QUIET)
    return forms.CharField(label=column.label, help_text=column.help, max_length=most, required=required, widget=widget)


def _one(key: str, vocabulary: Vocabulary) -> forms.ChoiceField:
    pairs = [(choice.code, choice.label) for choice in vocabulary.choices]
    return forms.ChoiceField(label=COLUMN[key].label, choices=pairs, widget=forms.RadioSelect)


def _some(key: str, vocabulary: Vocabulary, *, required: bool = False) -> forms.MultipleChoiceField:
    pairs = [(choice.code, choice.label) for choice in vocabulary.choices]
    return forms.MultipleChoiceField(
        label=COLUMN[key].label, choices=pairs, required=required, widget=forms.CheckboxSelectMultiple
    )


class EntryForm(forms.Form):
    """What the roster says about one person. Who is kept apart can be added and is never shown."""

    name = _text("name", NAME_AT_MOST, required=True)
    role = _one("role", ROLES)
    languages = _text("languages", 200, required=True)
    slots = forms.MultipleChoiceField(label=COLUMN["availability"].label, choices=by_day)
    preferred_slots = forms.MultipleChoiceField(label=COLUMN["preferred"].label, choices=by_day, required=False)
    needs = _some("needs", NEEDS)
    mode = _one("mode", MODES)
    area = _text("area", AREA_AT_MOST)
    travel = _one("travel", TRAVEL)
    kinds = _some("kinds", KINDS, required=True)
    preferred_kind = forms.ChoiceField(
        label=COLUMN["preferred_kind"].label,
        choices=[("", _("no preference")), *((choice.code, choice.label) for choice in KINDS.choices)],
        required=False,
    )
    mix = _text("mix", MIX_AT_MOST)
    meetings_a_week = forms.TypedChoiceField(
        label=COLUMN["meetings_a_week"].label,
        help_text=_("Only for facilitators and mentors."),
        choices=[(number, str(number)) for number in parsing.MEETINGS],
        coerce=int,
        empty_value=DEFAULTS["meetings_a_week"],
        required=False,
    )
    keep_apart = forms.CharField(
        label=_("Keep apart from"),
        help_text=_("Chosen names, separated by commas. What was written here before stays and is not shown."),
        max_length=400,
        required=False,
        widget=forms.TextInput(attrs=_QUIET),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, words: Mapping[str, Any], version: int) -> None:
        """`words` and `version` are those of the entry that is shown."""
        shown = {**DEFAULTS, **words, "version": version}
        shown["languages"] = ", ".join(language_name(code) for code in shown["languages"])
        super().__init__(data, initial=shown)
        if shown["role"] not in ROLES.codes:
            # A role that no spreadsheet gives, such as safeguarding lead, can stay as it is.
            role = Role.Kind(shown["role"])
            self.fields["role"].choices = [(role.value, role.label), *self.fields["role"].choices]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """The name in its one spelling."""
        return str(self._parsed("name", parsing.name)["name"])

    def clean_languages(self) -> list[str]:
        """Codes, the best spoken language first."""
        return list(self._parsed("languages", parsing.languages)["languages"])

    def clean_area(self) -> str:
        """The coarse label."""
        return str(self._parsed("area", parsing.area)["area"])

    def clean_mix(self) -> str:
        """The neutral label."""
        return str(self._parsed("mix", parsing.mix)["mix"])

    def clean_keep_apart(self) -> list[str]:
        """Names; whose they are is looked up by the action."""
        return [str(name) for name in self._parsed("keep_apart", parsing.apart)[parsing.KEEP_APART]]

    def said(self) -> dict[str, Any]:
        """The words of the entry as the form has them."""
        return {word: self.cleaned_data[word] for word in DEFAULTS}

    def _parsed(self, name: str, parse: parsing.Parser) -> parsing.Words:
        try:
            return parse(self.cleaned_data[name])
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal


class NewEntryForm(EntryForm, OnceForm):
    """What the roster says about somebody new."""


class GiveRoleForm(forms.Form):
    """One of the roles that somebody does not have yet."""

    kind = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, held: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(kind.value, kind.label) for kind in Role.Kind if kind not in held]
        self.fields["kind"].choices = offered  # type: ignore[attr-defined]


class LanguageForm(forms.Form):
    """The language of messages."""

    language = forms.ChoiceField(label=_("Messages reach you in"), choices=settings.LANGUAGES)


class VouchForm(UnlockForm):
    """How one knows who somebody is, and one's own passphrase. Nothing to write in words."""

    how = forms.ChoiceField(
        label=_("How do you know who it is?"), choices=WayBack.How.choices, widget=forms.RadioSelect
    )
    field_order = ("how", "passphrase")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passphrase"].label = _("Your own passphrase")


class WayBackForm(NewPassphraseForm):
    """The name one signs in with, which stays; what one is called here; and a new passphrase."""

    handle = HandleField(label=_("Name you sign in with"))
    name = forms.CharField(
        label=_("What people call you here"), max_length=NAME_AT_MOST, widget=forms.TextInput(attrs=_QUIET)
    )
    field_order = ("handle", "name", "new", "again", "offered")


class WelcomeForm(NewPassphraseForm):
    """A handle and a passphrase: what an account is made of."""

    handle = HandleField(
        label=_("A name to sign in with"),
        min_length=_SHORTEST_HANDLE,
        help_text=_(
            "Only you ever see it. Take one that you use nowhere else: no nickname, no e-mail address, no real name."
        ),
    )
    field_order = ("handle", "new", "again", "offered")
