"""The room of leaving well."""

from django.apps import AppConfig


class LeavingConfig(AppConfig):
    """Registers the room."""

    name = "wayhouse.leaving"
