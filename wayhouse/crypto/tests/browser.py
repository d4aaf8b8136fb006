"""A browser that takes messages: reads them with an independent library."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

AUTH = bytes(range(16))


class Browser:
    """Its keys, and what it reads in a message."""

    def __init__(self, url: str) -> None:
        self.endpoint = url
        self.key = ec.generate_private_key(ec.SECP256R1())
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.p256dh, self.auth = (urlsafe_b64encode(raw).rstrip(b"=").decode() for raw in (point, AUTH))

    def reads(self, body: bytes) -> dict[str, Any]:
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=AUTH, version="aes128gcm")
        words: dict[str, Any] = json.loads(plain)
        return words
