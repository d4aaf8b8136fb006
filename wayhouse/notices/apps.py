"""Notices: the safe-contact plan, the outbox and its delivery."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.notices"
