"""What is typed to sign in, to unlock, to change a passphrase and to come back without one."""

from typing import Any

from allauth.account import forms as library
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wayhouse.accounts import known, limits, unlocking
from wayhouse.accounts.adapters import AccountAdapter
from wayhouse.accounts.fields import CodeField, HandleField, PassphraseField
from wayhouse.accounts.models import User
from wayhouse.crypto.passphrase import LONGEST, SHORTEST, Busy, offer


class LoginForm(library.LoginForm):
    """Name and passphrase. Whatever is wrong with the two, the answer is the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = HandleField(label=_("Name you sign in with"))
        self.fields["password"] = PassphraseField(label=_("Passphrase"))
        self.fields["mine"] = forms.BooleanField(
            label=_("Only I use this device"),
            help_text=_("Then nobody can keep you out by trying your name. It leaves a mark here that names nobody."),
            required=False,
        )

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Go on after the right passphrase; a device that was known, or shall be, is known for another ninety days."""
        response: HttpResponse = super().login(request, redirect_url)
        handle = str(self.cleaned_data["login"])
        if self.cleaned_data["mine"] or known.device(request, handle):
            known.know(request, response, handle)
        return response


class ReauthenticateForm(library.ReauthenticateForm):
    """The passphrase once more, before something that matters."""

    secret: bytes

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = PassphraseField(label=_("Passphrase"))

    def clean_password(self) -> str:
        """The passphrase, after it opened the account; the opened key is in `secret`."""
        typed = str(self.cleaned_data["password"])
        self.secret = _opened(self.user, typed)
        return typed


class UnlockForm(forms.Form):
    """The passphrase of somebody who is signed in; the opened key is in `secret`."""

    passphrase = PassphraseField(label=_("Passphrase"))
    secret: bytes

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user

    def clean_passphrase(self) -> str:
        """The passphrase, after it opened the account."""
        typed = str(self.cleaned_data["passphrase"])
        tries = limits.take(self.request, "unlock", str(self.user.pk))
        if tries is None:
            raise _error("too_many_login_attempts")
        try:
            self.secret = _opened(self.user, typed)
        except Busy:
            tries.give_back()
            raise
        return typed


class NewPassphraseForm(forms.Form):
    """A new passphrase, typed twice. One made by the machine is offered beside it."""

    new = PassphraseField(
        label=_("New passphrase"),
        min_length=SHORTEST,
        help_text=_("The words above, or at least 15 characters of your own. Spaces count."),
    )
    again = PassphraseField(label=_("The same once more"))
    offered = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("offered", offer(get_language() or ""))
        for name in ("new", "again"):
            self.fields[name].widget.attrs["autocomplete"] = "new-password"

    def clean_again(self) -> str:
        """The second passphrase, where it is the first."""
        again = str(self.cleaned_data["again"])
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise ValidationError(_("This is not the same as above."))
        return again


class PassphraseForm(UnlockForm, NewPassphraseForm):
    """The present passphrase and a new one; the opened key is in `secret`."""

    field_order = ("passphrase", "new", "again", "offered")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passphrase"].label = _("Your passphrase now")


class RecoveryForm(NewPassphraseForm):
    """Name, recovery code and a new passphrase. Whatever is wrong with the first two, the answer is the same."""

    handle = HandleField(label=_("Name you sign in with"))
    code = CodeField(
        label=_("Recovery code"), help_text=_("Eight groups of four, as on your paper. Dashes do not matter.")
    )
    field_order = ("handle", "code", "new", "again", "offered")
    user: User
    secret: bytes

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        """Open the account once everything else is in order; it is then in `user` and `secret`."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        network = AccountAdapter(self.request).get_client_ip(self.request)
        tries = limits.take_for_name(self.request, "recover", cleaned["handle"], network)
        if tries is None:
            raise _error("too_many_login_attempts")
        found = unlocking.account_by_code(cleaned["handle"], cleaned["code"])
        if found is None:
            raise ValidationError(_("This name and this code do not belong together. Please look at both again."))
        tries.give_back()
        self.user, self.secret = found
        return cleaned


class KeptCodeForm(forms.Form):
    """Two groups of a recovery code that was just shown, typed back from the paper."""

    def __init__(self, *args: Any, code: str, asked: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {f"group_{number + 1}": code.split("-")[number] for number in asked}
        for number in asked:
            label = _("Group %(number)d on your paper") % {"number": number + 1}
            self.fields[f"group_{number + 1}"] = CodeField(label=label)

    def clean(self) -> dict[str, Any]:
        """Every group must be the one that was shown."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, group in self.groups.items():
            if name in cleaned and _forgiven(cleaned[name]) != group:
                self.add_error(name, _("This is not the group above. Please look at your paper again."))
        return cleaned


def _opened(user: User, passphrase: str) -> bytes:
    secret = unlocking.secret_by_passphrase(user, passphrase)
    if secret is None:
        raise _error("incorrect_password")
    return secret


def _error(code: str) -> ValidationError:
    return ValidationError(AccountAdapter.error_messages[code], code=code)


def _forgiven(typed: str) -> str:
    """Without the slips that the alphabet of the code foresaw: letters that look like digits."""
    return typed.upper().translate(str.maketrans("OIL", "011", "- "))
