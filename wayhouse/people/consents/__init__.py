"""The consent ledger: what somebody said yes to, in which words, until when, and that they took it back."""
