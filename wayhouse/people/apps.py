"""People: organisation, programme, people, roles, invitations, roster, keep-apart."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.people"

    def ready(self) -> None:
        """Listen to the rooms below."""
        from wayhouse.accounts.actions import keys_renewed, keys_renewing
        from wayhouse.notices.actions import contact_changed
        from wayhouse.people.consents.reached import write_contact
        from wayhouse.people.reach import mark_rows_of, renew_desks

        keys_renewing.connect(mark_rows_of, dispatch_uid="people.mark_rows_of")
        keys_renewed.connect(renew_desks, dispatch_uid="people.renew_desks")
        contact_changed.connect(write_contact, dispatch_uid="people.write_contact")
