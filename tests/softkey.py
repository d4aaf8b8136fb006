"""A passkey device made of software, for tests: it registers, signs in, and has the extension "prf" or not."""

import hmac
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

SALT = sha256(b"unlock-v1").digest()
_SEEN, _VERIFIED = AuthenticatorData.FLAG.UP, AuthenticatorData.FLAG.UV
_MADE = AuthenticatorData.FLAG.AT


class SoftKey:
    """One passkey. `options` are those that the server's page gives, under "publicKey"."""

    def __init__(self, origin: str = "https://testserver", *, verified: bool = True) -> None:
        """`verified`: whether it looks at the finger."""
        self.origin, self.id, self._seed = origin, os.urandom(16), os.urandom(32)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._flags = _SEEN | _VERIFIED if verified else _SEEN
        self._user = b""

    @property
    def prf(self) -> str:
        """What the extension gives for the salt of the house, as the script sends it."""
        salt = sha256(b"WebAuthn PRF\x00" + SALT).digest()
        return text(hmac.digest(self._seed, salt, "sha256"))

    def register(self, options: dict[str, Any], *, alone: bool = True) -> dict[str, Any]:
        """The credential that a browser sends after making the passkey."""
        self._user = _bytes(options["user"]["id"])
        public = ES256.from_cryptography_key(self._key.public_key())  # type: ignore[no-untyped-call]
        made = AttestedCredentialData.create(bytes(16), self.id, public)
        about = AuthenticatorData.create(_id_hash(options["rp"]["id"]), self._flags | _MADE, 0, made)
        response = {
            "clientDataJSON": text(self._collected("webauthn.create", options)),
            "attestationObject": text(AttestationObject.create("none", about, {})),
            "transports": ["internal"],
        }
        return self._sent(response, {"credProps": {"rk": alone}})

    def sign_in(self, options: dict[str, Any]) -> dict[str, Any]:
        """The credential that a browser sends after using the passkey."""
        about = AuthenticatorData.create(_id_hash(options["rpId"]), self._flags, 1)
        collected = self._collected("webauthn.get", options)
        signature = self._key.sign(about + sha256(collected).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": text(collected),
            "authenticatorData": text(about),
            "signature": text(signature),
            "userHandle": text(self._user),
        }
        return self._sent(response, {})

    def _collected(self, kind: str, options: dict[str, Any]) -> bytes:
        return bytes(CollectedClientData.create(kind, _bytes(options["challenge"]), self.origin))

    def _sent(self, response: dict[str, Any], results: dict[str, Any]) -> dict[str, Any]:
        name = text(self.id)
        return {
            "type": "public-key",
            "id": name,
            "rawId": name,
            "response": response,
            "clientExtensionResults": results,
        }


def text(raw: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def plain(options: Any) -> dict[str, Any]:
    """The options as the page's JSON gives them."""
    asked: dict[str, Any] = json.loads(json.dumps(options, default=dict))["publicKey"]
    return asked


def _bytes(said: str) -> bytes:
    return urlsafe_b64decode(said + "=" * (-len(said) % 4))


def _id_hash(rp_id: str) -> bytes:
    return sha256(rp_id.encode()).digest()
