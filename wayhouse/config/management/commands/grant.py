"""`wayhouse grant ROLE`: the PostgreSQL role that serves can add to the log, and neither change nor remove anything."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from wayhouse.config.grants import NoSuchRoleError, NotOwnerError, OwningRoleError, grant, statements

_ROLE = re.compile(r"[a-z_][a-z0-9_-]{0,62}")


class Command(BaseCommand):
    """Grants, or prints the grants."""

    help = "Let a PostgreSQL role serve this house without being able to rewrite its log. Run it as the tables' owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the role in the WAYHOUSE_DATABASE_URL of whatever serves")
        parser.add_argument("--print", action="store_true", dest="only", help="print the SQL and do nothing")

    def handle(self, *args: Any, role: str, only: bool, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("SQLite has no roles: whoever can write the file can write all of it.")
        if not _ROLE.fullmatch(role):
            raise CommandError("A role is a word of small letters, digits, - and _.")
        if only:
            self.stdout.write("\n".join(f"{line};" for line in statements(role)))
            return
        try:
            done = grant(role)
        except NoSuchRoleError as error:
            raise CommandError(f"There is no role {role}. Make one first: createuser {role}") from error
        except OwningRoleError as error:
            raise CommandError(
                f"{role} can do whatever the owner of the tables can. Choose a role of its own."
            ) from error
        except NotOwnerError as error:
            raise CommandError("Nothing was granted. Run this as the owner of the tables.") from error
        self.stdout.write(
            f"{len(done)} grants. {role} can add to the log, and neither change nor remove anything of it."
        )
