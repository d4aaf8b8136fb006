"""Config: settings, urls, the operator's command."""

from io import StringIO

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.config"

    def ready(self) -> None:
        """Register the checks, and let the worker tidy up every hour."""
        from datetime import timedelta

        import wayhouse.config.checks  # noqa: F401
        from wayhouse.notices.sweeps import register

        # It may take minutes, in which no clock may stand still and no page may wait.
        register("config.tidy", _tidy, every=timedelta(hours=1), limit=timedelta(minutes=20), apart=("tidy",))


def _tidy() -> int:
    from django.core.management import call_command

    call_command("tidy", stdout=StringIO())
    return 1
