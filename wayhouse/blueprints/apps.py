"""Blueprints: content packs in."""

from django.apps import AppConfig


class BlueprintsConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.blueprints"
