"""An archive opens with the offline key, whole, under its own name; otherwise not at all."""

import io
from contextlib import suppress

import pytest

from wayhouse.crypto.archive import MAGIC, PART_BYTES, BadKeyError, Writer, make_keys, read_lines
from wayhouse.crypto.box import CannotOpen

PUBLIC, SECRET = make_keys()
LINES = [b"%d " % number + b"x" * 97 for number in range(2000)]


def written(lines: list[bytes], public: str = PUBLIC, name: str = "data") -> bytes:
    file = io.BytesIO()
    with Writer(file, public, name) as writer:
        writer.write(b"\n".join(lines))
    return file.getvalue()


def read(archive: bytes, secret: str = SECRET, name: str = "data") -> list[bytes]:
    return list(read_lines(io.BytesIO(archive), secret, name))


@pytest.mark.parametrize("lines", [[], [b"one"], [b"one", b"two"], LINES, [b"y" * (PART_BYTES - 1), b"z" * PART_BYTES]])
def test_what_went_in_comes_out(lines: list[bytes]) -> None:
    assert read(written(lines)) == lines


def test_nothing_of_it_lies_in_clear() -> None:
    assert b"xxxx" not in written(LINES)


def test_another_key_or_name_opens_nothing() -> None:
    archive = written([b"one"])
    with pytest.raises(CannotOpen):
        read(archive, secret=make_keys()[1])
    with pytest.raises(CannotOpen):
        read(archive, name="keys")


@pytest.mark.parametrize("cut", [0, 5, len(MAGIC), len(MAGIC) + 40, len(MAGIC) + 110, PART_BYTES, -1])
def test_a_cut_end_is_found_out(cut: int) -> None:
    with pytest.raises(CannotOpen):
        read(written(LINES)[:cut])


@pytest.mark.parametrize("place", [0, len(MAGIC) + 3, len(MAGIC) + 100, PART_BYTES, 2 * PART_BYTES, -1])
def test_a_changed_byte_is_found_out(place: int) -> None:
    archive = bytearray(written(LINES))
    archive[place] ^= 1
    with pytest.raises(CannotOpen):
        read(bytes(archive))


def test_something_behind_the_end_is_found_out() -> None:
    with pytest.raises(CannotOpen):
        read(written([b"one"]) + b"\0")


def test_a_backup_that_broke_off_stays_unreadable() -> None:
    file = io.BytesIO()
    with suppress(OSError), Writer(file, PUBLIC, "data") as writer:
        writer.write(b"\n".join(LINES))
        raise OSError("full")
    with pytest.raises(CannotOpen):
        read(file.getvalue())


def test_a_key_may_be_typed_with_other_spaces_and_letters() -> None:
    mark = "wayhouse-secret-"
    typed = mark + SECRET.removeprefix(mark).lower().replace("-", " - ")
    assert read(written([b"one"]), secret=f" {typed}\n") == [b"one"]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (SECRET, "not a public key"),
        ("", "not a public key"),
        (PUBLIC[:-1], "mistyped"),
        (PUBLIC + "A", "public key"),
        (PUBLIC[:-1] + ("A" if PUBLIC[-1] != "A" else "B"), "mistyped"),
        (PUBLIC[:-2] + "1" + PUBLIC[-1], "no key has"),
    ],
)
def test_a_mistyped_key_is_said(key: str, words: str) -> None:
    with pytest.raises(BadKeyError, match=words):
        written([b"one"], public=key)
