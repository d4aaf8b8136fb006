"""Measurements: run them alone on a machine, and compare ratios."""
