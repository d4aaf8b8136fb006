"""What is held about oneself, a copy of it, and the way out: leaving, and erasing everything."""

import json

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from wayhouse.accounts.limits import take
from wayhouse.accounts.views import proven_again
from wayhouse.leaving import actions, rules
from wayhouse.leaving.clocks import WITHOUT_CLOCK
from wayhouse.leaving.due import due_in
from wayhouse.leaving.forms import ErasureForm
from wayhouse.leaving.held import held_about
from wayhouse.people.models import Person, Role
from wayhouse.people.present import PersonRequest, for_oneself, for_roles
from wayhouse.people.rules import was_ended
from wayhouse.safeguarding.posts import kept_by

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@for_oneself
@require_GET
def held(request: PersonRequest) -> HttpResponse:
    """Everything that is held about oneself, on one page."""
    found = held_about(request.person)
    words = {"page": _("What is held about me"), "held": found, "by_law": found.by_law}
    return render(request, "leaving/held.html", words)


@for_oneself
@require_GET
@proven_again
def take_copy(request: PersonRequest, suffix: str) -> HttpResponse:
    """The same as a file to keep: HTML to read, JSON to take elsewhere. Nothing in its name says what this is."""
    if take(request, "copy") is None:
        return render(request, "people/slow_down.html", {"page": _("One moment")}, status=429)
    copy = actions.take_copy(request.person, actor=request.person)
    if suffix == "json":
        text = json.dumps(copy.as_json(), ensure_ascii=False, indent=2, default=lambda moment: moment.isoformat())
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
    else:
        response = render(request, "leaving/copy.html", {"held": copy})
    response.headers["Content-Disposition"] = f'attachment; filename="copy.{suffix}"'
    return response


@for_roles(Role.Kind.COORDINATOR)
@require_GET
def due(request: PersonRequest) -> HttpResponse:
    """What is kept no longer soon, by kind and number; no name stands here."""
    words = {"page": _("What is kept, and until when"), "due": due_in(request.person.programme), "stays": WITHOUT_CLOCK}
    return render(request, "leaving/due.html", words)


@for_oneself
@_GET_OR_POST
def leave(request: PersonRequest) -> HttpResponse:
    """One question, no reason; afterwards the ways that stay open."""
    who = request.person
    if request.method == "POST":
        if rules.may_leave(who, who):
            actions.leave(who, actor=who)
            messages.success(request, _("Thank you for the time you shared. You left, and nobody asks why."))
        return redirect("leaving:leave")
    return render(
        request,
        "leaving/leave.html",
        {
            "page": _("Leaving"),
            "left": who.status == Person.Status.LEFT,
            "pauses": who.status == Person.Status.PAUSED,
            "was_ended": was_ended(who),
            "hands_over": who.is_coordinator,
            "read_by_few": who.holds(Role.Kind.SAFEGUARDING_LEAD) and bool(kept_by(who)),
            "kept_until": rules.kept_until(who),
            "by_law": rules.kept_by_law(who),
        },
    )


@for_oneself
@_GET_OR_POST
@proven_again
def erase(request: PersonRequest) -> HttpResponse:
    """Says what will be gone for good; then erases it, ends every session, and hands over the receipt."""
    who = request.person
    if not rules.may_erase(who, who):
        # Says that a coordinator hands over first.
        return redirect("leaving:leave")
    form = ErasureForm(request.POST if request.method == "POST" else None)
    words = {"page": _("Erase everything"), "form": form, "by_law": rules.kept_by_law(who)}
    if not form.is_valid():
        return render(request, "leaving/erase.html", words)
    receipt = actions.erase(who, actor=who)
    logout(request)
    request.person = None  # type: ignore[assignment]  # from here on nobody is here
    done = {"page": _("Erased"), "receipt": receipt, "by_law": words["by_law"]}
    return render(request, "leaving/erased.html", done)
