"""Crypto: keys, slots, scopes, epochs, sealed fields. The only room that touches ciphers."""
