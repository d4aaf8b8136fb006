"""The room of leaving well."""

from django.apps import AppConfig


class LeavingConfig(AppConfig):
    """Registers the room."""

    name = "wayhouse.leaving"

    def ready(self) -> None:
        """Let the worker carry out what was decided, when the time to appeal is over."""
        from datetime import timedelta

        from wayhouse.leaving.endings import carry_out_endings
        from wayhouse.notices.sweeps import register

        register("leaving.endings", carry_out_endings, every=timedelta(hours=1))
