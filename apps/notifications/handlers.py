"""Notifications' side of sagas. A mail is an effect of its own: prepare, perform and record are commits apart."""

from collections.abc import Sequence
from typing import Any

from apps.notifications import contracts, services
from apps.notifications.services import order_confirmation
from apps.sagas.messages import Call, Reply, Unknown
from apps.sagas.participant import Participant

notifications = Participant("notifications", database="notifications", lease_seconds=90.0)


@notifications.performs(contracts.SendConfirmationEmail)
class SendConfirmationEmail:
    """Tell each buyer once; a mail that may have left is never sent again."""

    def prepare(self, calls: Sequence[Call[contracts.SendConfirmationEmail]]) -> list[services.Mail | Reply]:
        wording = services.get_wording(code=order_confirmation.CODE)
        asked = [asked_mail(call.command, wording) for call in calls]
        queued = services.note_messages(kind=order_confirmation.CODE, asked=asked)
        return [
            row.mail
            if row.state == services.Fate.QUEUED
            else contracts.ConfirmationEmailSent(message_id=row.mail.id, state=row.state)
            for row in queued
        ]

    def perform(self, works: Sequence[services.Mail]) -> list[services.Outcome]:
        return services.send(mails=works)

    def record(self, works: Sequence[services.Mail], results: Sequence[Any]) -> list[Reply | Unknown]:
        services.record_messages(mails=works, outcomes=results)
        return [reply_to(mail, outcome) for mail, outcome in zip(works, results, strict=True)]


def asked_mail(command: contracts.SendConfirmationEmail, wording: services.Wording) -> services.AskedMail:
    words = order_confirmation.render_order(command, wording)
    return services.AskedMail(order_id=command.order_id, recipient=command.email, words=words)


def reply_to(mail: services.Mail, outcome: services.Outcome) -> Reply | Unknown:
    """Return the reply for a mail that came to its end, or Unknown for one to be tried again."""
    if outcome.fate is services.Fate.QUEUED:
        return Unknown(outcome.error or "the mail server has not taken it")
    return contracts.ConfirmationEmailSent(message_id=mail.id, state=outcome.fate.value)
