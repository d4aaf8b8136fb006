"""The pages of an account: unlock it, keep it safe, come back to it."""

import time
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password, suspend_request
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wayhouse.accounts import actions, factors, oneself, unlocking
from wayhouse.accounts.forms import KeptCodeForm, PassphraseForm, RecoveryForm, UnlockForm
from wayhouse.accounts.models import User
from wayhouse.accounts.session_store import SessionStore
from wayhouse.accounts.waiting import waiting
from wayhouse.core.gate import declare, public

# In the address of the page of one's own account: somebody's role needs a second step first.
STEP_WANTED = "step"
_LATELY_SECONDS = 900


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for somebody who is signed in, unlocked or not; others are led to sign in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('account_login')}?{oneself.way_on(request)}")

    return declare(guarded, "signed-in")


def proven_again(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only within five minutes of having proved who one is; others are asked again first, and then go on."""
    guarded: Callable[..., HttpResponse] = reauthentication_required(view)
    return guarded


def proven_lately(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """To read what others wrote in confidence: within a quarter of an hour of having proved who one is.

    A page waits as long before it locks, but this counts from the proof and not from the last tap. What somebody sent
    counts all the same; only a page that would show a form again, beside what others wrote, waits for the proof.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        proofs = get_authentication_records(request, _me(request))
        if proofs and time.time() - proofs[-1]["at"] < _LATELY_SECONDS:
            return view(request, *args, **kwargs)
        if request.method == "GET":
            asked: HttpResponse = suspend_request(request, reverse("account_reauthenticate"))
            return asked
        answer = view(request, *args, **kwargs)
        return redirect(request.path) if answer.status_code == HTTPStatus.OK else answer

    return guarded


@public
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """How an account begins: with an invitation."""
    addresses = {"sign_in_url": reverse("account_login"), "about_url": reverse("core:about")}
    return render(request, "accounts/begin.html", {"page": _("How to begin"), **addresses})


@public
@require_GET
def here(request: HttpRequest) -> HttpResponse:
    """Asked by a waiting page: who is signed in here now, for how long, and a token for its forms. 204 for nobody."""
    found = waiting(request) if unlocking.is_unlocked(request) else {}
    return JsonResponse({**found, "token": get_token(request)}) if found else HttpResponse(status=204)


@signed_in
def unlock(request: HttpRequest) -> HttpResponse:
    """A passkey signed in and opened nothing: ask for the passphrase, then go on at `next`."""
    onward = _onward(request, resolve_url(settings.LOGIN_REDIRECT_URL))
    if unlocking.is_unlocked(request):
        return HttpResponseRedirect(onward)
    form = UnlockForm(request.POST or None, request=request, user=_me(request))
    if form.is_valid():
        _open(request, form.secret)
        return HttpResponseRedirect(onward)
    return render(request, "accounts/unlock.html", {"page": _("Your passphrase"), "form": form, "onward": onward})


@signed_in
@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """Everything that keeps this account safe, on one page."""
    steps = factors.steps_of(_me(request))
    spare = steps["recovery_codes"]
    return render(
        request,
        "accounts/security.html",
        {
            "page": _("Signing in"),
            "app": bool(steps["totp"]),
            "passkeys": len(steps["webauthn"]),
            "spare_codes": len(spare[0].wrap().get_unused_codes()) if spare else 0,
            "sessions": _sessions(request),
            "step_wanted": STEP_WANTED in request.GET and not factors.is_proven(request),
        },
    )


@signed_in
def passphrase(request: HttpRequest) -> HttpResponse:
    """Change the passphrase, by means of the present one; every other session ends."""
    form = PassphraseForm(request.POST or None, request=request, user=_me(request))
    if form.is_valid():
        session = _session(request)
        actions.change_passphrase(_me(request), form.secret, form.cleaned_data["new"], keep_session=session.session_key)
        _open(request, form.secret)
        messages.success(request, _("Your passphrase is changed. You are signed out everywhere else."))
        return redirect("accounts:security")
    return render(request, "accounts/passphrase.html", {"page": _("Change your passphrase"), "form": form})


@public
def recover(request: HttpRequest) -> HttpResponse:
    """A new passphrase by means of the recovery code. Signing in afterwards still asks for the second step."""
    form = RecoveryForm(request.POST or None, request=request)
    if form.is_valid():
        code = actions.recover_account(form.user, form.secret, form.cleaned_data["new"])
        request.session.flush()  # or what was open here would come back to life when the session is written
        unlocking.show_code(request, code)
        return redirect("accounts:code")
    return render(request, "accounts/recover.html", {"page": _("A new passphrase"), "form": form})


@signed_in
def renew_keys(request: HttpRequest) -> HttpResponse:
    """Another key pair and recovery code, by means of the passphrase; every other session ends."""
    form = UnlockForm(request.POST or None, request=request, user=_me(request))
    if form.is_valid():
        words, kept = form.cleaned_data["passphrase"], _session(request).session_key
        secret, code = actions.renew_keys(_me(request), form.secret, words, keep_session=kept)
        _open(request, secret)
        unlocking.show_code(request, code)
        return redirect(f"{reverse('accounts:code')}?{urlencode({'next': reverse('accounts:security')})}")
    return render(request, "accounts/renew_keys.html", {"page": _("New keys"), "form": form})


@signed_in
def recovery_code(request: HttpRequest) -> HttpResponse:
    """Make a new recovery code, by means of the passphrase."""
    form = UnlockForm(request.POST or None, request=request, user=_me(request))
    if form.is_valid():
        _open(request, form.secret)
        unlocking.show_code(request, actions.renew_recovery_code(_me(request), form.secret))
        return redirect(f"{reverse('accounts:code')}?{urlencode({'next': reverse('accounts:security')})}")
    return render(request, "accounts/recovery_code.html", {"page": _("Recovery code"), "form": form})


@public
def code(request: HttpRequest) -> HttpResponse:
    """A fresh recovery code, shown until two of its groups were typed back; then it is gone."""
    kept = unlocking.code_to_keep(request)
    onward = _onward(request, reverse("accounts:security" if request.user.is_authenticated else "account_login"))
    if kept is None:
        return HttpResponseRedirect(onward)
    form = KeptCodeForm(request.POST or None, code=kept[0], asked=kept[1])
    if form.is_valid():
        unlocking.forget_code(request)
        messages.success(request, _("Good. Your new recovery code is the one on your paper."))
        return HttpResponseRedirect(onward)
    context = {"page": _("Your recovery code"), "form": form, "code": kept[0], "onward": onward}
    return render(request, "accounts/code.html", context)


@signed_in
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out one of one's other browsers (`session`), or all of them (`session=others`)."""
    me, chosen = _me(request), request.POST.get("session", "")
    if chosen == "others":
        actions.end_other_sessions(me, keep_session=_session(request).session_key or "")
    else:
        actions.end_session(get_object_or_404(me.sessions.exclude(pk=_session(request).sid), pk=chosen), actor=me)
    messages.success(request, _("Signed out there."))
    return redirect("accounts:security")


def _open(request: HttpRequest, secret: bytes) -> None:
    """The passphrase was right: the keys are open, the token is a new one, and it need not be asked again soon."""
    unlocking.unlock(request, secret)
    request.session.cycle_key()
    reauthenticate_by_password(request)


def _sessions(request: HttpRequest) -> list[dict[str, Any]]:
    """One's own open sessions, this one first. Nobody knows from where the others were opened."""
    here = _session(request).sid
    rows = [
        {"sid": row.pk, "day": row.created_at, "here": row.pk == here}
        for row in _me(request).sessions.still_open().order_by("-created_at", "pk")
    ]
    return sorted(rows, key=lambda row: not row["here"])


def _onward(request: HttpRequest, otherwise: str) -> str:
    wished = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wished, {request.get_host()}, require_https=request.is_secure())
    return wished if safe else otherwise


def _me(request: HttpRequest) -> User:
    return cast("User", request.user)


def _session(request: HttpRequest) -> SessionStore:
    return cast("SessionStore", request.session)
