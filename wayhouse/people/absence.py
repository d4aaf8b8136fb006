"""The table of times away; `people.away` says what it does."""

from django.db import models


class Away(models.Model):
    """Until when somebody is away. The day itself is the first on which they are back; without one it has ended."""

    person = models.OneToOneField("people.Person", on_delete=models.CASCADE, related_name="away")
    until_on = models.DateField(null=True)
    # Whether they were on a break of their own when it began: then they are on it afterwards, too.
    was_paused = models.BooleanField(default=False)
    # The oldest keys they had of what they share with a group, by scope: these, and no older ones, come back.
    had = models.JSONField(default=dict)
