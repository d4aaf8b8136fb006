"""Audit: the tamper-evident log."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Floor 1."""

    name = "wayhouse.audit"
