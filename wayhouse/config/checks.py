"""What must not be started."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def no_quick_keys_in_earnest(**_unused: Any) -> list[CheckMessage]:
    """Passphrases that are hardly stretched belong into tests, never beside HTTPS."""
    if settings.WAYHOUSE_QUICK_KDF and settings.SECURE:
        return [Error("WAYHOUSE_QUICK_KDF is for tests; unset it.", id="wayhouse.E001")]
    return []
