import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhouse.crypto.box import CannotOpen, bind, close, hkdf, open_box

KEY = bytes(range(32))


@given(plain=st.binary(max_size=9000), context=st.binary(max_size=40))
def test_a_box_opens_with_its_key_and_context(plain: bytes, context: bytes) -> None:
    assert open_box(KEY, close(KEY, plain, context), context) == plain


def test_hkdf_reproduces_rfc_5869_test_case_1() -> None:
    secret = bytes.fromhex("0b" * 22)
    salt = bytes.fromhex("000102030405060708090a0b0c")
    info = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9")
    expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    assert hkdf(secret, info, salt=salt, length=42).hex() == expected


@pytest.mark.parametrize("position", [0, 1, 16, 17, 40, 41, 60, -1])
def test_one_changed_bit_anywhere_keeps_it_shut(position: int) -> None:
    box = bytearray(close(KEY, b"words", b"here"))
    box[position] ^= 1
    with pytest.raises(CannotOpen):
        open_box(KEY, bytes(box), b"here")


def test_another_key_or_another_place_keeps_it_shut() -> None:
    box = close(KEY, b"words", b"here")
    for key, context in [(os.urandom(32), b"here"), (KEY, b"there")]:
        with pytest.raises(CannotOpen):
            open_box(key, box, context)


@pytest.mark.parametrize("box", [b"", b"\x01", b"\x02" + bytes(80), bytes(200)])
def test_rubbish_is_refused(box: bytes) -> None:
    with pytest.raises(CannotOpen):
        open_box(KEY, box, b"")


def test_lengths_say_little() -> None:
    sizes = [len(close(KEY, bytes(length), b"")) for length in (0, 10, 60, 100, 500, 4000, 5000)]
    overhead = 1 + 16 + 24 + 16
    assert [size - overhead for size in sizes] == [64, 64, 64, 128, 512, 4096, 8192]


def test_bound_parts_cannot_be_moved_into_one_another() -> None:
    assert bind("ab", "c") != bind("a", "bc")
    assert bind("ab") != bind("a", "b")
