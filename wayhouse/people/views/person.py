"""One person, as coordinators see them: the roster entry, the invitation, the roles."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wayhouse.core.gate import found_or_404
from wayhouse.core.prepared import prepared
from wayhouse.people import actions, entries, invitations, reach, rules
from wayhouse.people.ending import StillNeeded
from wayhouse.people.forms import EntryForm, GiveRoleForm, NewEntryForm
from wayhouse.people.listing import listed
from wayhouse.people.models import Person, Role, RosterEntry
from wayhouse.people.present import PersonRequest
from wayhouse.people.roster.columns import COLUMNS, WORDS, shown
from wayhouse.people.views.roster import for_coordinators, state_of_invitation


@for_coordinators
@require_GET
def person(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """What the roster says, the state of the invitation, and the roles."""
    who = person_or_404(request, person_id)
    row = listed(who)
    entry = row.entry if row else None
    label, kind = state_of_invitation(row) if row else ("", "")
    context = {
        "page": entry.name if entry else _("Not on the roster"),
        "who": who,
        "entry": entry,
        "words": _words(entry) if entry else [],
        "state": label,
        "state_kind": kind,
        "may_ask_way_back": rules.may_ask_way_back(request.person, who),
        "may_invite": entry is not None and rules.may_invite(request.person, who),
        "roles": _roles(person=who.pk),
    }
    return render(request, "people/person.html", context)


@for_coordinators
def enter_person(request: PersonRequest) -> HttpResponse:
    """Put one person on the roster."""
    form = NewEntryForm(request.POST or None, words={}, version=entries.NO_ENTRY)
    if form.is_valid():
        who = _tried(request, form, None)
        if who is not None:
            messages.success(request, _("Written down. You can invite them now."))
            return redirect("people:person", who.pk)
    return _entry_page(request, form, _("Somebody new"), reverse("people:roster"))


@for_coordinators
def change_entry(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """Change what the roster says about somebody."""
    who = person_or_404(request, person_id)
    entry = next(iter(_entries(person=who.pk)), None)
    words, version = (entry.as_words(), entry.item.seq) if entry else ({}, entries.NO_ENTRY)
    form = EntryForm(request.POST or None, words=words, version=version)
    if form.is_valid() and _tried(request, form, who) is not None:
        messages.success(request, _("Changed."))
        return redirect("people:person", who.pk)
    return _entry_page(request, form, _("Change the entry"), reverse("people:person", args=[who.pk]))


@for_coordinators
@require_POST
def invite(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """Make an invitation and show it once; an earlier one closes."""
    who = person_or_404(request, person_id)
    entry = get_object_or_404(RosterEntry.objects.select_related("item"), person=who)
    token = invitations.invite(who, entry.name, actor=request.person)
    link = request.build_absolute_uri(reverse("people:welcome", args=[token]))
    context = {"page": _("Invitation"), "who": who, "name": entry.name, "link": link, "code": square_code(link)}
    return render(request, "people/invite.html", context)


@for_coordinators
def give_role(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """Give somebody another role."""
    who = person_or_404(request, person_id)
    held = frozenset(who.roles.filter(until_on=None).values_list("kind", flat=True))
    form = GiveRoleForm(request.POST or None, held=held)
    if form.is_valid():
        kind = Role.Kind(form.cleaned_data["kind"])
        if kind == Role.Kind.COORDINATOR and reach.answers_for_safety(who):
            messages.warning(request, _("Not yet: they answer for safety. End their post first."))
        else:
            actions.give_role(who, kind, actor=request.person)
            messages.success(request, _("The role is given."))
        return redirect("people:person", who.pk)
    return render(request, "people/give_role.html", {"page": _("Give a role"), "who": who, "form": form})


@for_coordinators
def end_role(request: PersonRequest, person_id: UUID, kind: str) -> HttpResponse:
    """End a role, after a yes."""
    who = person_or_404(request, person_id)
    role = get_object_or_404(who.roles.filter(until_on=None), kind=kind)
    may = rules.may_end_role(request.person, role)
    if request.method == "POST" and may:
        try:
            actions.end_role(role, actor=request.person)
            messages.success(request, _("The role has ended."))
        except StillNeeded:
            messages.warning(request, still_needed())
        return redirect("people:person", who.pk)
    context = {"page": _("End a role"), "who": who, "role": role, "may": may}
    return render(request, "people/end_role.html", context)


def still_needed() -> str:
    """Why a role does not end yet."""
    return _("Not yet: others depend on this role now. Something has to be handed over first.")


def person_or_404(request: PersonRequest, person_id: UUID) -> Person:
    """Somebody who has not left, where the reader may know of them."""
    if not request.person.is_coordinator and person_id != request.person.pk:
        raise Http404
    return found_or_404(next(iter(_people(person=person_id, programme=request.person.programme_id)), None))


@prepared
def _people(person: UUID, programme: UUID) -> QuerySet[Person]:
    here = Person.objects.filter(pk=person, programme=programme).exclude(status=Person.Status.LEFT)
    return here.select_related("programme__placement", "user")


@prepared
def _roles(person: UUID) -> QuerySet[Role]:
    return Role.objects.filter(person=person, until_on=None).order_by("pk")


@prepared
def _entries(person: UUID) -> QuerySet[RosterEntry]:
    return RosterEntry.objects.filter(person=person).select_related("item")


def _tried(request: PersonRequest, form: EntryForm, who: Person | None) -> Person | None:
    """Write the form down; None, with the reason in the form, where that cannot be."""
    programme, said = request.person.programme, form.said()
    try:
        apart = entries.people_called(programme, form.cleaned_data["keep_apart"])
        if who is None:
            key = form.cleaned_data["key"]
            return entries.enter_person(programme, said, apart=apart, actor=request.person, key=key)
        version = form.cleaned_data["version"]
        entries.change_entry(who, said, version=version, apart=apart, actor=request.person)
    except entries.NobodyCalled:
        form.add_error("keep_apart", _("One of these names is not on the roster, or several people have it."))
    except entries.NameTaken:
        form.add_error("name", _("Somebody else on the roster has this name. Take another."))
    except StillNeeded:
        form.add_error("role", still_needed())
    except entries.EntryMoved:
        form.add_error(None, _("Somebody else changed this entry meanwhile. Load it again and add what you changed."))
    else:
        return who
    return None


def _entry_page(request: PersonRequest, form: EntryForm, title: str, cancel: str) -> HttpResponse:
    status = 409 if form.non_field_errors() else 200
    return render(request, "people/change_entry.html", {"page": title, "form": form, "cancel": cancel}, status=status)


def _words(entry: RosterEntry) -> list[tuple[Any, str]]:
    """(label, text) for each word but the name, which is the heading."""
    staff = entry.role != Role.Kind.MEMBER
    wanted = [column for column in COLUMNS if column.word in WORDS and column.word != "name"]
    return [
        (column.label, shown(column.word, getattr(entry, column.word)))
        for column in wanted
        if staff or column.word != "meetings_a_week"
    ]


def square_code(link: str) -> SafeString:
    """The link as a code that a phone scans from this screen, so that it travels through no messenger."""
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    drawing: str = qrcode.make(link, image_factory=SvgPathFillImage).to_string(encoding="unicode")
    return mark_safe(drawing)  # noqa: S308  squares, drawn by the package
