"""Audit: the tamper-evident log. Other rooms call `wayhouse.audit.record.record` inside their transaction."""
