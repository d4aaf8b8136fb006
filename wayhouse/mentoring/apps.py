"""The room of mentors and members by themselves."""

from datetime import timedelta

from django.apps import AppConfig


class MentoringConfig(AppConfig):
    """Registers the room."""

    name = "wayhouse.mentoring"

    def ready(self) -> None:
        """Let the worker tell what is new; keys of a thread go with the role that somebody had in it."""
        from wayhouse.mentoring import nudging, parting, settling, telling
        from wayhouse.notices.actions import held_back
        from wayhouse.notices.sweeps import register
        from wayhouse.people.reach import goes_with_role

        goes_with_role(parting.scopes_of_role)
        held_back.connect(settling.begin_break, dispatch_uid="mentoring.breaks")
        register("mentoring.letters", telling.tell_letters, every=timedelta(minutes=20))
        register("mentoring.hellos", nudging.ask_for_hellos, every=timedelta(minutes=20))
        register("mentoring.questions", telling.tell_questions, every=timedelta(hours=1))
