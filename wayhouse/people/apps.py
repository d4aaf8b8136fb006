"""People: organisation, programme, people, roles, invitations, roster, keep-apart."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.people"
