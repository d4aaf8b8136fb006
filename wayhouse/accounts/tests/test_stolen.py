"""What a thief of the database can try without the root key."""

import pytest

from wayhouse.accounts.tests.conftest import Account
from wayhouse.crypto import server
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.slots import open_with_code, open_with_passphrase


@pytest.mark.abuse(25)
def test_without_the_root_key_the_right_passphrase_looks_wrong(fox: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """So no guess can be told from another: the verifier and the slot both need the pepper."""
    assert open_with_passphrase(fox.user.holder, fox.passphrase, fox.tag) == fox.secret
    assert open_with_code(fox.user.holder, fox.code) == fox.secret
    monkeypatch.setattr(server, "pepper", lambda: b"the root key of some other house")
    with pytest.raises(CannotOpen):
        open_with_passphrase(fox.user.holder, fox.passphrase, fox.tag)
    with pytest.raises(CannotOpen):
        open_with_code(fox.user.holder, fox.code)
