"""The roster: who is on it, and the table it comes from."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from wayhouse.core.components import badge
from wayhouse.crypto.sealed import open_all
from wayhouse.people import importing
from wayhouse.people.ending import StillNeeded
from wayhouse.people.forms import FindForm, RosterFileForm
from wayhouse.people.listing import Listed, Roster
from wayhouse.people.models import Role, RosterDraft, label_of_role
from wayhouse.people.present import PersonRequest, for_roles
from wayhouse.people.roster.columns import COLUMNS, OF_WORD, shown
from wayhouse.people.roster.comparing import CHANGED, FATES, NEW, REFUSED, UNCHANGED, Fate
from wayhouse.people.roster.names import folded
from wayhouse.people.roster.reading import read_roster
from wayhouse.people.roster.template import template_csv, template_workbook

AT_ONCE = 50
# A chosen name or a part of one, of forty letters at most; it goes with the session.
LOOKED_FOR = "looked_for"
KINDS_OF_FILE = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_TEMPLATES = {"xlsx": template_workbook, "csv": template_csv}
_REFUSALS = {
    importing.DraftGone: gettext_lazy("Nothing was taken in: this table is an old one by now. Send the file again."),
    importing.RosterMoved: gettext_lazy(
        "Nothing was taken in: somebody else changed the roster meanwhile. Send the file again to compare it."
    ),
    StillNeeded: gettext_lazy("Not yet: others depend on this role now. Something has to be handed over first."),
    importing.RowsRefused: gettext_lazy("Nothing was taken in: some rows have to be corrected in your file first."),
}

for_coordinators = for_roles(Role.Kind.COORDINATOR)


@for_coordinators
def roster(request: PersonRequest) -> HttpResponse:
    """Everybody on the roster, fifty at a time; or those whose name holds what was looked for."""
    if request.method == "POST":
        return _look_for(request)
    wanted = request.session.get(LOOKED_FOR, "")
    return _list(request, FindForm(initial={"name": wanted}), wanted)


def _look_for(request: PersonRequest) -> HttpResponse:
    """Keep the name in the sealed session, so that Back is an ordinary page and no address holds it."""
    form = FindForm(request.POST)
    request.session.pop(LOOKED_FOR, None)
    if request.POST.get("name", "").strip() and "everybody" not in request.POST:
        if not form.is_valid():
            return _list(request, form, "")
        request.session[LOOKED_FOR] = form.cleaned_data["name"]
    return redirect("people:roster")


def _list(request: PersonRequest, form: FindForm, wanted: str) -> HttpResponse:
    everybody = Roster(request.person.programme)
    if wanted:
        found = _called(wanted, everybody)
        page = Paginator(found, max(len(found), 1)).get_page(1)
    else:
        page = Paginator(everybody, AT_ONCE).get_page(request.GET.get("page"))
        open_all(page.object_list)
    labels = [_("Chosen name"), _("Role"), _("Languages"), _("Account")]
    context = {"people": _cells(page.object_list), "labels": labels, "page_obj": page, "wanted": wanted}
    return render(request, "people/roster.html", {"page": _("People"), "form": form, **context})


@for_coordinators
def roster_import(request: PersonRequest) -> HttpResponse:
    """Choose a file; see what it would change; take all of it in, or nothing."""
    if request.method == "POST" and "confirm" in request.POST:
        return _confirm(request)
    if request.method == "POST" and "cancel" in request.POST:
        importing.drop_draft(request.person.programme, actor=request.person)
        messages.info(request, _("Nothing was taken in, and nothing of the file is kept."))
        return redirect("people:roster_import")
    if request.method == "POST":
        return _upload(request)
    draft = RosterDraft.objects.open_for(request.person).select_related("item").first()
    if draft is not None and "again" not in request.GET:
        return render(request, "people/roster_draft.html", {"page": _("What would change"), **_dry_run(request, draft)})
    return _chooser(request, RosterFileForm(), [])


@for_coordinators
@require_GET
def template(_request: PersonRequest, suffix: str) -> HttpResponse:
    """The template to fill in, under a name that says nothing."""
    if suffix not in _TEMPLATES:
        raise Http404
    return table(_TEMPLATES[suffix](), suffix)


def table(data: bytes, suffix: str) -> HttpResponse:
    """A file to keep, under a name that says nothing."""
    answer = HttpResponse(data, content_type=KINDS_OF_FILE[suffix])
    answer.headers["Content-Disposition"] = f'attachment; filename="table.{suffix}"'
    return answer


def _upload(request: PersonRequest) -> HttpResponse:
    form = RosterFileForm(request.POST, request.FILES)
    if not form.is_valid():
        if "file" not in request.FILES and _is_huge(request):
            form.errors["file"] = form.error_class([_("This file is larger than 4 MB.")])
        return _chooser(request, form, [])
    reading = read_roster(form.cleaned_data["file"])
    if reading.problems:
        return _chooser(request, form, [str(problem) for problem in reading.problems])
    importing.draft_roster(request.person.programme, reading, actor=request.person)
    return redirect("people:roster_import")


def _confirm(request: PersonRequest) -> HttpResponse:
    person, wanted = request.person, request.POST["confirm"]
    # The number says which dry run was looked at: a newer upload in another window is not meant.
    draft = RosterDraft.objects.open_for(person).filter(pk=int(wanted) if wanted.isdecimal() else 0).first()
    try:
        result = importing.import_roster(person.programme, draft, actor=person)
    except (importing.DraftGone, importing.RosterMoved, importing.RowsRefused, StillNeeded) as error:
        if isinstance(error, importing.RosterMoved):
            importing.drop_draft(person.programme, actor=person)
        messages.warning(request, str(next(words for kind, words in _REFUSALS.items() if isinstance(error, kind))))
        return redirect("people:roster_import")
    request.session.pop(LOOKED_FOR, None)
    words = _("Taken in: %(new)s new, %(changed)s changed, %(unchanged)s as before.")
    counts = {"new": result.new, "changed": result.changed, "unchanged": result.unchanged}
    messages.success(request, words % counts)
    return redirect("people:roster")


def _chooser(request: PersonRequest, form: RosterFileForm, problems: list[str]) -> HttpResponse:
    context = {"page": _("Take in a table"), "form": form, "problems": problems, "columns": COLUMNS}
    return render(request, "people/roster_import.html", context)


def _dry_run(request: PersonRequest, draft: RosterDraft) -> dict[str, Any]:
    fates = importing.fates_of(draft)
    page = Paginator(fates, AT_ONCE).get_page(request.GET.get("page"))
    counts = {kind: sum(fate.fate == kind for fate in fates) for kind in FATES}
    return {
        "draft": draft,
        "rows": [_row(fate) for fate in page.object_list],
        "page_obj": page,
        "counts": counts,
        "refused": counts[REFUSED],
        "examples": draft.examples,
        "apart": sum(bool(fate.apart) for fate in fates),
    }


def _row(fate: Fate) -> dict[str, Any]:
    label, kind = {
        REFUSED: (_("to correct"), "urgent"),
        NEW: (_("new"), "good"),
        CHANGED: (_("changed"), "warn"),
        UNCHANGED: (_("as before"), ""),
    }[fate.fate]
    changes = [(OF_WORD[word].label, shown(word, old), shown(word, new)) for word, old, new in fate.changes]
    return {"number": fate.number, "name": fate.words["name"], "label": label, "kind": kind} | {
        "changes": changes,
        "problems": fate.problems,
        "summary": _summary(fate) if fate.fate == NEW else "",
    }


def _summary(fate: Fate) -> str:
    return " · ".join(shown(word, fate.words[word]) for word in ("role", "languages", "slots"))


def _called(wanted: str, everybody: Roster) -> list[Listed]:
    rows = everybody.everybody()
    open_all(rows)
    return [row for row in rows if folded(wanted) in folded(row.name)]


def _cells(rows: Iterable[Listed]) -> list[tuple[str, ...]]:
    """What the table says. Words that many rows share are put together once."""
    role = {kind: str(label_of_role(kind)) for kind in Role.Kind.values}
    badges: dict[tuple[str, str], SafeString] = {}
    languages: dict[tuple[str, ...], str] = {}
    link, above = '<a href="{}{}/"><bdi>{}</bdi></a>', reverse("people:roster")
    cells: list[tuple[str, ...]] = []
    for row in rows:
        state, spoken = state_of_invitation(row), tuple(row.languages)
        if state not in badges:
            badges[state] = format_html("<span>{}</span>", badge(*state))
        if spoken not in languages:
            languages[spoken] = shown("languages", spoken)
        name = format_html(link, above, row.person_id, row.name)
        cells.append((name, ", ".join(role[kind] for kind in row.roles), languages[spoken], badges[state]))
    return cells


def state_of_invitation(row: Listed) -> tuple[str, str]:
    """What became of the invitation, in words and as the kind of a badge."""
    if row.has_account:
        return _("has an account"), "good"
    if row.is_invited:
        return _("invited"), "warn"
    return (_("invitation ran out"), "warn") if row.was_invited else (_("not invited yet"), "")


def _is_huge(request: PersonRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdigit() and int(length) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
