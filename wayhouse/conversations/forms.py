"""What people send from a group's own space."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhouse.conversations.ground_rules import LONGEST_LINE, MOST_LINES
from wayhouse.conversations.models import LONGEST_POST, Post, Thread
from wayhouse.conversations.pulse import QUESTIONS
from wayhouse.core.once import OnceForm

# What the shipped pack begins with, for a group that has none yet.
STARTER = (
    _("What is said here stays here, with three limits."),
    _("We tell our own story only."),
    _("No praise of the old days, no propaganda, no talk of weapons."),
    _("Nobody has to speak."),
    _("Phones away, no recording, no names outside."),
    _("We listen, and we shame nobody."),
    _("Come as you are, leave when you need to, and tell us if you can."),
    _("Disagreements go to the facilitators."),
)
_SCALE = [
    ("", _("Skip this one")),
    ("0", _("0 – not at all")),
    *((str(number), str(number)) for number in range(1, 10)),
    ("10", _("10 – entirely")),
]
_HOURS = [(str(hour), f"{hour:02}:00") for hour in range(24)]


class PostForm(OnceForm):
    """Words to the group."""

    text = forms.CharField(
        label=_("Your words"),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write something first.")},
    )


class BeginForm(PostForm):
    """Something new."""

    kind = forms.ChoiceField(
        label=_("What is it?"), choices=Thread.Kind.choices, initial=Thread.Kind.TALK, widget=forms.RadioSelect
    )
    field_order = ["kind", "text", "key"]


class AnswerForm(PostForm):
    """Something said to a thread."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write something first.")},
    )


class ChangeForm(forms.Form):
    """Other words in place of one's own, with the revision that was read."""

    text = forms.CharField(
        label=_("Your words"),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write something first.")},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class HideForm(forms.Form):
    """One of the fixed reasons."""

    reason = forms.ChoiceField(
        label=_("Why should it be hidden?"),
        choices=Post.Reason.choices,
        widget=forms.RadioSelect,
    )


class PulseForm(forms.Form):
    """Four scales; each can be skipped, and none is chosen beforehand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One field for each question."""
        super().__init__(*args, **kwargs)
        for name, words in QUESTIONS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=words, choices=_SCALE, coerce=int, empty_value=None, required=False
            )

    def clean(self) -> dict[str, Any]:
        """At least one of them."""
        said = super().clean() or {}
        if not self.errors and all(said.get(name) is None for name in QUESTIONS):
            raise forms.ValidationError(_("Answer at least one, or just leave this page."))
        return said


class RulesForm(forms.Form):
    """Ground rules, one in each line."""

    lines = forms.CharField(
        label=_("One ground rule in each line"),
        max_length=MOST_LINES * (LONGEST_LINE + 2),
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": _("Write at least one.")},
    )

    def clean_lines(self) -> list[str]:
        """The lines that say something."""
        lines = [line.strip() for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
            raise forms.ValidationError(
                _("Keep to %(lines)s lines of %(letters)s letters at most."),
                params={"lines": MOST_LINES, "letters": LONGEST_LINE},
            )
        return lines


class QuietForm(forms.Form):
    """From which hour to which nobody is told anything."""

    start = forms.ChoiceField(label=_("From"), choices=[("", _("No quiet hours")), *_HOURS], required=False)
    end = forms.ChoiceField(label=_("Until"), choices=[("", _("No quiet hours")), *_HOURS], required=False)

    def clean(self) -> dict[str, Any]:
        """Both or neither, and not the same hour."""
        said = super().clean() or {}
        start, end = said.get("start", ""), said.get("end", "")
        if bool(start) != bool(end) or (start and start == end):
            raise forms.ValidationError(_("Choose two different hours, or none."))
        return said

    def hours(self) -> tuple[int, int] | None:
        """The hours. The form must be valid."""
        said = self.cleaned_data
        return (int(said["start"]), int(said["end"])) if said["start"] else None
