"""New keys: what was readable stays readable, what a thief copied opens nothing written afterwards."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conftest import PASSPHRASE, Cast
from wayhouse.accounts.actions import renew_keys
from wayhouse.accounts.models import Session
from wayhouse.crypto import items, slots
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.models import Envelope, Item, Scope


def own(person: Any) -> tuple[Scope, Item]:
    """A scope that the person is in, with something sealed there."""
    scope = person.programme.placement
    return scope, items.seal(scope, "venue", {"name": "Library"})


def test_everything_opens_with_the_new_key_and_nothing_with_the_old(cast: Cast, ana: Any) -> None:
    user, old = ana.user, cast.secrets[ana.pk]
    assert user is not None
    with cast.acting(ana):
        scope, item = own(ana)
    before, thief = Envelope.objects.filter(holder=user.holder).count(), cast.keyring(ana)
    with use(thief):
        items.words_of(Item.objects.get(pk=item.pk))
    fresh, code = renew_keys(user, old, PASSPHRASE)
    assert fresh != old
    # One more for each scope: a thief who had opened the present epochs is outside of the next.
    assert Envelope.objects.filter(holder=user.holder).count() == before + user.holder.scopes.count()
    with use(Keyring(user.holder_id, fresh)):
        assert items.words_of(Item.objects.get(pk=item.pk)) == {"name": "Library"}
        later = items.seal(scope, "venue", {"name": "Mill"})
    with use(Keyring(user.holder_id, old)), pytest.raises(CannotOpen):
        items.words_of(Item.objects.get(pk=item.pk))
    with use(thief), pytest.raises(CannotOpen):
        items.words_of(Item.objects.get(pk=later.pk))
    assert slots.open_with_passphrase(user.holder, PASSPHRASE, user.username) == fresh
    assert slots.open_with_code(user.holder, code) == fresh


def test_with_a_key_that_is_not_theirs_nothing_changes(cast: Cast, ana: Any, cass: Any) -> None:
    user = ana.user
    assert user is not None
    public = bytes(user.holder.public_key)
    with pytest.raises(CannotOpen):
        renew_keys(user, cast.secrets[cass.pk], PASSPHRASE)
    user.holder.refresh_from_db()
    assert bytes(user.holder.public_key) == public
    assert slots.open_with_passphrase(user.holder, PASSPHRASE, user.username) == cast.secrets[ana.pk]


def test_by_page_it_ends_every_other_session(cast: Cast, ana: Any) -> None:
    here, elsewhere = cast.sign_in(ana), cast.sign_in(ana)
    page = reverse("accounts:renew_keys")
    wrong = here.post(page, {"passphrase": "not this one, not this one"})
    assert (wrong.status_code, Session.objects.count()) == (200, 2)
    shown = here.post(page, {"passphrase": PASSPHRASE}, follow=True)
    assert (shown.status_code, shown.resolver_match.view_name) == (200, "accounts:code")
    assert Session.objects.count() == 1
    assert here.get("/people/").status_code == 200
    assert elsewhere.get("/people/").status_code == 302


def test_a_visitor_is_led_to_sign_in(db: None) -> None:
    page = reverse("accounts:renew_keys")
    assert Client().post(page, {"passphrase": PASSPHRASE})["Location"] == "/account/login/?next=/&unsent=yes"
