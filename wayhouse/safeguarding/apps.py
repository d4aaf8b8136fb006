"""The room's Django application."""

from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    """The room `safeguarding`."""

    name = "wayhouse.safeguarding"

    def ready(self) -> None:
        """Let the worker sweep the clocks at each round, and look whether groups may open."""
        from datetime import timedelta

        from wayhouse.notices.sweeps import register
        from wayhouse.safeguarding import conduct_clock
        from wayhouse.safeguarding.misses import sweep
        from wayhouse.safeguarding.readiness import refresh_all
        from wayhouse.safeguarding.safety_plan.copying import end_openings

        # Before the deliveries: whom a clock calls now is called in this round.
        register("safeguarding.clocks", sweep, first=True)
        register("safeguarding.openings", end_openings, every=timedelta(minutes=5))
        register("safeguarding.conduct", conduct_clock.run, every=timedelta(hours=1))
        register("safeguarding.readiness", refresh_all, every=timedelta(minutes=5))
