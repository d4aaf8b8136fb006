"""`wayhouse demo`: an invented programme, served on this machine."""

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from wayhouse.config.demo.building import SECONDS, build
from wayhouse.config.demo.cast import PASSPHRASE
from wayhouse.config.management.commands.serve import free_port
from wayhouse.notices.pretended import pretend
from wayhouse.people.models import Programme

WHO = {
    "ana": "coordinates the programme",
    "bo": "facilitates a group",
    "max": "mentors, accompanies evenings",
    "cass": "attends Bo's group",
    "dee": "attends another group",
    "sol": "leads safeguarding",
    "aud": "audits",
    "pat": "works for a partner",
}


class Command(BaseCommand):
    """Builds the demonstration where it is not there yet, and serves it."""

    help = "Build and serve the demonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--build-only", action="store_true", help="build, and do not serve")
        parser.add_argument("--seconds", type=int, default=SECONDS, help="how long each plan may take")

    def handle(self, *args: Any, port: int, build_only: bool, seconds: int, **options: Any) -> None:
        # Pages to those on call have somewhere to go, and nothing leaves the machine; the server begins as a child.
        os.environ["WAYHOUSE_PRETENDED_WAYS"] = "yes"
        pretend()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not Programme.objects.exists():
            self.stdout.write("Inventing a programme: people, groups, a rota. This takes half a minute.")
            self.stdout.flush()
            build(seconds=seconds)
        if build_only:
            return
        chosen = free_port(port)
        self.stdout.write(self._how_to(chosen))
        self.stdout.flush()
        call_command("serve", port=chosen)

    def _how_to(self, port: int) -> str:
        people = "\n".join(f"  {handle:6} {words}" for handle, words in WHO.items())
        return (
            f"\nWayhouse answers at  http://localhost:{port}\n\n"
            f"Sign in with one of these names and the passphrase  {PASSPHRASE}\n\n{people}\n\n"
            "Everybody in it is invented. Ctrl-C stops it; delete the folder var to begin anew.\n"
        )
