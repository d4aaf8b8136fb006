"""Leaving well: what is held about somebody, a copy of it, leaving at once, and erasing everything."""
