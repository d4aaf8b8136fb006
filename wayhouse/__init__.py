"""Wayhouse, a house along the way."""
