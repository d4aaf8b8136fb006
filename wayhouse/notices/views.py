"""One's own page of messages: the plan, what a locked screen would show, this browser, a test, and none at all."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wayhouse.accounts.oneself import Oneself, OwnRequest, for_oneself
from wayhouse.core.gate import public
from wayhouse.crypto import webpush
from wayhouse.notices import actions, push
from wayhouse.notices.channels import is_set_up
from wayhouse.notices.forms import DeviceForm, PlanForm
from wayhouse.notices.kinds import PAGES, Channel, Kind
from wayhouse.notices.models import CalendarFeed, ContactPlan, Delivery
from wayhouse.notices.plan import Plan

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
_WORKER = Path(__file__).with_name("static") / "notices" / "worker.js"
# What a member may get, and what comes to whoever is on call.
_SHOWN = (Kind.REMINDER, Kind.QUESTION, Kind.NOTE, Kind.CHANGED)
_LATEST = 50
_View = Callable[..., HttpResponse]
# The only page that may start a script in the background.
_may_start_worker: Callable[[_View], _View] = cast(
    "Any", csp_update({"worker-src": [SELF], "trusted-types": ["worker"]})
)


@for_oneself
@_GET_OR_POST
@_may_start_worker
def contact(request: OwnRequest) -> HttpResponse:
    """The plan; "Show me first" shows what would be agreed, and agrees to nothing."""
    agreed = _plan_of(request.person)
    form = PlanForm(request.POST or None, reader=request.person, plan=agreed)
    shown = agreed
    if form.is_valid():
        shown = form.plan()
        if request.POST.get("do") != "show":
            actions.agree_contact(shown, actor=request.person)
            messages.success(request, _("Saved. It holds from now on."))
            return redirect("notices:contact")
    devices = push.devices_of(request.person.pk)
    context = {
        "page": _("Messages"),
        "form": form,
        "agreed": agreed,
        "screens": _screens(shown) if shown else [],
        "draft": shown is not agreed,
        "open_ways": any(map(is_set_up, Channel)),
        "devices": devices,
        "lacks_browser": agreed is not None and Channel.PUSH in agreed.channels and not devices,
        "device_form": DeviceForm(),
        "has_calendar": CalendarFeed.objects.filter(person_id=request.person.pk).exists(),
        "push_key": webpush.public_key() if push.is_set_up() else "",
    }
    return render(request, "notices/contact.html", context)


@for_oneself
@require_POST
def stop(request: OwnRequest) -> HttpResponse:
    """No messages at all, with one tap."""
    actions.stop_contact(actor=request.person)
    messages.success(request, _("Nobody writes to you any more. Your plan and your addresses are deleted."))
    return redirect("notices:contact")


@for_oneself
@require_POST
def try_out(request: OwnRequest) -> HttpResponse:
    """Send me a test."""
    actions.try_out(actor=request.person)
    messages.success(request, _("A test is on its way. It takes some seconds; below you see what became of it."))
    return redirect("notices:deliveries")


@for_oneself
@require_POST
def add_device(request: OwnRequest) -> HttpResponse:
    """Let this browser take messages."""
    form = DeviceForm(request.POST)
    if form.is_valid() and form.add_for(request.person):
        messages.success(request, _("This browser takes messages from now on."))
    else:
        messages.error(request, _("This browser cannot take messages from here. Please choose another way."))
    return redirect("notices:contact")


@for_oneself
@require_POST
def remove_devices(request: OwnRequest) -> HttpResponse:
    """No browser takes messages any more."""
    push.remove_devices(actor=request.person)
    messages.success(request, _("No browser of yours takes messages any more."))
    return redirect("notices:contact")


@for_oneself
@require_GET
def deliveries(request: OwnRequest) -> HttpResponse:
    """What was sent to oneself, what was not, and why."""
    mine = Delivery.objects.filter(notice__person_id=request.person.pk).select_related("notice")
    latest = list(mine.order_by("-notice__due_at", "next_at", "pk")[:_LATEST])
    return render(request, "notices/deliveries.html", {"page": _("What was sent"), "deliveries": latest})


@public
@require_GET
def worker(_request: OwnRequest) -> HttpResponse:
    """The script that shows messages, where somebody let their browser take them. The same for everybody."""
    return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")


@cache
def _worker() -> bytes:
    return _WORKER.read_bytes()


def _plan_of(reader: Oneself) -> Plan | None:
    row = ContactPlan.objects.filter(person_id=reader.pk).first()
    return row.plan() if row else None


def _screens(plan: Plan) -> list[tuple[str, str]]:
    """Every title and sentence that this plan can lead to."""
    kinds = [*_SHOWN, *(PAGES if plan.paged else ())]
    return list(dict.fromkeys(plan.says(kind) for kind in kinds))
