"""The ground floor as Django sees it."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The room `core`; it has no tables."""

    name = "wayhouse.core"
