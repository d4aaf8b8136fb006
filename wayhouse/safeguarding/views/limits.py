"""The limits of a programme: what they are, what was changed and why."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.people.models import Programme, Role
from wayhouse.people.present import PersonRequest, for_roles
from wayhouse.safeguarding import board, rules
from wayhouse.safeguarding.answering import default_span
from wayhouse.safeguarding.forms import LimitForm
from wayhouse.safeguarding.limits import change_limit
from wayhouse.safeguarding.models import Limit
from wayhouse.safeguarding.protocol import Duty, Level, Span
from wayhouse.safeguarding.protocol.levels import LADDERS, LIMITS
from wayhouse.safeguarding.words import DUTIES, LEVELS, SHORT_LEVELS

_RUNGS = (gettext_lazy("on call"), gettext_lazy("second on call"), gettext_lazy("director"))
# A limit by level, duty, and whom is called.
_Key = tuple[Level, Duty, int]


@for_roles(Role.Kind.SAFEGUARDING_LEAD)
def limits(request: PersonRequest) -> HttpResponse:
    """All limits; the lead and the director change them."""
    person, programme = request.person, request.person.programme
    changed = _changed(programme)
    form = None
    if rules.may_change_limit(person, programme):
        form = LimitForm(request.POST or None, limits=_choices())
        if form.is_valid() and _is_changed(request, form):
            return redirect("safeguarding:limits")
    levels = [(LEVELS[level], [_row(key, changed.get(key)) for key in _keys(level)]) for level in Level]
    return render(request, "safeguarding/limits.html", {"page": _("Limits"), "levels": levels, "form": form})


def _keys(level: Level) -> list[_Key]:
    asked = [(level, Duty.ACKNOWLEDGE, rung) for rung in range(len(LADDERS[level]))]
    return [*asked, *((level, duty, 0) for duty in LIMITS[level])]


@prepared
def _limits(programme: UUID) -> QuerySet[Limit]:
    return Limit.objects.filter(programme=programme).select_related("item")


def _changed(programme: Programme) -> dict[_Key, Limit]:
    found = _limits(programme=programme.pk)
    open_all(found)
    return {(Level(one.level), Duty(one.duty), one.rung): one for one in found}


def _row(key: _Key, changed: Limit | None) -> tuple[str, str, str]:
    return _name(key), _words(changed.span if changed else default_span(*key)), changed.reason if changed else ""


def _name(key: _Key) -> str:
    _level, duty, rung = key
    return f"{DUTIES[duty]} ({_RUNGS[rung]})" if duty == Duty.ACKNOWLEDGE else str(DUTIES[duty])


def _words(span: Span) -> str:
    if span.until:
        return _("by noon of the next day") if span.until == "noon" else _("the same day")
    if span.working_days:
        days = ngettext("%(count)s working day", "%(count)s working days", span.working_days)
        return days % {"count": span.working_days}
    return board.in_words(span.minutes)


def _choices() -> list[tuple[str, str]]:
    keys = [key for level in Level for key in _keys(level) if default_span(*key).amount]
    return [(f"{key[0]}:{key[1]}:{key[2]}", f"{SHORT_LEVELS[key[0]]}: {_name(key)}") for key in keys]


def _is_changed(request: PersonRequest, form: LimitForm) -> bool:
    level, duty, rung = form.cleaned_data["which"].split(":")
    said = form.cleaned_data
    try:
        change_limit(
            request.person.programme, Level(int(level)), Duty(duty), said["amount"], said["reason"], rung=int(rung),
            actor=request.person,
        )  # fmt: skip
    except ValueError:
        form.add_error("amount", _("At most twice as long as the limit of the protocol."))
        return False
    messages.success(request, _("Written down."))
    return True
