"""The room's Django application."""

from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    """The room `safeguarding`."""

    name = "wayhouse.safeguarding"
