"""RFC 8291, Appendix A; and that the house is the same to browsers after each start."""

from base64 import urlsafe_b64decode

from cryptography.hazmat.primitives.asymmetric import ec

from wayhouse.crypto import webpush

PLAIN = b"When I grow up, I want to be a watermelon"
OWN, SALT = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "DGv6ra1nlYgDCS1FRnbzlw"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_example_of_the_standard() -> None:
    own = ec.derive_private_key(int.from_bytes(raw(OWN), "big"), ec.SECP256R1())
    assert webpush._encrypt(PLAIN, P256DH, AUTH, own=own, salt=raw(SALT), padded=len(PLAIN)) == raw(BODY)


def test_the_house_stays_the_same_to_browsers() -> None:
    assert webpush.public_key() == webpush.public_key()
    assert (len(raw(webpush.public_key())), raw(webpush.public_key())[0]) == (65, 4)
