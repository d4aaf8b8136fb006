import pytest

from wayhouse.crypto import return_codes, server
from wayhouse.crypto.passphrase import LONGEST


def test_a_code_is_six_words_of_at_least_77_bits() -> None:
    codes = [return_codes.fresh(language) for language in ("en", "de", "ar")]
    assert [len(code.split()) for code in codes] == [6, 6, 6]
    assert codes[0] != return_codes.fresh("en")


@pytest.mark.parametrize("typed", ["ocean T-Shirt zebra", " ocean, t shirt\tZEBRA. ", "Ocean t-shirt zebra"])
def test_slips_of_the_thumb_are_forgiven(typed: str) -> None:
    assert return_codes.plain(typed) == "ocean t shirt zebra"


def test_the_same_words_give_the_same_keys_and_others_do_not() -> None:
    one, again, other = (return_codes.keys_of(code) for code in ("a b c", "A  b, c", "a b d"))
    assert one == again
    assert (one.secret != other.secret, one.tag != other.tag) == (True, True)


@pytest.mark.abuse(25)
def test_without_the_root_key_no_guess_can_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    here = return_codes.keys_of("a b c")
    monkeypatch.setattr(server, "pepper", lambda: bytes(32))
    assert return_codes.keys_of("a b c").tag != here.tag


def test_what_is_too_long_costs_nothing() -> None:
    with pytest.raises(ValueError, match="at most"):
        return_codes.keys_of("a" * (LONGEST + 1))
