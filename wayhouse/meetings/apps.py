"""Meetings: evenings, guides, rota, attendance."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.meetings"
