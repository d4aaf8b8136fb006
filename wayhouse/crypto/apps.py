"""Crypto: the only room that touches ciphers."""

from django.apps import AppConfig


class CryptoConfig(AppConfig):
    """Floor 0."""

    name = "wayhouse.crypto"
