"""The public pages: write without a name, keep the code, come back with it. Nothing in an address says what it is."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wayhouse.accounts.limits import take
from wayhouse.arrivals import door, rules, welcoming, writing
from wayhouse.arrivals.forms import LONGEST, FirstNoteForm, KeptCodeForm, NoteForm, ReturnForm
from wayhouse.arrivals.models import Contact
from wayhouse.arrivals.writing import NoSuchCode, Opened
from wayhouse.crypto.keyring import use
from wayhouse.crypto.passphrase import Busy
from wayhouse.crypto.sealed import open_all
from wayhouse.people.models import Programme

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@door.for_visitors
@_GET_OR_POST
def write(request: HttpRequest, kind: Contact.Kind) -> HttpResponse:
    """What is promised and what is not; then a few words, sealed before the answer comes."""
    programmes = list(Programme.objects.select_related("desk").order_by("created_on", "pk"))
    form = FirstNoteForm(request.POST if request.method == "POST" else None, programmes=programmes)
    status = 200
    if programmes and form.is_valid():
        if take(request, "contact_write") is None:
            status = _wait(form)
        else:
            try:
                return _written(request, form, kind)
            except Busy:
                status = _at_once(form)
    near = kind == Contact.Kind.NEAR
    page = _("For people close to somebody") if near else _("Write to us")
    context = {"page": page, "form": form, "near": near, "open": bool(programmes)}
    return render(request, "arrivals/write.html", context, status=status)


@door.for_writers
@_GET_OR_POST
def keep_code(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The code, until it was typed back; only then the words count as sent."""
    code = door.code_to_keep(request)
    if not code:
        return redirect("arrivals:talk")
    form = KeptCodeForm(request.POST if request.method == "POST" else None, shown=code)
    if form.is_valid():
        try:
            writing.send(opened.contact)
        except NoSuchCode:
            return redirect("arrivals:come_back")
        door.forget_code(request)
        return redirect("arrivals:talk")
    return render(request, "arrivals/keep_code.html", {"page": _("Your six words"), "form": form, "code": code})


@door.for_visitors
@_GET_OR_POST
def come_back(request: HttpRequest) -> HttpResponse:
    """The six words open what was written and answered. Wrong, erased and run out are answered alike."""
    form = ReturnForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        if take(request, "contact_return") is None:
            status = _wait(form)
        else:
            try:
                return _returned(request, form)
            except NoSuchCode:
                form.add_error(
                    "code", _("These words open nothing. Look for a slip; after thirty quiet days all is gone.")
                )
            except Busy:
                status = _at_once(form)
    return render(request, "arrivals/come_back.html", {"page": _("Come back"), "form": form}, status=status)


@door.for_visitors
@_GET_OR_POST
def talk(request: HttpRequest) -> HttpResponse:
    """What either side wrote, and a place to go on."""
    if request.method == "POST" and door.opened_by(request) is None and request.POST.get("words"):
        # The session went to sleep while somebody was writing: the words come along to where the code is asked for.
        form = ReturnForm(initial={"words": request.POST["words"]})
        return render(request, "arrivals/come_back.html", {"page": _("Come back"), "form": form, "kept": True})
    return _talk(request)


@door.for_writers
def _talk(request: HttpRequest, opened: Opened) -> HttpResponse:
    if door.code_to_keep(request):
        return redirect("arrivals:keep_code")
    contact = opened.contact
    form = NoteForm(request.POST if request.method == "POST" else None)
    may_write = rules.may_write(contact)
    if may_write and form.is_valid():
        try:
            writing.write_again(opened, form.cleaned_data["words"], language=get_language() or "en")
        except NoSuchCode:
            return redirect("arrivals:come_back")
        return redirect("arrivals:talk")
    return _show(request, contact, form, unsent=request.POST.get("words", ""))


def _show(request: HttpRequest, contact: Contact, form: NoteForm, *, unsent: str = "") -> HttpResponse:
    notes = list(contact.notes.select_related("item").order_by("pk"))
    open_all(notes)
    context = {
        "contact": contact,
        "notes": notes,
        "form": form,
        "may_write": rules.may_write(contact),
        "unsent": unsent,
    }
    context |= {"page": _("Your notes"), "welcome": welcoming.state_of(contact)}
    return render(request, "arrivals/talk.html", context)


@door.for_writers
@_GET_OR_POST
def end(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Says what will be gone; then everything is."""
    if request.method != "POST":
        words = {"page": _("End it here"), "welcomed": welcoming.state_of(opened.contact) is not None}
        return render(request, "arrivals/end.html", words)
    with suppress(NoSuchCode):
        writing.erase(opened)
    door.put_away(request)
    return render(request, "arrivals/ended.html", {"page": _("Gone")})


def _written(request: HttpRequest, form: FirstNoteForm, kind: Contact.Kind) -> HttpResponse:
    language = get_language() or "en"
    opened, code = writing.write_first(form.programme, kind, form.cleaned_data["words"], language=language)
    door.remember(request, opened, code)
    return redirect("arrivals:keep_code")


def _returned(request: HttpRequest, form: ReturnForm) -> HttpResponse:
    opened = writing.come_back(form.cleaned_data["code"])
    door.remember(request, opened)
    words = form.cleaned_data["words"]
    if words and (len(words) > LONGEST or not rules.may_write(opened.contact)):
        # They cannot be sent as they are, and must not be lost: the page of the notes shows them with the reason.
        return _kept(request, opened, words)
    if words:
        writing.write_again(opened, words, language=get_language() or "en")
    return redirect("arrivals:talk")


def _kept(request: HttpRequest, opened: Opened, words: str) -> HttpResponse:
    with use(opened.keyring):
        return _show(request, opened.contact, NoteForm({"words": words}), unsent=words)


def _wait(form: NoteForm | ReturnForm) -> int:
    """Too many from one network: a matter of minutes, and only there. What was typed stays on the page."""
    form.add_error(None, _("Many people write from your network right now. Wait some minutes and send it again."))
    return 429


def _at_once(form: NoteForm | ReturnForm) -> int:
    form.add_error(None, _("One moment: somebody else is at the door. Send it again, your words are still here."))
    return 503
