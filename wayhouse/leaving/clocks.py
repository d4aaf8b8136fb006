"""How long each kind of record is kept: one table, carried out by `wayhouse tidy` and shown to coordinators.

Figures of the practice handbook, 4.4, where it names some. docs/reference/retention.md is made from it. A new kind of
record takes its place here; `tests/test_retention.py` finds what has none.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wayhouse.accounts.models import Session
from wayhouse.accounts.session_store import LONGEST, SessionStore
from wayhouse.arrivals.models import KEPT_FOR as CONTACT_KEPT
from wayhouse.arrivals.removing import old_contacts, remove_old_contacts
from wayhouse.arrivals.waiting import unused, withdraw_unused
from wayhouse.audit.forgetting import DETAILS_KEPT, drop_old_details, old_details
from wayhouse.conversations.forgetting import KEPT_FOR as POSTS_KEPT
from wayhouse.conversations.forgetting import drop_old_posts, old_posts
from wayhouse.groups.forgetting import (
    DRAWINGS_KEPT,
    PLANS_KEPT,
    drop_old_drawings,
    drop_replaced_plans,
    old_drawings,
    replaced_plans,
)
from wayhouse.leaving.erasing import erase_overdue, overdue
from wayhouse.leaving.pausing import let_go_seats, seats_to_let_go
from wayhouse.leaving.rules import KEPT_FOR
from wayhouse.meetings import forgetting as evenings
from wayhouse.meetings.access import drop_old_tasks, old_tasks
from wayhouse.meetings.access_tasks import TASKS_KEPT
from wayhouse.meetings.parting import CARD_KEPT, drop_old_cards, old_cards
from wayhouse.meetings.polling import drop_old_polls, old_polls
from wayhouse.meetings.polls import POLLS_KEPT
from wayhouse.mentoring import parting as mentoring
from wayhouse.mentoring.asked import ASKED_FOR as QUESTION_KEPT
from wayhouse.notices.actions import NOTICES_KEPT, drop_old_notices, old_notices
from wayhouse.notices.calendars import ENTRIES_KEPT, drop_old_entries, old_entries
from wayhouse.people.consents.wordings import Purpose, terms_of
from wayhouse.people.holds import held_ids
from wayhouse.people.importing import DRAFT_LASTS, drop_expired_drafts
from wayhouse.people.invitations import close_expired_invitations
from wayhouse.people.models import INVITATION_LASTS, Invitation, RosterDraft, WayBack
from wayhouse.people.rules import SEAT_HELD
from wayhouse.people.vouching import SHOWN_FOR
from wayhouse.people.way_back import WAY_BACK_LASTS, close_expired_ways_back, drop_old_ways_back
from wayhouse.safeguarding.safety_plan.copying import destroy_run_out, run_out

Rows = Callable[[datetime], "QuerySet[Any]"]

HANDBOOK = _("The handbook's figure.")
COPY_LASTS = terms_of(Purpose.EMERGENCY).lasts or timedelta(0)
NO_USE = _("It has no use any more.")
DELETED = _("deleted")


@dataclass(frozen=True, slots=True)
class Clock:
    """One kind of record: when its clock starts, how long it runs, why, and what happens then.

    `rows`: what has run out at a moment; `programme`: the way from a row to its programme; `run`: carries it out for
    all programmes and returns how many there were. `person`: the ways from a row to whom it is about; such a clock
    stops for those whose records are held, and its `run` takes their ids.
    """

    kind: "str | Promise"
    starts: "str | Promise"
    period: timedelta
    reason: "str | Promise"
    fate: "str | Promise"
    rows: Rows
    run: Callable[..., int]
    programme: str = ""
    person: str = ""

    def due(self, now: datetime, held: Collection[UUID]) -> "QuerySet[Any]":
        """What has run out at a moment, without what is held."""
        rows = self.rows(now)
        for way in self.person.split() if held else ():
            rows = rows.exclude(**{f"{way}__in": held})
        return rows

    def carry_out(self, held: Collection[UUID]) -> int:
        """End what has run out; how many there were."""
        return self.run(held) if self.person else self.run()


def _sessions(now: datetime) -> "QuerySet[Session]":
    return Session.objects.filter(Q(ends_at__lte=now) | Q(idle_at__lte=now))


CLOCKS: tuple[Clock, ...] = (
    Clock(
        _("Where somebody is signed in"), _("the sign-in"), LONGEST, _("A session that nobody ends is an open door."),
        DELETED, _sessions, SessionStore.clear_expired,
    ),
    Clock(
        _("First contacts: what somebody wrote without a name, and the answers"), _("the last word of either side"),
        CONTACT_KEPT, HANDBOOK, _("erased, with their keys"), old_contacts, remove_old_contacts, "programme",
    ),
    Clock(
        _("Spreadsheets that were read and not taken over"), _("the reading"), DRAFT_LASTS, NO_USE,
        DELETED, lambda now: RosterDraft.objects.filter(expires_at__lte=now), drop_expired_drafts, "programme",
    ),
    Clock(
        _("Invitations that were not used"), _("the invitation"), INVITATION_LASTS,
        _("A link that lies about is a key."), _("closed, with the keys that they hold"),
        lambda now: Invitation.objects.filter(accepted_on=None, expires_at__lte=now, holder__isnull=False),
        close_expired_invitations, "person__programme",
    ),
    Clock(
        _("Who was welcomed and never came in: name, roster row"), _("the last word of the note, or the invitation"),
        CONTACT_KEPT, HANDBOOK, _("erased, on the Monday after"), unused, withdraw_unused, "programme",
    ),
    Clock(
        _("Ways back that were not used"), _("the asking"), WAY_BACK_LASTS, _("A link that lies about is a key."),
        _("ended"), lambda now: WayBack.objects.filter(ended_on=None, expires_at__lte=now), close_expired_ways_back,
        "person__programme",
    ),
    Clock(
        _("Ways back that have ended"), _("their end"), SHOWN_FOR,
        _("The person sees for half a year that there was one."), DELETED,
        lambda now: WayBack.objects.filter(ended_on__lt=now.date() - SHOWN_FOR), drop_old_ways_back,
        "person__programme", "person",
    ),
    Clock(
        _("Seats of people who take a break"), _("the beginning of the break"), SEAT_HELD, HANDBOOK,
        _("free for others; the person stays and is welcome"), seats_to_let_go, let_go_seats, "person__programme",
    ),
    Clock(
        _("Cards of evenings: who was expected, with needs"), _("the end of the evening"), CARD_KEPT, NO_USE,
        DELETED, old_cards, drop_old_cards, "meeting__group__programme",
    ),
    Clock(
        _("Answers to evenings: yes, or not this time"), _("the end of the evening"), evenings.ANSWERS_KEPT, NO_USE,
        DELETED, evenings.old_answers, evenings.drop_old_answers, "meeting__group__programme", "person",
    ),
    Clock(
        _("Which time suited a group: the question and the numbers"), _("the end of the evening"), POLLS_KEPT, NO_USE,
        DELETED, old_polls, drop_old_polls, "meeting__group__programme",
    ),
    Clock(
        _("What somebody needed to come, and whether it was arranged"), _("the end of the evening"), TASKS_KEPT, NO_USE,
        DELETED, old_tasks, drop_old_tasks, "meeting__group__programme", "person",
    ),
    Clock(
        _("Swaps of shifts"), _("the end of the evening"), evenings.ANSWERS_KEPT, NO_USE,
        DELETED, evenings.old_swaps, evenings.drop_old_swaps, "meeting__group__programme", "asker",
    ),
    Clock(
        _("Attendance beside a person"), _("the end of the evening"), evenings.ATTENDANCE_KEPT, HANDBOOK,
        _("counted without the person"), evenings.old_attendance, evenings.forget_old_attendance,
        "meeting__group__programme", "person",
    ),
    Clock(
        _("What a group wrote in its own space"), _("the end of its last evening, or the writing if that is later"),
        POSTS_KEPT, _("No longer than what the handbook keeps of somebody who left."), DELETED,
        old_posts, drop_old_posts, "thread__scope__circle__group__programme", "person",
    ),
    Clock(
        _("Threads of two in which nobody writes any more"), _("the last word"), mentoring.SILENT_FOR,
        _("What nobody needs any more needs no keys."), _("ended; each of the two may begin anew"),
        mentoring.over, mentoring.end_threads, "programme",
    ),
    Clock(
        _("Words of threads of two that have ended"), _("the end of the thread"), mentoring.KEPT_FOR,
        _("Time to copy a word, or to tell of a worry."), _("erased, with their keys"),
        mentoring.old_pairs, mentoring.drop_old_pairs, "programme", "member mentor",
    ),
    Clock(
        _("Questions that somebody asked without a name, and what was said to them"), _("the asking"),
        QUESTION_KEPT, _("Long enough for an answer, and for names to open."), _("erased, with their keys"),
        mentoring.old_questions, mentoring.drop_old_questions, "programme",
    ),
    Clock(
        _("Messages: that there was one, and whether it arrived"), _("the end of their use"), NOTICES_KEPT, NO_USE,
        DELETED, old_notices, drop_old_notices, person="person_id",
    ),
    Clock(
        _("Times in somebody's own calendar"), _("the end of each"), ENTRIES_KEPT, NO_USE,
        DELETED, old_entries, drop_old_entries, person="person_id",
    ),
    Clock(
        _("Plans of groups and rotas that were replaced"), _("the making of the plan"), PLANS_KEPT, NO_USE,
        DELETED, replaced_plans, drop_replaced_plans, "cycle__programme",
    ),
    Clock(
        _("Plans of groups and rotas that nobody has looked at"), _("the making of the plan"), DRAWINGS_KEPT, NO_USE,
        DELETED, old_drawings, drop_old_drawings, "cycle__programme",
    ),
    Clock(
        _("Everything about somebody who left: account, name, roster row, seats, shifts, consents"), _("the leaving"),
        KEPT_FOR, _("The handbook's figure; GDPR Art. 5 (1) e and 17."),
        _("erased, with a line in the ledger; at once where there was never an account"),
        overdue, erase_overdue, "programme", "pk",
    ),
    Clock(
        _("The copy of a safety plan for emergencies"), _("the yes to it"), COPY_LASTS, HANDBOOK,
        _("destroyed, with both halves of its key"), run_out, destroy_run_out, "person__programme",
    ),
    Clock(
        _("Details in the log"), _("the entry"), DETAILS_KEPT, HANDBOOK,
        _("deleted; the entry stays, with no name and no word"), old_details, drop_old_details,
    ),
)  # fmt: skip


# What goes with something else, or has no clock, and why; for the page and for the test that nothing is forgotten.
WITHOUT_CLOCK: "tuple[tuple[str | Promise, str | Promise], ...]" = (
    (_("Backups"), _("`wayhouse backup` keeps the archive of keys for 14 days and that of locked words for 35.")),
    (_("The ledger of erasures"), _("Numbers and days only. It is kept, so that a backup brings nobody back.")),
    (_("Records of evenings, groups, places, cycles"), _("They name nobody, and stay with their programme.")),
    (
        _("What a law asks us to keep"),
        _("The clocks above stop for exactly this person's records until two people end it. It is used for nothing."),
    ),
    (_("Keep-apart lists"), _("They stay while both people are here; whoever is erased is taken off.")),
)


def run_clocks() -> list[tuple[Clock, int]]:
    """Carry out everything that is due, of all programmes; how many of each kind there were."""
    held = held_ids()
    return [(clock, clock.carry_out(held)) for clock in CLOCKS]
