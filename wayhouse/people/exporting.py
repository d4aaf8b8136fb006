"""Taking the roster out of the house."""

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.people import rules
from wayhouse.people.entries import known_people
from wayhouse.people.models import Person, Programme
from wayhouse.people.roster.outgoing import row_of
from wayhouse.people.roster.template import TableRow


def take_roster_out(programme: Programme, *, actor: Person) -> list[TableRow]:
    """Everybody on the roster who has not left, by name, as rows of a table. The log says that it was taken out."""
    require(rules.may_take_roster_out(actor, programme))
    entries = known_people(programme).entries
    rows = sorted((row_of(words) for words in entries.values()), key=lambda row: row["name"].casefold())
    with transaction.atomic():
        record("roster.taken_out", programme, actor=actor, rows=len(rows))
    return rows
