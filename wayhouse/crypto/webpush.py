"""Web push: bodies that only one browser opens (RFC 8291, RFC 8188), and who we are to push services (RFC 8292).

Browsers know the curve P-256 and AES-GCM only, which libsodium has not.
"""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wayhouse.crypto import server
from wayhouse.crypto.box import hkdf

_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RECORD = 4096
# Every message is as long as every other.
PADDED = 1024
_AUTH_BYTES = 16
# Push services take at most a day.
_LASTS = timedelta(hours=12)


def public_key() -> str:
    """The key by which browsers know this house, as they want it: base64url of 65 bytes."""
    return _text(_point(_house_key().public_key()))


def authorization(origin: str, contact: str, now: datetime) -> str:
    """The header `Authorization` (VAPID) for a push service: its origin, and an address of whoever runs this house."""
    head, claims = (
        {"typ": "JWT", "alg": "ES256"},
        {"aud": origin, "exp": int((now + _LASTS).timestamp()), "sub": contact},
    )
    signed = f"{_text(_json(head))}.{_text(_json(claims))}"
    r, s = decode_dss_signature(_house_key().sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={signed}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))},k={public_key()}"


def check_keys(p256dh: str, auth: str) -> None:
    """Error: `ValueError` where these are not the keys of a browser."""
    _browser_key(p256dh)
    if len(_raw(auth)) != _AUTH_BYTES:
        raise ValueError("not the secret of a browser")


def encrypt(plain: bytes, p256dh: str, auth: str) -> bytes:
    """A body in the coding `aes128gcm` that only the browser with these keys opens. Error: `ValueError`."""
    return _encrypt(plain, p256dh, auth, own=ec.generate_private_key(_CURVE), salt=os.urandom(16), padded=PADDED)


def _encrypt(
    plain: bytes, p256dh: str, auth: str, *, own: ec.EllipticCurvePrivateKey, salt: bytes, padded: int
) -> bytes:
    theirs, own_point = _browser_key(p256dh), _point(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    secret = hkdf(shared, b"WebPush: info\0" + _point(theirs) + own_point, salt=_raw(auth))
    key = hkdf(secret, b"Content-Encoding: aes128gcm\0", salt=salt, length=16)
    nonce = hkdf(secret, b"Content-Encoding: nonce\0", salt=salt, length=12)
    sealed = AESGCM(key).encrypt(nonce, plain + b"\x02" + bytes(max(0, padded - len(plain))), None)
    return salt + _RECORD.to_bytes(4, "big") + bytes([len(own_point)]) + own_point + sealed


def _house_key() -> ec.EllipticCurvePrivateKey:
    # Two blocks, so that the remainder is as good as even (FIPS 186-5, A.2.1).
    number = int.from_bytes(hkdf(server.push_key(), b"p-256", length=64), "big")
    return ec.derive_private_key(number % (_ORDER - 1) + 1, _CURVE)


def _browser_key(p256dh: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _raw(p256dh))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _json(thing: object) -> bytes:
    return json.dumps(thing, separators=(",", ":")).encode()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
