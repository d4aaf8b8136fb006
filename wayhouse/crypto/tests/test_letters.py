"""Letters: closed without keys, opened by one holder, and only as this house closed them."""

import pytest
from nacl.public import PrivateKey

from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Keyring, Locked, use
from wayhouse.crypto.letters import close_letter, open_letter
from wayhouse.crypto.models import Keyholder

SECRETS = (b"\x01" * 32, b"\x02" * 32)


def holder(secret: bytes) -> Keyholder:
    made = Keyholder(kind=Keyholder.Kind.DESK)
    made.bind_public_key(bytes(PrivateKey(secret).public_key))
    return made


def test_a_letter_opens_for_its_holder_alone_and_in_its_place_alone() -> None:
    desk, other = (holder(secret) for secret in SECRETS)
    letter = close_letter(desk, b"who sits where", b"here")
    assert b"who sits where" not in letter
    with use(Keyring(desk.pk, SECRETS[0])):
        assert open_letter(desk.pk, letter, b"here") == b"who sits where"
        changed = bytes([letter[0] ^ 1]) + letter[1:]
        for wrong, place in ((letter, b"there"), (changed, b"here"), (letter[:-1], b"here"), (b"", b"here")):
            with pytest.raises(CannotOpen):
                open_letter(desk.pk, wrong, place)
    with use(Keyring(other.pk, SECRETS[1])), pytest.raises(CannotOpen):
        open_letter(desk.pk, letter, b"here")
    with use(Keyring(desk.pk, SECRETS[1])), pytest.raises(CannotOpen):
        open_letter(desk.pk, letter, b"here")
    with use(None), pytest.raises(Locked):
        open_letter(desk.pk, letter, b"here")


def test_nothing_is_closed_for_a_key_that_was_exchanged() -> None:
    desk = holder(SECRETS[0])
    desk.public_key = bytes(PrivateKey(SECRETS[1]).public_key)
    with pytest.raises(CannotOpen):
        close_letter(desk, b"words", b"here")
