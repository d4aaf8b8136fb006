"""Notices: the safe-contact plan, the outbox and its delivery."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.notices"

    def ready(self) -> None:
        """Let the worker send what is due, and write down every minute that it lives."""
        from datetime import timedelta

        from wayhouse.notices.delivering import deliver_due
        from wayhouse.notices.sweeps import register

        register("notices.deliveries", deliver_due)
        register("notices.worker", int, every=timedelta(minutes=1))
