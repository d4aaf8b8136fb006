"""What is sent to this room: a concern, steps, notes, the rota."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhouse.core.once import OnceForm
from wayhouse.safeguarding import law
from wayhouse.safeguarding.learning import LONGEST as NOTE_LONGEST
from wayhouse.safeguarding.protocol import Event, Kind, Level, Outcome, Post
from wayhouse.safeguarding.protocol.kinds import ABOUT_STAFF
from wayhouse.safeguarding.protocol.table import NEEDS_TWO, TICKS
from wayhouse.safeguarding.raising import LONGEST, Report
from wayhouse.safeguarding.words import ABOUT, FIELDS, KINDS, LEVELS, OUTCOMES, WRITTEN

Choices = Sequence[tuple[str, str]]
SEAT = "seat:"
_STAFF = frozenset({"staff", *(post.value for post in Post)})
# Which fields belong to which step.
STEP_FIELDS: dict[Event, tuple[str, ...]] = {
    Event.ACKNOWLEDGE: (),
    Event.FIND_SAFE: ("wish",),
    Event.DECIDE: ("outcome", "reason"),
    Event.PROPOSE: ("outcome", *TICKS, "law_sheet", "reason"),
    Event.CONFIRM: ("proposal",),
    Event.WITHDRAW: ("reason",),
    Event.PLAN: ("plan",),
    Event.REVIEW: ("found",),
    Event.CLOSE: ("person_told", "raiser_told", "aftercare", "learning"),
    Event.REOPEN: ("reason",),
    Event.STRIKE: ("reason",),
    Event.HAND_OVER: ("professional", "accepted_at"),
    Event.TAKE_BACK: ("reason",),
    Event.SET_LEVEL: ("level", "reason"),
}
_LINES = ("professional", "accepted_at", "whom")


def _text(name: str, *, required: bool = True) -> forms.CharField:
    rows = forms.TextInput() if name in _LINES else forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=FIELDS[name], max_length=LONGEST, widget=rows, required=required)


class RaiseForm(OnceForm):
    """Three things are asked; the rest is free."""

    level = forms.TypedChoiceField(
        label=_("How urgent is it?"), choices=[(int(k), v) for k, v in LEVELS.items()], coerce=int,
        widget=forms.RadioSelect,
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What is it about?"), choices=[("", _("Choose")), *KINDS.items()])
    about = forms.ChoiceField(label=_("Who is it about?"))
    words = forms.CharField(
        label=_("What you saw or heard"),
        help_text=_("Only what is needed to act. Leave out what others said in the group, and names of third people."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    without = forms.MultipleChoiceField(
        label=_("Who must not read this?"),
        choices=[(post.value, ABOUT[post.value]) for post in (Post.LEAD, Post.DEPUTY, Post.DIRECTOR)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    unnamed = forms.BooleanField(
        label=_("Without my name"),
        help_text=_("Possible when it is about somebody who works here. You get a code with which you can come back."),
        required=False,
    )

    def __init__(self, *args: Any, seats: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        """`seats`: those of the raiser's groups by id, each with the person's id, which stays here, and chosen name."""
        super().__init__(*args, **kwargs)
        # Nobody is refused here for want of it.
        self.fields["key"].required = False
        self.seats = seats
        near = [(SEAT + pk, name) for pk, (_person, name) in seats.items()]
        others = [(code, ABOUT[code]) for code in ("me", "staff", "lead", "deputy", "director", "unsure")]
        self.fields["about"].choices = [("", _("Choose")), *near, *others]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Only about those who work here can somebody speak without a name."""
        said = super().clean() or {}
        if said.get("unnamed") and not self._about_staff(said):
            self.add_error("unnamed", _("This works only when it is about somebody who works here."))
        return said

    def report(self, raiser: str) -> Report:
        """What was told; the form must be valid. `raiser`: their chosen name."""
        said = self.cleaned_data
        person, name = self.seats.get(said["about"].removeprefix(SEAT), ("", ""))
        return Report(
            level=Level(said["level"]),
            kind=Kind(said["kind"]),
            about="seat" if person else said["about"],
            words=said["words"],
            about_person=person,
            about_name=name,
            raiser="" if said["unnamed"] else raiser,
        )

    def kept_from(self) -> list[Post]:
        """Who must not read it: those who were ticked, and whoever it is about."""
        about = self.cleaned_data["about"]
        return [post for post in Post if post in self.cleaned_data["without"] or post == about]

    def _about_staff(self, said: dict[str, Any]) -> bool:
        return said.get("kind") in ABOUT_STAFF or said.get("about") in _STAFF


class StepForm(forms.Form):
    """What one step asks for."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, event: Event, country: str, proposal: UUID | None = None
    ) -> None:
        """`country`: whose law sheet comes first; `proposal`: what is shown to the second person."""
        super().__init__(data, initial={"proposal": proposal})
        for name in STEP_FIELDS[event]:
            self.fields[name] = _field(name, event, country)

    def words(self) -> dict[str, str]:
        """What was said, ready to be sealed. The form must be valid."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in {"outcome", "level"}}
        return {name: "yes" if value is True else str(value or "") for name, value in said.items()}

    def outcome(self) -> Outcome | None:
        """What was decided, where it was asked."""
        return Outcome(self.cleaned_data["outcome"]) if "outcome" in self.fields else None

    def level(self) -> Level | None:
        """The level, where it was asked."""
        return Level(self.cleaned_data["level"]) if "level" in self.fields else None


def _field(name: str, event: Event, country: str) -> forms.Field:
    if name == "proposal":
        return forms.UUIDField(widget=forms.HiddenInput())
    if name == "outcome":
        two = event == Event.PROPOSE
        choices = [(code.value, words) for code, words in OUTCOMES.items() if (code in NEEDS_TWO) == two]
        return forms.ChoiceField(label=FIELDS[name], choices=choices, widget=forms.RadioSelect)
    if name == "level":
        levels = [(int(level), words) for level, words in LEVELS.items()]
        return forms.TypedChoiceField(label=FIELDS[name], choices=levels, coerce=int, widget=forms.RadioSelect)
    if name == "law_sheet":
        return forms.ChoiceField(label=FIELDS[name], choices=law.choices(country))
    if name in TICKS and name != "told":
        return forms.BooleanField(label=FIELDS[name])
    return _text(name)


class WriteForm(forms.Form):
    """A line for the record."""

    what = forms.ChoiceField(label=_("What is it?"), choices=list(WRITTEN.items()))
    note = _text("note")
    whom = _text("whom", required=False)
    law_sheet = forms.ChoiceField(label=FIELDS["law_sheet"], required=False)

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        """`country`: whose law sheet comes first."""
        super().__init__(*args, **kwargs)
        self.fields["law_sheet"].choices = [("", "–"), *law.choices(country)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Whatever is shared is shared with somebody, under a law sheet."""
        said = super().clean() or {}
        if said.get("what") == "shared":
            for name in ("whom", "law_sheet"):
                if not said.get(name):
                    self.add_error(name, _("Write this down when something is shared."))
        return said


class MessageForm(forms.Form):
    """A word to the other side."""

    words = forms.CharField(label=_("Your words"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    """Why."""

    reason = _text("reason")


class CodeForm(forms.Form):
    """The code of somebody without a name, and a word if they want."""

    code = forms.CharField(label=_("Your code"), max_length=60)
    words = forms.CharField(
        label=_("Your words"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class LimitForm(forms.Form):
    """Another limit, with the reason."""

    which = forms.ChoiceField(label=_("Which limit"))
    amount = forms.IntegerField(label=_("Minutes, or working days"), min_value=1)
    reason = _text("reason")

    def __init__(self, *args: Any, limits: Choices, **kwargs: Any) -> None:
        """`limits`: those that can be changed, by level, duty and rung."""
        super().__init__(*args, **kwargs)
        self.fields["which"].choices = [("", _("Choose")), *limits]  # type: ignore[attr-defined]


class LearningForm(forms.Form):
    """What was learnt, and the list that whoever writes it goes through."""

    words = forms.CharField(
        label=_("What we learnt"),
        help_text=_("What we do differently from now on. Nothing that happened to anybody."),
        max_length=NOTE_LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    no_names = forms.BooleanField(label=_("No name, no nickname, no role that only one person has"))
    no_places = forms.BooleanField(label=_("No day, no place, no group"))
    nobody_finds_themselves = forms.BooleanField(label=_("Nobody would find themselves or somebody else in it"))
    of_several = forms.BooleanField(label=_("Every sentence is about more than one concern"))
    nothing_kept_apart = forms.BooleanField(label=_("Nothing in it is from a concern that was kept from a colleague"))


class AppointForm(forms.Form):
    """Somebody gets a post."""

    person = forms.ChoiceField(label=_("Who"))
    name = forms.CharField(label=_("What colleagues call them"), max_length=40)
    post = forms.ChoiceField(label=_("Post"))

    def __init__(self, *args: Any, people: Choices, posts: Iterable[tuple[str, object]], **kwargs: Any) -> None:
        """`people`: who can have a post."""
        super().__init__(*args, **kwargs)
        for name, choices in (("person", people), ("post", posts)):
            self.fields[name].choices = [("", _("Choose")), *choices]  # type: ignore[attr-defined]


class FillForm(forms.Form):
    """Two people for each of some weeks; a week left empty stays as it is."""

    def __init__(self, data: Mapping[str, Any] | None, *, weeks: Sequence[date], people: Choices) -> None:
        """`weeks`: their Mondays."""
        super().__init__(data)
        self.weeks = weeks
        for monday in weeks:
            for place, label in (("first", _("First")), ("second", _("Second"))):
                self.fields[f"{place}_{monday}"] = forms.ChoiceField(
                    label=label, choices=[("", _("as it is")), *people], required=False
                )

    def rows(self) -> list[tuple[date, Any, Any]]:
        """By week, its two fields."""
        return [(monday, self[f"first_{monday}"], self[f"second_{monday}"]) for monday in self.weeks]

    def clean(self) -> dict[str, Any]:
        """Both or none, and not the same one."""
        said = super().clean() or {}
        for monday in self.weeks:
            first, second = said.get(f"first_{monday}"), said.get(f"second_{monday}")
            if bool(first) != bool(second) or (first and first == second):
                self.add_error(f"second_{monday}", _("Choose two different people, or leave the week as it is."))
        return said

    def pairs(self) -> dict[date, tuple[str, str]]:
        """By Monday, the ids of first and second. The form must be valid."""
        said = self.cleaned_data
        found = {monday: (said[f"first_{monday}"], said[f"second_{monday}"]) for monday in self.weeks}
        return {monday: pair for monday, pair in found.items() if all(pair)}
