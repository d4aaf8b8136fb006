"""Meetings: evenings, guides, rota, attendance."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.meetings"

    def ready(self) -> None:
        """Let the worker remind people of their evenings, keep their calendars, and end cycles that are over.

        Cards know the words of their groups.
        """
        from datetime import timedelta

        from wayhouse.groups.correcting import copied
        from wayhouse.meetings.correcting import renew_cards
        from wayhouse.meetings.ending import end_cycles
        from wayhouse.meetings.near import mentors_near
        from wayhouse.meetings.reminding import remind, write_times
        from wayhouse.notices.sweeps import register
        from wayhouse.safeguarding.safety_plan import near

        near.register(mentors_near)
        copied(renew_cards)
        register("meetings.reminders", remind, every=timedelta(minutes=10))
        register("meetings.calendars", write_times, every=timedelta(minutes=2))
        register("meetings.endings", end_cycles, every=timedelta(hours=1))
