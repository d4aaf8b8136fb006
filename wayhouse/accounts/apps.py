"""Accounts: who signed in, and the unlocking of keys. Knows nothing of roles."""

from django.apps import AppConfig
from django.db.models.signals import pre_save


class AccountsConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.accounts"

    def ready(self) -> None:
        """Keep the library from writing down when somebody signed in."""
        from allauth.mfa.models import Authenticator

        from wayhouse.accounts.factors import forget_times

        pre_save.connect(forget_times, sender=Authenticator)
