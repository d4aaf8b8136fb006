"""`wayhouse serve`: the server for real use and for the demonstration."""

import os
import secrets
import socket
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from wayhouse.config.beside import working


class Command(BaseCommand):
    """Starts the server."""

    help = "Serve Wayhouse with granian, and do what is due (`wayhouse work`) beside it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--no-work", action="store_true", help="`wayhouse work` runs elsewhere, as a service")

    def handle(self, *args: Any, host: str, port: int, workers: int, no_work: bool, **options: Any) -> None:
        from granian.constants import Interfaces
        from granian.server import Server

        # Both workers must open the same sessions; the key lives in memory and dies with this process.
        # A worker that is forked has these settings already, one that is spawned reads them from the environment.
        settings.WAYHOUSE_BOOT_KEY = settings.WAYHOUSE_BOOT_KEY or secrets.token_hex(32)
        os.environ["WAYHOUSE_BOOT_KEY"] = settings.WAYHOUSE_BOOT_KEY
        # One thread more than passphrases are stretched at a time: others are answered meanwhile, by a page or by 503.
        threads = 4 if connection.vendor == "postgresql" else 2
        connection.close()
        server = Server(
            "wayhouse.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            # A worker that the system killed is replaced; without this the whole house would close.
            respawn_failed_workers=True,
            log_access=False,
        )
        with nullcontext() if no_work else working():
            server.serve()


def free_port(wanted: int) -> int:
    """The wanted port, or any free one where it is taken."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
