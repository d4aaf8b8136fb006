"""What coordinators and staff send about rota, schedule and swaps: choices, days and times, nowhere a free word."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wayhouse.groups.watching import SPANS, USUAL
from wayhouse.meetings.models import FIXED_FROM, Change, Guide, Meeting

Choices = Sequence[tuple[str, str]]
_QUARTER = 15
_LATEST = timedelta(days=180)


class RevisionForm(forms.Form):
    """Which state of a proposal somebody looked at when they decided."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class DrawUpForm(forms.Form):
    """How long the kernel may look for a good rota."""

    seconds = forms.TypedChoiceField(
        label=_("Look for a good rota for at most"),
        help_text=_("You can watch, and stop at any time: the best rota so far is kept."),
        choices=SPANS,
        coerce=int,
        initial=USUAL,
    )


class ChangeRotaForm(RevisionForm):
    """Who serves at one evening of a proposal, and whether they stay. `sure` once the consequences were shown."""

    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    facilitator = forms.ChoiceField(label=_("Leads"), required=False)
    mentor = forms.ChoiceField(label=_("Mentor"), required=False)
    second_mentor = forms.ChoiceField(label=_("Second mentor"), required=False)
    stays = forms.BooleanField(label=_("Lock: they stay at this evening when a rota is drawn up again"), required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, *, facilitators: Choices, mentors: Choices, chosen: Mapping[str, Any]
    ) -> None:
        """`chosen`: who serves now and the revision, by field name."""
        super().__init__(data, initial=dict(chosen))
        nobody = [("", str(_("nobody")))]
        for name, choices in (("facilitator", facilitators), ("mentor", mentors), ("second_mentor", mentors)):
            _offer(self, name, [*nobody, *choices])

    def clean(self) -> dict[str, Any]:
        """Nobody serves twice at one evening."""
        said = super().clean() or {}
        if said.get("mentor") and said.get("mentor") == said.get("second_mentor"):
            self.add_error("second_mentor", _("Choose two different people."))
        return said

    def staff(self) -> list[UUID]:
        """Everybody chosen. The form must be valid."""
        names = ("facilitator", "mentor", "second_mentor")
        return [UUID(self.cleaned_data[name]) for name in names if self.cleaned_data[name]]


class ReasonForm(forms.Form):
    """Why the announced schedule changes; within two days of the evening only safety counts."""

    reason = forms.ChoiceField(label=_("Why?"), help_text=_("The group reads this sentence."), widget=forms.RadioSelect)

    def __init__(self, data: Mapping[str, Any] | None, *, meeting: Meeting, prefix: str) -> None:
        """`prefix` tells apart the forms of one page."""
        super().__init__(data, prefix=prefix)
        allowed = [reason for reason in Change.Reason if reason == Change.Reason.SAFETY or not meeting.is_fixed]
        _offer(self, "reason", [(reason.value, str(reason.label)) for reason in allowed])


class MoveForm(ReasonForm):
    """Another day and time."""

    day = forms.DateField(label=_("New day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(
        label=_("New time"),
        help_text=_("A quarter of an hour: 18:00, 18:15, 18:30, 18:45."),
        widget=forms.TimeInput(attrs={"type": "time", "step": _QUARTER * 60}, format="%H:%M"),
    )
    without_busy = forms.BooleanField(label=_("Move it all the same and take them off this evening"), required=False)
    field_order = ("day", "time", "reason", "without_busy")

    def __init__(
        self, data: Mapping[str, Any] | None, *, meeting: Meeting, prefix: str, wished: datetime | None = None
    ) -> None:
        """Offer the time that the group wished for, or else the present one."""
        super().__init__(data, meeting=meeting, prefix=prefix)
        self._zone = ZoneInfo(meeting.group.programme.time_zone)
        self._was_at = meeting.starts_at
        local = (wished or meeting.starts_at).astimezone(self._zone)
        self.initial.update(day=local.date(), time=local.time())
        # Asked only where somebody turned out not to be free.
        self.asks_without = bool(data and data.get(self.add_prefix("without_busy")))

    def clean(self) -> dict[str, Any]:
        """The new time: a quarter of an hour, another one, and with two days' notice except for safety."""
        said = super().clean() or {}
        if not {"day", "time", "reason"} <= said.keys():
            return said
        if said["time"].minute % _QUARTER or said["time"].second:
            self.add_error("time", _("Choose a full quarter of an hour."))
            return said
        said["starts_at"] = datetime.combine(said["day"], said["time"], tzinfo=self._zone)
        wrong = self._wrong(said["starts_at"], said["reason"])
        if wrong:
            self.add_error("day", str(wrong))
        return said

    def say_busy(self, names: Iterable[str]) -> None:
        """Tell who is not free at the new time, and ask whether to go on without them."""
        self.asks_without = True
        self.add_error(None, _("Not free then: %(names)s.") % {"names": ", ".join(names)})

    def _wrong(self, starts_at: datetime, reason: str) -> "str | Promise | None":
        notice = starts_at - timezone.now()
        if starts_at == self._was_at:
            return _("This is the time it already has.")
        if notice <= timedelta(0):
            return _("This time is over. Choose a later one.")
        if notice <= FIXED_FROM and reason != Change.Reason.SAFETY:
            return _("This is less than 48 hours from now. So soon an evening is moved only for safety.")
        return _("Choose a day within the next six months.") if notice > _LATEST else None


class TopicForm(ReasonForm):
    """Another topic of the cycle."""

    topic = forms.ChoiceField(label=_("New topic"))
    field_order = ("topic", "reason")

    def __init__(
        self, data: Mapping[str, Any] | None, *, meeting: Meeting, prefix: str, topics: Iterable[Guide]
    ) -> None:
        """`topics`: the guides to choose from, each in one language."""
        super().__init__(data, meeting=meeting, prefix=prefix)
        _offer(self, "topic", [(guide.key, guide.title) for guide in topics])


class AskSwapForm(forms.Form):
    """Who could take a shift."""

    taker = forms.ChoiceField(
        label=_("Who takes it?"),
        help_text=_("Ask them first. Or leave it to your coordinator to find somebody."),
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Mapping[str, Any] | None, *, takers: Choices) -> None:
        """`takers`: people who could come, by id and chosen name."""
        super().__init__(data)
        _offer(self, "taker", [("", str(_("Let the coordinator find somebody"))), *takers])

    def taker_id(self) -> UUID | None:
        """The person chosen, or None. The form must be valid."""
        return UUID(self.cleaned_data["taker"]) if self.cleaned_data["taker"] else None


class DecideSwapForm(forms.Form):
    """Whom a coordinator lets come instead. Nobody is chosen beforehand unless somebody was wished for."""

    NOBODY = "nobody"
    taker = forms.ChoiceField(
        label=_("Who takes it?"),
        help_text=_("These people have time and fit. Whoever serves least comes first."),
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Mapping[str, Any] | None, *, takers: Choices, wished: UUID | None) -> None:
        """`wished`: whom the person who asked had in mind."""
        super().__init__(data)
        _offer(self, "taker", [*takers, (self.NOBODY, str(_("Nobody yet: the gap stays open")))])
        if wished and str(wished) in dict(takers):
            self.initial["taker"] = str(wished)

    def taker_id(self) -> UUID | None:
        """The person chosen, or None. The form must be valid."""
        chosen = self.cleaned_data["taker"]
        return None if chosen == self.NOBODY else UUID(chosen)


def _offer(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  tells the type checker
    field.choices = choices
