"""Reaching people outside of the house, without a word of what it is about."""
