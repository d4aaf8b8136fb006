"""The library: packs, their guides, and the beginning of a cycle."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wayhouse.blueprints import actions, rules
from wayhouse.blueprints.forms import StartCycleForm
from wayhouse.blueprints.pack import Pack, shipped, shipped_keys
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles

for_staff = for_roles(Role.Kind.COORDINATOR, Role.Kind.FACILITATOR, Role.Kind.MENTOR)


@for_staff
def packs(request: PersonRequest) -> HttpResponse:
    """All packs of the house."""
    found = [_shown(shipped(key)) for key in shipped_keys()]
    return render(request, "blueprints/packs.html", {"page": _("Library"), "packs": found})


@for_staff
def pack(request: PersonRequest, key: str) -> HttpResponse:
    """One pack: its evenings, its words, and for coordinators the form that begins a cycle."""
    chosen = _pack_or_404(key)
    form = StartCycleForm(request.POST or None) if rules.may_start_cycle(request.person) else None
    if form is not None and request.method == "POST" and form.is_valid():
        said, language = form.cleaned_data, get_language() or "en"
        actions.start_cycle(chosen, said["starts_on"], language=language, actor=request.person, key=said["key"])
        messages.success(request, _("The cycle has begun. Form its groups next."))
        return redirect("groups:cycles")
    shown = _shown(chosen)
    return render(request, "blueprints/pack.html", {"page": shown["title"], "pack": shown, "form": form})


@for_staff
def guide(request: PersonRequest, key: str, guide_key: str) -> HttpResponse:
    """One guide, to read or to print."""
    chosen = _pack_or_404(key)
    content = chosen.guides[chosen.language_for(get_language() or "en")].get(guide_key)
    if content is None:
        raise Http404
    return render(request, "blueprints/guide.html", {"page": content["title"], "guide": content, "pack": chosen})


def _pack_or_404(key: str) -> Pack:
    try:
        return shipped(key)
    except KeyError as error:
        raise Http404 from error


def _shown(pack: Pack) -> dict[str, object]:
    language = pack.language_for(get_language() or "en")
    guides = pack.guides[language]
    evenings = [
        {"week": evening.week, "key": evening.guide, "title": guides[evening.guide]["title"]}
        for evening in pack.evenings
    ]
    return {**pack.cycles[language], "key": pack.key, "weeks": pack.weeks, "evenings": evenings}
