"""Write an invented roster, to try the import with people who do not exist."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from wayhouse.people.roster.invent import invent, staff_for
from wayhouse.people.roster.template import csv_of, workbook_of

_WRITERS = {".xlsx": workbook_of, ".csv": csv_of}


class Command(BaseCommand):
    """`wayhouse invent_roster --members 60 --seed 7 --out file.xlsx`."""

    help = "Write an invented roster as .xlsx or .csv. The same numbers and seed give the same people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--members", type=int, default=60, help="how many members (60)")
        parser.add_argument("--facilitators", type=int, help="how many facilitators; as many as the groups need")
        parser.add_argument("--mentors", type=int, help="how many mentors; as many as the groups need")
        parser.add_argument("--seed", type=int, default=7, help="another seed, other people (7)")
        parser.add_argument("--language", default="en", help="language of the headings (en)")
        parser.add_argument("--out", type=Path, required=True, help="where to write: a name ending in .xlsx or .csv")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file; an existing one is replaced."""
        out: Path = options["out"]
        writer = _WRITERS.get(out.suffix.lower())
        if writer is None:
            raise CommandError("The name of the file has to end in .xlsx or .csv.")
        members = options["members"]
        facilitators, mentors = staff_for(members)
        rows = invent(
            members=members,
            facilitators=facilitators if options["facilitators"] is None else options["facilitators"],
            mentors=mentors if options["mentors"] is None else options["mentors"],
            seed=options["seed"],
        )
        with override(options["language"]):
            out.write_bytes(writer(rows))
        self.stdout.write(f"{len(rows)} invented people written to {out}")
