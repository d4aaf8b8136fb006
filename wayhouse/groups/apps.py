"""Groups: cycles, groups, seats, venues, and how groups are formed."""

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.groups"
