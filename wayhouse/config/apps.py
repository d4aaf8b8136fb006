"""Config: settings, urls, the operator's command."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.config"

    def ready(self) -> None:
        """Register the checks."""
        import wayhouse.config.checks  # noqa: F401
