"""The room's Django application."""

from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    """The room `safeguarding`."""

    name = "wayhouse.safeguarding"

    def ready(self) -> None:
        """Let the worker sweep the clocks and look whether groups may open; end a post with its role."""
        from datetime import timedelta

        from wayhouse.notices.sweeps import register
        from wayhouse.people.ending import role_ending
        from wayhouse.safeguarding import conduct_clock, left_alone, looking_again
        from wayhouse.safeguarding.misses import sweep
        from wayhouse.safeguarding.parting import end_with_role
        from wayhouse.safeguarding.readiness import refresh_all
        from wayhouse.safeguarding.safety_plan.copying import end_openings

        # Before the deliveries: whom a clock calls now is called in this round.
        role_ending.connect(end_with_role, dispatch_uid="safeguarding.role_ending")
        register("safeguarding.clocks", sweep, first=True)
        register("safeguarding.openings", end_openings, every=timedelta(minutes=5))
        register("safeguarding.conduct", conduct_clock.run, every=timedelta(hours=1))
        register("safeguarding.days", looking_again.run, every=timedelta(hours=1))
        register("safeguarding.left_alone", left_alone.call, every=timedelta(hours=6))
        register("safeguarding.readiness", refresh_all, every=timedelta(minutes=5))
