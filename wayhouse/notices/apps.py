"""Notices: the safe-contact plan, the outbox and its delivery."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The room as Django knows it."""

    name = "wayhouse.notices"

    def ready(self) -> None:
        """Open the ways out; let the worker send what is due, and write down every minute that it lives."""
        from datetime import timedelta

        from django.conf import settings

        from wayhouse.notices import mail, push, sms
        from wayhouse.notices.channels import WAYS, Way
        from wayhouse.notices.delivering import deliver_due
        from wayhouse.notices.kinds import Channel
        from wayhouse.notices.pretended import pretend
        from wayhouse.notices.sweeps import register

        WAYS[Channel.PUSH] = Way(push.is_set_up, push.send_push)
        WAYS[Channel.EMAIL] = Way(mail.is_set_up, mail.send_mail)
        WAYS[Channel.SMS] = Way(sms.is_set_up, sms.send_sms)
        if settings.WAYHOUSE_PRETENDED_WAYS:
            pretend()
        register("notices.deliveries", deliver_due)
        register("notices.worker", int, every=timedelta(minutes=1))
