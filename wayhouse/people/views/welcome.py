"""The way in: an invitation becomes an account. Used, expired and unknown invitations get the same answer."""

from uuid import UUID

from django.contrib.auth import SESSION_KEY, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wayhouse.accounts import unlocking
from wayhouse.accounts.actions import HandleTaken
from wayhouse.accounts.forms import KeptCodeForm
from wayhouse.accounts.limits import take
from wayhouse.accounts.models import User
from wayhouse.core.gate import public
from wayhouse.people import invitations
from wayhouse.people.forms import WelcomeForm

BACKEND = "wayhouse.accounts.backends.PassphraseBackend"
_NEWCOMER = "newcomer"


@public
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """What this is, a name to sign in with, and a passphrase."""
    if request.session.get(SESSION_KEY):
        return render(request, "people/welcome_later.html", {"page": _("You are signed in")})
    if take(request, "invitation") is None:
        return render(request, "people/welcome_wait.html", {"page": _("One moment")}, status=429)
    if not invitations.is_open(token):
        return _closed(request)
    form = WelcomeForm(request.POST or None)
    if form.is_valid():
        try:
            return _accepted(request, token, form)
        except HandleTaken:
            form.add_error("handle", _("This name cannot be used. Please take another."))
        except invitations.InvitationClosed:
            return _closed(request)
    return render(request, "people/welcome.html", {"page": _("Welcome"), "form": form})


@public
def welcome_code(request: HttpRequest) -> HttpResponse:
    """The recovery code, until two of its groups were typed back from paper; then the newcomer is signed in."""
    user = _newcomer(request)
    if user is None:
        return redirect("account_login")
    kept = unlocking.code_to_keep(request)
    if kept is None:
        return _signed_in(request, user)
    form = KeptCodeForm(request.POST or None, code=kept[0], asked=kept[1])
    if form.is_valid():
        unlocking.forget_code(request)
        return _signed_in(request, user)
    return render(request, "people/welcome_code.html", {"page": _("Your recovery code"), "form": form, "code": kept[0]})


def _accepted(request: HttpRequest, token: str, form: WelcomeForm) -> HttpResponse:
    handle, passphrase = form.cleaned_data["handle"], form.cleaned_data["new"]
    user, secret, code = invitations.accept_invitation(token, handle, passphrase, language=get_language() or "en")
    return to_code(request, user, secret, code)


def to_code(request: HttpRequest, user: User, secret: bytes, code: str) -> HttpResponse:
    """On to the page with the recovery code; after it, whoever has the account now is signed in."""
    user.unlocked = secret
    unlocking.wait(request, user)
    request.session[_NEWCOMER] = str(user.pk)
    unlocking.show_code(request, code)
    return redirect("people:welcome_code")


def _newcomer(request: HttpRequest) -> User | None:
    pk = request.session.get(_NEWCOMER)
    return User.objects.filter(pk=UUID(pk), is_active=True).first() if pk else None


def _signed_in(request: HttpRequest, user: User) -> HttpResponse:
    secret = unlocking.waiting(request, user)
    request.session.pop(_NEWCOMER, None)
    if secret is None:
        # The paper took longer than the key waits: the passphrase opens it again.
        return redirect("account_login")
    login(request, user, backend=BACKEND)
    unlocking.unlock(request, secret)
    return redirect("/")


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "people/welcome_closed.html", {"page": _("This invitation cannot be used")}, status=404)
