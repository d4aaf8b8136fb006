"""When somebody really serves: they hold the role of their shift now, and the keys of its evening."""

from django.db import models

from wayhouse.people.models import Belonging, Role


def has_role_and_keys(shift: str, scope: "str | models.OuterRef") -> models.Q:
    """Whether the person of a shift (the way there, such as "shifts__") holds its role and the keys of its evening."""
    person = models.OuterRef(f"{shift}person")
    role = Role.objects.filter(person=person, kind=models.OuterRef(f"{shift}role"), until_on=None)
    keys = Belonging.objects.filter(person=person, scope=models.OuterRef(scope))
    return models.Q(models.Exists(role), models.Exists(keys))
