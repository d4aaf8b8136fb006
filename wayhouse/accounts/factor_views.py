"""The library's pages for signing in and for second steps, as this house uses them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, cast

from allauth.account import views as account
from allauth.account.utils import passthrough_next_redirect_url
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as spare
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wayhouse.accounts import actions, factors, passkeys, unlocking
from wayhouse.accounts.factor_forms import PLACES
from wayhouse.accounts.models import User
from wayhouse.audit.record import record
from wayhouse.core.gate import declare
from wayhouse.crypto.passphrase import refuse_where_busy


class _Recorded:
    """A change of a second step stands in the log, in the same transaction."""

    verb = ""
    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it and write it down."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # of the library's view
            record(self.verb, self.request.user, actor=self.request.user)
        return response


class _Added(_Recorded):
    """A new second step counts in this session already."""

    kind = ""

    def form_valid(self, form: Any) -> HttpResponse:
        """Add it, and take it as given."""
        response = super().form_valid(form)
        factors.prove(self.request, self.kind)
        return response


class _Removed(_Recorded):
    """Without a second step, none counts as given any more."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, and see what is left."""
        response = super().form_valid(form)
        factors.forget_proof(self.request)
        return response


class _Renewed:
    """Whoever has shown once more who they are goes on under a new token."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        """Change the token, then do what was held up."""
        self.request.session.cycle_key()
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # of the library's view
        return response


class _Login(account.LoginView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A crowd is sent away before anything is looked up: meanwhile others get their pages. Error: `Busy`."""
        if request.method == "POST":
            refuse_where_busy()
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class _Logout(account.LogoutView):
    def logout(self) -> None:
        """Leave nothing behind, not even a key that waits for a second step."""
        super().logout()
        self.request.session.flush()

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out; the browser forgets the pages it kept."""
        response: HttpResponse = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


class _Reauthenticate(_Renewed, account.ReauthenticateView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Another way only where it leads on: before a passkey is added the passphrase itself is wanted."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if self.request.GET.get(REDIRECT_FIELD_NAME) == reverse("mfa_add_webauthn"):
            context["reauthentication_alternatives"] = []
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        """The passphrase opens the keys as well."""
        unlocking.unlock(self.request, form.secret)
        return super().form_valid(form)


class _ReauthenticateByCode(_Renewed, base.ReauthenticateView):
    pass


class _LoginByPasskey(webauthn.LoginWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        """The passkey is verified: it signs in, and opens the account's words where it can."""
        passkey, prf = form.cleaned_data["credential"], form.cleaned_data["prf"]
        if prf and passkey.user.is_active:
            passkey.user.unlocked = passkeys.secret_by_passkey(passkey, prf)
            unlocking.wait(self.request, passkey.user)
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say it, and ask again with the way on kept."""
        return _not_accepted(self.request, reverse("account_login"))


class _ReauthenticateByPasskey(_Renewed, webauthn.ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        """Say it, and ask again with the way on kept."""
        return _not_accepted(self.request, self.request.path)


class _Authenticate(base.AuthenticateView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also which steps there are to choose from."""
        steps = factors.steps_of(self.stage.login.user)
        kinds = {"by_app": bool(steps["totp"]), "by_passkey": bool(steps["webauthn"])}
        return {**super().get_context_data(**kwargs), **kinds}


class _ActivateTOTP(_Added, totp.ActivateTOTPView):
    verb, kind = "second_step.added", "totp"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also the seed in groups of four, for typing."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        seed = context["form"].secret
        context["typed"] = " ".join(seed[start : start + 4] for start in range(0, len(seed), 4))
        return context


class _DeactivateTOTP(_Removed, totp.DeactivateTOTPView):
    verb = "second_step.removed"


class _AddOpening(webauthn.AddWebAuthnView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only after the passphrase. The library would keep what was sent until then; this may open keys."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        if not factors.passphrase_was_typed(request):
            return redirect_to_login(request.path, reverse("account_reauthenticate"))
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, and let it open the account's words where it signs in alone and can."""
        response: HttpResponse = super().form_valid(form)
        user, secret = cast("User", self.request.user), unlocking.secret_of(self.request)
        if form.cleaned_data["passwordless"] and form.cleaned_data["prf"] and secret:
            known = passkeys.id_in(form.cleaned_data["credential"])
            actions.let_passkey_open(user, secret, known, form.cleaned_data["prf"])
        elif form.cleaned_data["passwordless"]:
            messages.info(self.request, gettext("This passkey signs you in. Your passphrase still opens your words."))
        return response


class _AddWebAuthn(_Added, _AddOpening):
    verb, kind = "passkey.added", "webauthn"


class _RemoveOpening(webauthn.RemoveWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        """It opens nothing any more."""
        passkeys.stop_opening(self.get_object())
        response: HttpResponse = super().form_valid(form)
        return response


class _RemoveWebAuthn(_Removed, _RemoveOpening):
    verb = "passkey.removed"


class _ListWebAuthn(webauthn.ListWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also each passkey in words."""
        secret = unlocking.secret_of(self.request)
        openings = passkeys.last_openings(cast("User", self.request.user), secret) if secret else {}
        shown = [_in_words(row, openings) for row in self.object_list]
        return {**super().get_context_data(**kwargs), "passkeys": shown}


class _GenerateSpareCodes(_Recorded, spare.GenerateRecoveryCodesView):
    verb = "spare_codes.renewed"


class _DownloadSpareCodes(spare.DownloadRecoveryCodesView):
    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """As a file whose name says nothing."""
        response: HttpResponse = super().render_to_response(context, **kwargs)
        response.headers["Content-Disposition"] = 'attachment; filename="list.txt"'
        return response


def _in_words(row: Authenticator, openings: Mapping[str, date | None]) -> dict[str, Any]:
    passkey = row.wrap()
    place, alone = dict(PLACES).get(passkey.name, PLACES[0][1]), bool(passkey.is_passwordless)
    tag = passkeys.tag(row) if alone and openings else ""
    used = {"opens": tag in openings, "last": openings.get(tag)}
    return {"pk": row.pk, "place": place, "day": row.created_at, "alone": alone, **used}


def _not_accepted(request: HttpRequest, back: str) -> HttpResponse:
    messages.error(request, gettext("This passkey was not accepted. You can try again, or take another way."))
    return HttpResponseRedirect(passthrough_next_redirect_url(request, back, REDIRECT_FIELD_NAME))


def _page(view: Any, title: "str | Promise", access: str = "signed-in") -> Callable[..., HttpResponse]:
    shown: Callable[..., HttpResponse] = view.as_view(extra_context={"page": title})
    return declare(shown, access)


def _to_security(_request: HttpRequest) -> HttpResponse:
    return redirect("accounts:security")


login = _page(_Login, _("Sign in"), "public")
logout = _page(_Logout, _("Sign out"), "public")
inactive = _page(account.AccountInactiveView, _("This account is closed"), "public")
authenticate = _page(_Authenticate, _("Second step"), "public")
passkey_login = declare(_LoginByPasskey.as_view(), "public")

index = declare(_to_security, "signed-in")
reauthenticate = _page(_Reauthenticate, _("Is it you?"))
reauthenticate_by_code = _page(_ReauthenticateByCode, _("Is it you?"))
reauthenticate_by_passkey = _page(_ReauthenticateByPasskey, _("Is it you?"))
activate_totp = _page(_ActivateTOTP, _("Add an app"))
deactivate_totp = _page(_DeactivateTOTP, _("Remove the app"))
list_passkeys = _page(_ListWebAuthn, _("Your passkeys"))
add_passkey = _page(_AddWebAuthn, _("Add a passkey"))
edit_passkey = _page(webauthn.EditWebAuthnView, _("Where is this passkey kept?"))
remove_passkey = _page(_RemoveWebAuthn, _("Remove a passkey"))
spare_codes = _page(spare.ViewRecoveryCodesView, _("Spare codes"))
renew_spare_codes = _page(_GenerateSpareCodes, _("New spare codes"))
download_spare_codes = declare(_DownloadSpareCodes.as_view(), "signed-in")
