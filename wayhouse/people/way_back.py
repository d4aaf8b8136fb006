"""The way back for somebody who lost passphrase and recovery code: two of the staff, one token, new keys (decision 18).

What only the person could open is gone. What others hold too comes back when one of them is next here (`grants`).
"""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wayhouse.accounts import actions as accounts
from wayhouse.accounts.models import User, handle_tag
from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto import items, scopes
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.models import Item, Keyholder, Scope
from wayhouse.notices.actions import notify, withdraw
from wayhouse.notices.kinds import Kind
from wayhouse.people import reach, rules
from wayhouse.people.actions import PERSONAL
from wayhouse.people.models import Belonging, Person, Profile, Role, RosterEntry, WayBack
from wayhouse.people.vouching import SHOWN_FOR, WayBackQuerySet

KIND = "way-back"
WAY_BACK_LASTS = timedelta(hours=72)
# More wrong names than this end it: somebody guesses.
MOST_NAMES = 5


class WayBackClosed(Exception):  # noqa: N818  an answer to a person, not a fault
    """Unknown, used, stopped or too late; it is not said which."""


class AnotherName(Exception):  # noqa: N818  an answer to a person, not a fault
    """The account has another name to sign in with."""


def ask_way_back(person: Person, how: WayBack.How, *, actor: Person) -> WayBack:
    """The first of two says who somebody is and how they know; three days are left for the second.

    An open one for the same person is stopped by it, whoever said what there.
    """
    require(rules.may_ask_way_back(actor, person) and not rules.opens_elsewhere(person))
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        for earlier in WayBack.objects.filter(person=person, ended_on=None):
            _end(earlier, WayBack.End.STOPPED)
            record("way_back.stopped", person, actor=actor)
        way_back = WayBack.objects.create(
            person=person, asked_by=actor, asked_how=how, expires_at=_three_days(), item=_named(person)
        )
        # Whoever did not ask for it learns that something happens, signs in, and stops it there.
        notify([person.pk], Kind.CHANGED, once=_once(way_back), ends_at=way_back.expires_at)
        record("way_back.asked", person, actor=actor, how=str(how))
    return way_back


def confirm_way_back(way_back: WayBack, how: WayBack.How, *, actor: Person) -> str:
    """The second of two says the same; returns the token for the person, shown once. It works for three days."""
    with transaction.atomic():
        locked = _locked(way_back)
        require(rules.may_confirm_way_back(actor, locked))
        token = secrets.token_urlsafe(16)
        locked.confirmed_by, locked.confirmed_how = actor, how
        locked.token_hash, locked.expires_at = _hash(token), _three_days()
        locked.save(update_fields=["confirmed_by", "confirmed_how", "token_hash", "expires_at"])
        record("way_back.confirmed", locked.person, actor=actor, how=str(how))
    return token


def stop_way_back(way_back: WayBack, *, actor: Person) -> None:
    """It was a mistake, or the person found the paper: the token, if there is one, opens nothing any more."""
    with transaction.atomic():
        locked = _locked(way_back)
        require(rules.may_stop_way_back(actor, locked))
        _end(locked, WayBack.End.STOPPED)
        record("way_back.stopped", locked.person, actor=actor)


def take_way_back(token: str, handle: str, passphrase: str, name: str) -> tuple[User, bytes, str]:
    """The person begins again, under the same name to sign in with, in the same roles, groups and scopes.

    `name` is what they are called here, for their own keeping. Returns (user, new secret key, new recovery code).
    Errors: `WayBackClosed`, `AnotherName`, and those of `open_account`.
    """
    with transaction.atomic():
        way_back = _by_token(token)
        person, user = way_back.person, way_back.person.user
        if user is None or not rules.may_take_way_back(way_back):
            raise WayBackClosed
        if handle_tag(handle) != user.username:
            raise AnotherName
        reach.mark_rows(person)
        secret, code = accounts.begin_again(user, passphrase)
        _keep_name(person, name, Keyring(user.holder_id, secret))
        _end(way_back, WayBack.End.USED)
        record("way_back.used", person, actor=person)
    return user, secret, code


def count_wrong_name(token: str) -> None:
    """Somebody gave another name than that of the account; too many of them close the way back."""
    with transaction.atomic():
        way_back = _by_token(token)
        way_back.wrong_names += 1
        way_back.save(update_fields=["wrong_names"])
        if way_back.wrong_names >= MOST_NAMES:
            _end(way_back, WayBack.End.STOPPED)
            record("way_back.stopped", way_back.person)


def end_ways_back(person: Person) -> None:
    """Somebody goes: what is open for them, or by their word, ends. Needs nobody's key."""
    with transaction.atomic():
        theirs = Q(person=person) | Q(asked_by=person) | Q(confirmed_by=person)
        for way_back in WayBack.objects.select_related("person", "item__scope").filter(theirs, ended_on=None):
            _end(way_back, WayBack.End.STOPPED)
            record("way_back.stopped", way_back.person)


def is_open(token: str) -> bool:
    """Whether a token would be accepted now."""
    return WayBack.objects.open().filter(token_hash=_hash(token)).exists()


def close_expired_ways_back() -> int:
    """End those whose three days are over. How many there were."""
    with transaction.atomic():
        expired = list(WayBack.objects.filter(ended_on=None, expires_at__lte=timezone.now()).select_related("person"))
        for way_back in expired:
            _end(way_back, WayBack.End.RAN_OUT)
            record("way_back.ran_out", way_back.person)
    return len(expired)


def drop_old_ways_back(keep: Collection[UUID] = ()) -> int:
    """Delete those that ended so long ago that nobody is shown them any more, except those of `keep`. How many."""
    old = WayBack.objects.filter(ended_on__lt=timezone.localdate() - SHOWN_FOR)
    return old.exclude(person__in=keep).delete()[0]


def name_in(way_back: WayBack) -> str:
    """The chosen name of the person, for those who may say who it is; empty for somebody who is on no roster."""
    return str(items.words_of(way_back.item)["name"]) if way_back.item else ""


def _named(person: Person) -> Item:
    """The name from the roster, sealed to the coordinators and to the facilitators of the person's groups."""
    entry = RosterEntry.objects.filter(person=person).select_related("item").first()
    groups = Scope.objects.filter(kind="group", belongings__person=person)
    near = Person.objects.with_role(Role.Kind.FACILITATOR).filter(belongings__scope__in=groups).exclude(pk=person.pk)
    scope = reach.share(KIND, Keyholder.objects.get(pk=person.programme.desk_id), near.distinct())
    return items.seal(scope, KIND, {"name": entry.name if entry else ""}, subject_id=person.pk)


def _keep_name(person: Person, name: str, keyring: Keyring) -> None:
    """The old keeping opens for nobody any more; the new one begins with the name."""
    profile = Profile.objects.filter(person=person).select_related("item").first()
    if profile is not None:
        profile.delete()
        profile.item.delete()
    scope = Scope.objects.get(kind=PERSONAL, belongings__person=person)
    with use(keyring):
        item = items.seal(scope, "profile", {"name": name}, subject_id=person.pk)
    Profile.objects.create(person=person, item=item)


def _once(way_back: WayBack) -> str:
    return f"way-back:{way_back.pk}"


def _end(way_back: WayBack, end: WayBack.End) -> None:
    if end != WayBack.End.USED:
        withdraw(_once(way_back))
    item = way_back.item
    way_back.end, way_back.ended_on, way_back.token_hash, way_back.item = end, timezone.localdate(), None, None
    way_back.save(update_fields=["end", "ended_on", "token_hash", "item"])
    if item is not None:
        Belonging.objects.filter(scope=item.scope).delete()
        scopes.close_scope(item.scope)


def _locked(way_back: WayBack) -> WayBack:
    """The row as it stands now, locked. Error: `WayBackClosed`."""
    row = _rows().open().select_for_update(of=("self",)).filter(pk=way_back.pk).first()
    if row is None:
        raise WayBackClosed
    return row


def _by_token(token: str) -> WayBack:
    found = WayBack.objects.open().filter(token_hash=_hash(token))
    # The person before the row, the order in which `ask_way_back` takes them.
    Person.objects.select_for_update().filter(pk__in=list(found.values_list("person_id", flat=True))).first()
    row = _rows().open().select_for_update(of=("self",)).filter(token_hash=_hash(token)).first()
    if row is None:
        raise WayBackClosed
    return row


def _rows() -> WayBackQuerySet:
    return WayBack.objects.select_related("person__user__holder", "asked_by", "confirmed_by", "item__scope")


def _three_days() -> datetime:
    return timezone.now() + WAY_BACK_LASTS


def _hash(token: str) -> str:
    return hashlib.sha256(b"way-back" + token.encode()).hexdigest()
