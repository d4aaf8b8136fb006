"""Naming later whom a concern is about."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wayhouse.accounts.views import proven_lately
from wayhouse.crypto.sealed import open_all
from wayhouse.people.models import Person, Role
from wayhouse.people.present import PersonRequest, for_roles
from wayhouse.safeguarding import naming
from wayhouse.safeguarding.models import Concern
from wayhouse.safeguarding.raising import LONGEST
from wayhouse.safeguarding.views.raising import near


class NameForm(forms.Form):
    """Who, and how one knows."""

    person = forms.ChoiceField(label=gettext_lazy("Whom it is about"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("How do you know?"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        """`people`: who may be chosen, by id and name."""
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]


@for_roles(Role.Kind.SAFEGUARDING_LEAD)
@proven_lately
def name_person(request: PersonRequest, concern_id: UUID) -> HttpResponse:
    """Choose among those one may know of, with a reason that stands in the record."""
    visible = Concern.objects.visible_to(request.person).select_related("item", "programme")
    found = get_object_or_404(visible, pk=concern_id)
    open_all([found])
    if not naming.may_be_named(found):
        raise Http404
    known = _known(request.person)
    form = NameForm(request.POST or None, people=sorted(known.items(), key=lambda one: one[1].casefold()))
    if form.is_valid():
        said = form.cleaned_data
        naming.name_person(found, said["person"], said["reason"], known=known, actor=request.person)
        messages.success(request, _("Written down."))
        return redirect("safeguarding:concern", found.pk)
    words = {"page": _("Whom it is about"), "concern": found, "form": form, "known": known}
    return render(request, "safeguarding/name_person.html", words)


def _known(person: Person) -> dict[str, str]:
    of_groups = dict(near(person)[0].values())
    known = naming.people_known_to(person) | of_groups
    return {person_id: name for person_id, name in known.items() if person_id != str(person.pk)}
