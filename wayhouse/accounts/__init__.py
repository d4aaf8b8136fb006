"""Accounts: sign-in, sessions, unlocking of keys."""
