"""`wayhouse found ORGANISATION PROGRAMME NAME`: a new programme, and the link by which its coordinator begins."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from wayhouse.people.invitations import found


class Command(BaseCommand):
    """Founds a programme."""

    help = "Found a programme; prints the path of the link by which its first coordinator opens an account."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation")
        parser.add_argument("programme")
        parser.add_argument("name", help="the chosen name of the first coordinator")
        parser.add_argument("--time-zone", default=settings.TIME_ZONE)

    def handle(self, *args: Any, organisation: str, programme: str, name: str, **options: Any) -> None:
        try:
            ZoneInfo(options["time_zone"])
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise CommandError(f"unknown time zone {options['time_zone']!r}") from error
        _programme, token = found(organisation, programme, name, time_zone=options["time_zone"])
        self.stdout.write(reverse("people:welcome", args=[token]))
