"""The page on which groups of a cycle that has ended go on as an open circle."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wayhouse.blueprints import rules
from wayhouse.blueprints.actions import open_circle as open_it
from wayhouse.blueprints.forms import OpenCircleForm
from wayhouse.blueprints.pack import with_circle
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.going_on import waits_to_go_on
from wayhouse.groups.models import Cycle
from wayhouse.groups.opening import NotReady, lacking_to_open, words_for
from wayhouse.groups.refusals import Outdated
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles


@for_roles(Role.Kind.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def open_circle(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """Which groups go on and from when; after a yes they do, and their rota is drawn up next."""
    here = Cycle.objects.visible_to(request.person).select_related("programme")
    ended = get_object_or_404(here, pk=cycle_id)
    pack = with_circle(ended.pack)
    if pack is None or pack.circle is None or not rules.may_open_circle(request.person, ended):
        raise Http404
    groups = waits_to_go_on(ended)
    open_all(groups)
    names = sorted(((str(group.pk), group.name) for group in groups), key=lambda one: one[1].casefold())
    form = OpenCircleForm(request.POST or None, groups=names)
    if request.method == "POST" and form.is_valid():
        chosen, monday = [UUID(one) for one in form.cleaned_data["groups"]], form.cleaned_data["starts_on"]
        try:
            made = open_it(ended, chosen, pack, monday, language=get_language() or "en", actor=request.person)
        except Outdated:
            messages.warning(request, _("Somebody changed this meanwhile. Look at it again."))
            return redirect("groups:cycle", ended.pk)
        except NotReady:
            # The page says what is missing.
            return redirect("blueprints:open_circle", ended.pk)
        messages.success(request, _("The open circle begins. Its members are told. Draw up its rota next."))
        return redirect("groups:cycle", made.pk)
    lacking = words_for(lacking_to_open(ended.programme))
    page = {"page": _("Go on as an open circle"), "cycle": ended, "circle": pack.circle, "form": form}
    return render(request, "blueprints/circle.html", page | {"has_groups": bool(names), "lacking": lacking})
