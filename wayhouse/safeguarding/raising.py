"""Raising a concern: in under a minute, sealed to those who answer, and nobody the raiser excludes reads it."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.crypto import items, scopes
from wayhouse.crypto.box import hkdf
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.models import Keyholder, Scope
from wayhouse.crypto.passphrase import CODE_BYTES, code_of, fresh_code
from wayhouse.crypto.slots import new_holder
from wayhouse.people import reach
from wayhouse.people.models import Belonging, Person, Programme
from wayhouse.safeguarding import clocks, rules
from wayhouse.safeguarding.models import Concern
from wayhouse.safeguarding.posts import CONCERN, answering, kept_from, locked_safety
from wayhouse.safeguarding.protocol import Event, Facts, Kind, Level, Post, step
from wayhouse.safeguarding.protocol.machine import Case

# What was seen and heard, as far as it is needed to act (practice handbook 4.3).
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody tells: three things that are asked, and the rest if they want to."""

    level: Level
    kind: Kind
    about: str
    words: str = ""
    about_person: str = ""
    about_name: str = ""
    # Their name, for those who answer; empty without one.
    raiser: str = ""


def raise_concern(report: Report, *, without: Collection[Post] = (), actor: Person, key: UUID | None = None) -> Concern:
    """Tell it under one's account. `without`: the posts that must not read it. Nor does the person it is about.

    The same `key` a second time gives what it gave the first time.
    Errors: `NobodyAnswers`; `NotAllowed` where one of the three is missing.
    """
    require(rules.may_raise(actor, actor.programme))
    with transaction.atomic():
        # A form that is sent twice at once: the second waits here for the first.
        locked_safety(actor.programme)
        pk = _id_of(key) if key else None
        if pk and (known := Concern.objects.raised_by(actor).filter(pk=pk).first()):
            return known
        named = {"pk": pk} if pk and not Concern.objects.filter(pk=pk).exists() else {}
        holder = reach.holder_of(actor)
        concern = _raise(actor.programme, report, holder, without, raiser=actor, **named)
        record("concern.raised", concern, actor=actor, level=int(report.level))
    return concern


def raise_unnamed(
    report: Report, *, without: Collection[Post] = (), actor: Person, key: UUID | None = None
) -> tuple[Concern, str]:
    """Tell it without a name: nothing ties it to the account. Returns the code by which one comes back, shown once.

    The same `key` a second time gives the same code: of a form that is sent twice, only the second answer is seen.
    Errors: as for `raise_concern`.
    """
    require(rules.may_raise_unnamed(actor, actor.programme))
    with transaction.atomic():
        locked_safety(actor.programme)
        code = code_of(hkdf(key.bytes, b"receipt-code", length=CODE_BYTES)) if key else fresh_code()
        if known := Concern.objects.filter(receipt_hash=hash_of(code)).first():
            return known, code
        holder, secret = new_holder(Keyholder.Kind.INVITATION, secret_of(code))
        with use(Keyring(holder.pk, secret)):
            concern = _raise(actor.programme, report, holder, without, receipt_hash=hash_of(code))
        record("concern.raised", concern, level=int(report.level))
    return concern, code


def begin_drill_concern(programme: Programme, level: Level, actor: Person) -> Concern:
    """A concern about nobody, on the real way. Call it in a transaction."""
    report = Report(level, Kind.SELF_HARM, "drill")
    return _raise(programme, report, reach.holder_of(actor), (), raiser=actor, is_drill=True)


def _id_of(key: UUID) -> UUID:
    """The id by which a key is found again; never the key, of which the code of a concern without a name is made."""
    return UUID(bytes=hkdf(key.bytes, b"concern-id", length=16), version=4)


def hash_of(code: str) -> str:
    """Under which a concern is found by its code."""
    return hashlib.sha256(b"receipt" + _plain(code)).hexdigest()


def secret_of(code: str) -> bytes:
    """The secret key that a code is."""
    return hkdf(_plain(code), b"receipt-key")


def _raise(
    programme: Programme,
    report: Report,
    holder: Keyholder | None,
    without: Collection[Post],
    *,
    raiser: Person | None = None,
    **more: Any,
) -> Concern:
    filled = {name for name in ("kind", "about") if getattr(report, name)}
    case = step(Case(), Event.RAISE, Facts(filled=frozenset(filled), level=report.level))
    # Whoever leaves or ends a post meanwhile waits, or is gone already: nothing is sealed to somebody on their way out.
    locked_safety(programme)
    excluded = kept_from(programme, without, report.about_person)
    team = answering(programme, without=excluded)
    own, staff = _share(team, [holder] if holder else []), _share(team, [])
    words = {
        "kind": report.kind.value,
        "about": report.about,
        "about_person": report.about_person,
        "about_name": report.about_name,
        "words": report.words[:LONGEST],
        "raiser": report.raiser,
        "kept_from": sorted(excluded),
    }
    now = clock.now()
    item = items.seal(own, CONCERN, words)
    concern = Concern(item=item, programme=programme, scope=staff, own_scope=own, raised_at=now, week=_monday(), **more)
    concern.receipt = holder if "receipt_hash" in more else None
    concern.take(case)
    concern.save(force_insert=True)
    clocks.start(concern, report.kind, raiser=raiser)
    return concern


def _share(team: Collection[Person], others: Collection[Keyholder]) -> Scope:
    """A scope of those who answer; who else is in it is in no list of belongings, so that only keys tell."""
    scope = scopes.create_scope(CONCERN, [*reach.holders_of(team), *others])
    Belonging.objects.bulk_create(Belonging(person=person, scope=scope) for person in team)
    return scope


def _monday() -> date:
    today = clock.today()
    return today - timedelta(days=today.weekday())


def _plain(code: str) -> bytes:
    """Typing slips that Crockford foresaw (O, I, L, spaces, case) are forgiven."""
    return code.upper().translate(str.maketrans("OIL", "011", "- ")).encode()
