"""Second steps as the house keeps them: no times of use, no words, each code of an app once.

`allauth.mfa` writes to the second when a step was made and last used. That would say when somebody was here.
"""

from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction

from wayhouse.accounts.models import User

_LAST, _VIEWED = "last_step", "viewed_at"


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
