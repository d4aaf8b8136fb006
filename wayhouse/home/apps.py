"""Home: the page after sign-in for each role."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.home"
