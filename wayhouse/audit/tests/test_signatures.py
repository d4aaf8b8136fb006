import random

import pytest

from wayhouse.audit.tests.conftest import flips
from wayhouse.audit.verifier import verify_audit
from wayhouse.crypto import server

SEED = 20260304

# RFC 8032, section 7.1: tests 1, 2, 3 and SHA(abc). Public key, message and signature, in 32-byte pieces.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        (
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
            "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
]
vectors = pytest.mark.parametrize(
    ("key", "message", "signature"), [tuple(bytes.fromhex(part) for part in vector) for vector in RFC_8032]
)


@vectors
def test_the_vectors_of_rfc_8032(key: bytes, message: bytes, signature: bytes) -> None:
    assert verify_audit.verify_signature(key, message, signature)
    assert not verify_audit.verify_signature(key, message + b"!", signature)
    assert not verify_audit.verify_signature(key, message, signature[:-1])
    assert not verify_audit.verify_signature(key[:-1], message, signature)


def test_no_bit_of_a_signature_or_key_can_be_turned() -> None:
    key, message, signature = (bytes.fromhex(part) for part in RFC_8032[2])
    chosen = random.Random(SEED)  # noqa: S311 - not a secret
    for altered in chosen.sample(list(flips(signature)), 60):
        assert not verify_audit.verify_signature(key, message, altered)
    for altered in chosen.sample(list(flips(key)), 30):
        assert not verify_audit.verify_signature(altered, message, signature)


def test_a_signature_has_one_form() -> None:
    key, message, signature = (bytes.fromhex(part) for part in RFC_8032[2])
    scalar = int.from_bytes(signature[32:], "little") + verify_audit._ORDER
    assert not verify_audit.verify_signature(key, message, signature[:32] + scalar.to_bytes(32, "little"))


@pytest.mark.parametrize("y", [2**255 - 19, 2**255 - 18, 2, 1 + 2**255])
def test_what_is_no_point_of_the_curve_is_no_key(y: int) -> None:
    assert verify_audit._point(y.to_bytes(32, "little")) is None


def test_the_signature_of_the_server_verifies() -> None:
    assert verify_audit.verify_signature(server.verify_key(), b"head", server.sign(b"head"))
    assert not verify_audit.verify_signature(server.verify_key(), b"heat", server.sign(b"head"))
