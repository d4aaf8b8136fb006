"""People: organisation, programme, people, roles, invitations, roster, keep-apart."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.people"

    def ready(self) -> None:
        """Listen to the room below."""
        from wayhouse.accounts.actions import keys_renewed
        from wayhouse.people.reach import renew_desks

        keys_renewed.connect(renew_desks, dispatch_uid="people.renew_desks")
