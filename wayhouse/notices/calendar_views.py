"""One's times as a calendar: a page, and the file that a calendar program fetches by a secret link."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wayhouse.accounts.oneself import OwnRequest, for_oneself
from wayhouse.core.gate import public
from wayhouse.notices import calendars
from wayhouse.notices.forms import CalendarForm
from wayhouse.notices.models import CalendarFeed


@for_oneself
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: OwnRequest) -> HttpResponse:
    """Off, or on under a title; the link is shown once."""
    feed, link = CalendarFeed.objects.filter(person_id=request.person.pk).first(), ""
    form = CalendarForm(request.POST or None, initial={"title": feed.open()["title"] if feed else ""})
    if form.is_valid():
        token = calendars.share_calendar(form.cleaned_data["title"], actor=request.person)
        link = request.build_absolute_uri(reverse("notices:feed", args=[token]))
    context = {"page": _("Calendar"), "form": form, "link": link, "shared": bool(feed or link)}
    return render(request, "notices/calendar.html", context)


@for_oneself
@require_POST
def stop(request: OwnRequest) -> HttpResponse:
    """No calendar any more."""
    calendars.stop_calendar(actor=request.person)
    messages.success(request, _("The link is dead. What your calendar has fetched before you delete there."))
    return redirect("notices:calendar")


@public
@require_safe
def feed(_request: HttpRequest, token: str) -> HttpResponse:
    """The file. Whoever has the link has it; a link that was taken back is like one that never was."""
    content = calendars.calendar_of(token)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    return response
