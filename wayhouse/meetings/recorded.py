"""What is written down after an evening."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EveningRecord(models.Model):
    """The record of an evening in three minutes: numbers and ticks, no word about anybody.

    `closed`: those who led it are done with it; `debriefed`: they ticked that they talked, then or later.
    `unnamed_here`, `unnamed_away`: marks that stand beside no person, because somebody did not say yes to that or took
    it back, or because they are older than a year. `Attendance` holds the others.
    """

    class FollowUp(models.TextChoices):
        WELCOME_NEWCOMER = "newcomer", _("Call a newcomer before next time")
        INTERPRETER = "interpreter", _("Book an interpreter")
        CHILDCARE = "childcare", _("Arrange childcare")
        ROOM = "room", _("Sort out the room")
        MATERIALS = "materials", _("Bring materials")
        TOPIC_AGAIN = "topic", _("Come back to this topic")
        GROUND_RULES = "rules", _("Talk about the ground rules")
        SUPERVISION = "supervision", _("Take something to supervision")

    meeting = models.OneToOneField("meetings.Meeting", on_delete=models.CASCADE, related_name="record")
    held = models.BooleanField()
    mood = models.PositiveSmallIntegerField(null=True)
    guide_used = models.BooleanField(default=True)
    follow_ups: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    closed = models.BooleanField(default=False)
    debriefed = models.BooleanField(default=False)
    unnamed_here = models.PositiveSmallIntegerField(default=0)
    unnamed_away = models.PositiveSmallIntegerField(default=0)
    recorded_on = models.DateField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mood=None) | models.Q(mood__gte=1, mood__lte=5), name="mood_from_one_to_five"
            )
        ]
