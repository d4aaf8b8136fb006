"""The room of first contact, from the first note to the first evening."""

from typing import Any

from django.apps import AppConfig


class ArrivalsConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.arrivals"

    def ready(self) -> None:
        """Whoever signs in leaves what they wrote without a name behind."""
        from django.contrib.auth.signals import user_logged_in

        user_logged_in.connect(_put_away, dispatch_uid="arrivals.put_away")


def _put_away(request: Any = None, **_signal: Any) -> None:
    from wayhouse.arrivals.door import put_away

    if request is not None:
        put_away(request)
