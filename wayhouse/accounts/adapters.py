"""How django-allauth meets the house: nothing in clear, nothing by e-mail, nothing that names anybody."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from wayhouse.accounts import known, limits, unlocking
from wayhouse.accounts.models import User
from wayhouse.audit.record import record_failure
from wayhouse.crypto import server
from wayhouse.crypto.box import bind, close, open_box
from wayhouse.crypto.passphrase import Busy

_LIBRARY = bind("library", "mfa")
# The library's messages that say something worth saying, in the words of our templates. The others name the account.
_SAID = "mfa/messages/"
_WAYS = {
    "reauthenticate": _("Type my passphrase"),
    "mfa_reauthenticate": _("Type a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by handle and passphrase; accounts begin with an invitation only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("This name and this passphrase do not belong together. Please try again."),
        "incorrect_password": _("This is not the passphrase of this account. Please try again."),
        "too_many_login_attempts": _("There were too many tries. Please wait five minutes and try again."),
        "rate_limited": _("There were too many tries. Please wait five minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened in `people`, by invitation."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """A tag of the network, the same for a day. The address itself is kept nowhere, not even in a counter."""
        return limits.network_tag(super().get_client_ip(request))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check the passphrase and keep the opened key in the sealed session until the sign-in is complete.

        Errors: `Busy`; `ValidationError` after too many tries, whoever made them for that name.
        """
        handle = str(credentials.get("username", ""))
        tries = self._tries(request, handle)
        if tries is None:
            raise self.validation_error("too_many_login_attempts")
        try:
            user = authenticate(request, **credentials)
        except Busy:
            tries.give_back()
            raise
        if not isinstance(user, User):
            record_failure("signin.refused")
            return None
        tries.give_back()
        unlocking.wait(request, user)
        return user

    def _tries(self, request: HttpRequest, handle: str) -> limits.Tries | None:
        # Whoever was here before is not counted with strangers who try the same name, and neither are they with them.
        if device := known.device(request, handle):
            return limits.take(request, "login_failed", device)
        return limits.take_for_name(request, "login_failed", handle, self.get_client_ip(request))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in under a new token and unlock what waited for the second factor."""
        waiting = unlocking.waiting(request, user)
        unlocking.forget_code(request)  # it may be somebody else's who sat here before
        super().login(request, user)
        if waiting:
            unlocking.unlock(request, waiting)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Go on; by way of the passphrase where a passkey signed in without opening anything."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if unlocking.is_unlocked(request) or not isinstance(response, HttpResponseRedirect):
            return response
        return HttpResponseRedirect(f"{reverse('accounts:unlock')}?{urlencode({'next': response.url})}")

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Whether the passphrase is this account's."""
        checked = unlocking.secret_by_passphrase(user, password) if isinstance(user, User) else None
        return checked is not None

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to show once more who is there, in our words."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**method, "description": _WAYS[method["id"]]} for method in methods]

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only what the house has words for; the library's messages about accounts name the handle's tag."""
        if message or (message_template or "").startswith(_SAID):
            super().add_message(request, level, message_template, message_context, extra_tags, message)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """No e-mail about an account, ever."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No e-mail about an account, ever."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factors, with their seeds sealed and their labels neutral."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code was not accepted. It works once and not for long: please take the next one."),
        "cannot_generate_recovery_codes": _("Spare codes need an app or a passkey first."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a TOTP seed or recovery-code seed under the server's library key."""
        return urlsafe_b64encode(close(server.library_key(), text.encode(), _LIBRARY)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed. Error: `CannotOpen`."""
        return open_box(server.library_key(), urlsafe_b64decode(encrypted_text), _LIBRARY).decode()

    def is_mfa_enabled(self, user: Any, types: Iterable[str] | None = None) -> bool:
        """Whether an account has second steps, of these types. Asked several times a page, looked up once."""
        if not isinstance(user, User):
            return False
        if user.step_kinds is None:
            user.step_kinds = frozenset(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        return bool(user.step_kinds if types is None else user.step_kinds.intersection(types))

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:  # noqa: A002  the library's name
        """None: where a passkey is kept is chosen, not typed (`factor_forms`)."""
        return ""

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """What an authenticator app shows: the neutral name of the house."""
        return str(settings.WAYHOUSE_NAME)

    def build_totp_svg(self, url: str) -> SafeString:
        """The code that a phone scans, as an element of the page; our policy allows no data: address."""
        import qrcode
        from qrcode.image.svg import SvgPathFillImage

        drawing: str = qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")
        return mark_safe(drawing)  # noqa: S308  squares, drawn by the package

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """What a passkey store shows: the neutral name of the house, never a handle."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "name": settings.WAYHOUSE_NAME, "display_name": settings.WAYHOUSE_NAME}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site as the browser shows it while a passkey is made."""
        return {**super().get_public_key_credential_rp_entity(), "name": str(settings.WAYHOUSE_NAME)}
