"""Second steps as the house keeps them: no times of use, no words, each code of an app once.

`allauth.mfa` writes to the second when a step was made and last used. That would say when somebody was here.
"""

import time
from typing import Any, cast

from allauth.account import app_settings
from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction
from django.http import HttpRequest

from wayhouse.accounts.models import User

_LAST, _VIEWED = "last_step", "viewed_at"
# As the library calls any second step in its list of what was shown in a session.
_STEP = "mfa"


def forget_times(instance: Authenticator, **_signal: Any) -> None:
    """Keep the day a step was added and nothing of when it was used (receiver of `pre_save`)."""
    instance.created_at = instance.created_at.replace(hour=0, minute=0, second=0, microsecond=0)
    instance.last_used_at = None
    if instance.data.get(_VIEWED):
        instance.data[_VIEWED] = True


def steps_of(user: User) -> dict[str, list[Authenticator]]:
    """The second steps of an account by their type ("totp", "webauthn", "recovery_codes"), in one query."""
    steps: dict[str, list[Authenticator]] = {kind: [] for kind in Authenticator.Type.values}
    for step in Authenticator.objects.filter(user=user).order_by("pk"):
        steps[step.type].append(step)
    return steps


def is_proven(request: HttpRequest) -> bool:
    """Whether a second step was given, or set up, since this session began. Costs no query."""
    return any(record["method"] == _STEP for record in get_authentication_records(request, request.user))


def passphrase_was_typed(request: HttpRequest) -> bool:
    """Whether somebody signed in has typed the passphrase once more in the last minutes, which also unlocked."""
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    return any(
        record["method"] == "password" and record.get("reauthenticated") and record["at"] > since
        for record in get_authentication_records(request, request.user)
    )


def prove(request: HttpRequest, kind: str) -> None:
    """Whoever sets a step up has just shown that they hold it; `kind` as in `steps_of`."""
    record_authentication(request, cast("User", request.user), _STEP, type=kind)


def forget_proof(request: HttpRequest) -> None:
    """Without any step left, what was given before proves nothing."""
    steps = steps_of(cast("User", request.user))
    if not steps["totp"] and not steps["webauthn"]:
        kept = [record for record in get_authentication_records(request, request.user) if record["method"] != _STEP]
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept


def spend(app: Authenticator, code: str) -> bool:
    """Whether this code of an app was not used before; from now on it is.

    The library remembers used codes in the memory of one worker and for one period only. Here the step of time
    that was last used is kept, sealed, with the seed (RFC 6238, section 5.2).
    """
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=app.pk)
        step = _time_step(decrypt(row.data["secret"]), code)
        last = row.data.get(_LAST)
        if step is None or (last and step <= int(decrypt(last))):
            return False
        row.data[_LAST] = encrypt(str(step))
        row.save(update_fields=["data"])
    return True


def _time_step(seed: str, code: str) -> int | None:
    """The step of time to which a code belongs."""
    steps: list[int] = sorted(yield_hotp_counters_from_time(), reverse=True)
    for step in steps:
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(seed, step))):
            return step
    return None
