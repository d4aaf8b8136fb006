"""Counting tries. The counters live in the memory of the worker, under keys that name neither person nor network."""

import hmac
import os
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from wayhouse.accounts.models import handle_tag
from wayhouse.core import clock

_TAG_BYTES = 16


@dataclass
class Tries:
    """What one try has used up; given back where the try was right or was never made."""

    used: list[Any]

    def give_back(self) -> None:
        """Count the try as not made."""
        for usage in self.used:
            usage.rollback()


def take(request: HttpRequest, action: str, key: str | None = None) -> Tries | None:
    """Count one try of an action of setting ACCOUNT_RATE_LIMITS, or None where there were too many."""
    usage = ratelimit.consume(request, app="allauth.account", action=action, key=key, limit_get=True)
    return Tries([usage]) if usage else None


def take_for_name(request: HttpRequest, action: str, handle: str, network: str) -> Tries | None:
    """Count one try for a name from a network, so that nobody can lock out somebody who sits elsewhere.

    From everywhere together a name stands many more tries (action "name"): what guards a weak passphrase of one's own.
    """
    tag = handle_tag(handle)
    here = take(request, action, f"{tag}:{network}")
    everywhere = here and take(request, "name", tag)
    if here and everywhere:
        return Tries([*here.used, *everywhere.used])
    if here:
        here.give_back()
    return None


def network_tag(address: str) -> str:
    """A tag for the network of an address; tomorrow, and after a restart, it is another one."""
    network = ratelimit.truncate_ip(address)
    return hmac.digest(_salt_of(clock.today()), network.encode(), "sha256")[:_TAG_BYTES].hex()


@lru_cache(maxsize=1)
def _salt_of(_day: date) -> bytes:
    return os.urandom(32)
