"""Which tables a backup holds, and in which of the two archives."""

from collections.abc import Sequence
from datetime import timedelta

from django.apps import apps
from django.core.serializers import sort_dependencies
from django.db.models import Model

from wayhouse.accounts.models import Session
from wayhouse.crypto.models import Envelope, Shred, Slot

DATA, KEYS = "data", "keys"
KEPT_FOR = {DATA: timedelta(days=35), KEYS: timedelta(days=14)}
# What opens words: kept for a shorter time and apart from the words.
_OF_KEYS: frozenset[type[Model]] = frozenset({Slot, Shred, Envelope})
# Sessions die with the start that made them; Django makes the others anew.
_LEFT_OUT_APPS = frozenset({"contenttypes", "auth", "sessions", "admin", "sites"})


def tables_of(archive: str) -> Sequence[type[Model]]:
    """The tables of one archive; those that others refer to come first where they can."""
    configs = [(config, None) for config in apps.get_app_configs() if config.label not in _LEFT_OUT_APPS]
    every = sort_dependencies(configs, allow_cycles=True)
    wanted = [model for model in every if model is not Session and model._meta.managed]  # noqa: SLF001  documented
    return [model for model in wanted if (model in _OF_KEYS) == (archive == KEYS)]


def label(model: type[Model]) -> str:
    """The name of a table in an archive."""
    return str(model._meta.label_lower)  # noqa: SLF001  Django's documented interface
