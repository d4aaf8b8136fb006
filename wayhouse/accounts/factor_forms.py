"""The library's forms for second steps, in the words of the house. Nothing is typed that the database would keep."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from wayhouse.accounts import factors
from wayhouse.accounts.adapters import MFAAdapter
from wayhouse.accounts.fields import CodeField, PrfField

PLACES = (
    ("phone", _("A phone or tablet")),
    ("computer", _("A computer")),
    ("stick", _("A key I plug in or hold against it")),
)


class _OnceForm(base.BaseAuthenticateForm):
    """A code of the app, once, or a spare code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField(label=_("Code"), autocomplete="one-time-code")

    def clean_code(self) -> str:
        """The code, where it is right and was not used before."""
        code = str(super().clean_code())
        is_app = self.authenticator.type == Authenticator.Type.TOTP
        if is_app and not factors.spend(self.authenticator, code):
            raise MFAAdapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_OnceForm, base.AuthenticateForm):
    """The second step of signing in."""


class ReauthenticateForm(_OnceForm, base.ReauthenticateForm):
    """A second step once more, before something that matters."""


class ActivateTOTPForm(totp.ActivateTOTPForm):
    """The first code that an app shows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField(label=_("The six digits your app shows now"), autocomplete="one-time-code")


def _place_field() -> forms.ChoiceField:
    # A choice, because a name that somebody types would stand readable in the database.
    return forms.ChoiceField(label=_("Where is this passkey kept?"), choices=PLACES, widget=forms.RadioSelect)


# The library keeps all that it gets. What else a browser may put beside these is not ours to keep.
_KEPT = ("type", "id", "rawId", "authenticatorAttachment", "response")


class AddWebAuthnForm(webauthn.AddWebAuthnForm):
    """A passkey that the browser has just made, and what opens the account with it, if the device can do that."""

    field_order = ("name", "passwordless", "credential", "prf")
    prf = PrfField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _place_field()
        self.initial["name"] = PLACES[0][0]
        self.fields["passwordless"].label = _("Sign in with this passkey alone")
        self.fields["passwordless"].help_text = _(
            "You then need neither name nor code to sign in, only your finger, your face or the device's PIN. "
            "Many devices open your words with it too. The others still ask for your passphrase."
        )

    def clean_credential(self) -> Any:
        """Of what the browser says, only what a passkey is later known by."""
        said = self.cleaned_data["credential"]
        if not isinstance(said, dict):
            return said
        results = said.get("clientExtensionResults")
        found = {"credProps": results["credProps"]} if isinstance(results, dict) and "credProps" in results else {}
        return {**{name: said[name] for name in _KEPT if name in said}, "clientExtensionResults": found}


class LoginWebAuthnForm(webauthn.LoginWebAuthnForm):
    """A passkey that signs in alone, and what opens the account with it, if the device can do that."""

    prf = PrfField()


class EditWebAuthnForm(webauthn.EditWebAuthnForm):
    """Where a passkey is kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _place_field()
