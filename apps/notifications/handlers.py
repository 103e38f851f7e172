"""Notifications' side of sagas. A mail is an effect of its own: prepare, perform and record are commits apart."""

from collections.abc import Sequence
from typing import Any

from apps.notifications import contracts, services
from apps.notifications.services import order_confirmation, return_closed
from apps.sagas.messages import Call, Reply, Unknown, Unreachable
from apps.sagas.participant import Participant

notifications = Participant("notifications", database="notifications", lease_seconds=90.0)


class Mailing:
    """What every mail of a saga does once it is queued; `reply` is the kind of its end."""

    reply: type[contracts.ConfirmationEmailSent | contracts.ReturnEmailSent]

    def perform(self, works: Sequence[services.Mail]) -> list[services.Outcome]:
        return services.send(mails=works)

    def record(self, works: Sequence[services.Mail], results: Sequence[Any]) -> list[Reply | Unknown]:
        services.record_messages(mails=works, outcomes=results)
        return [self.reply_to(mail, outcome) for mail, outcome in zip(works, results, strict=True)]

    def left_to_do(self, queued: Sequence[services.QueuedMail]) -> list[services.Mail | Reply]:
        """Return the mails that are to be sent, and replies for those that came to their end before."""
        return [
            row.mail if row.state == services.Fate.QUEUED else self.reply(message_id=row.mail.id, state=row.state)
            for row in queued
        ]

    def reply_to(self, mail: services.Mail, outcome: services.Outcome) -> Reply | Unknown:
        """Return the reply for a mail that came to its end, or Unknown for one to be tried again."""
        if outcome.fate is services.Fate.QUEUED:
            silence = Unknown if outcome.is_reachable else Unreachable
            return silence(outcome.error or "the mail server has not taken it")
        return self.reply(message_id=mail.id, state=outcome.fate.value)


@notifications.performs(contracts.SendConfirmationEmail)
class SendConfirmationEmail(Mailing):
    """Tell each buyer once; a mail that may have left is never sent again."""

    reply = contracts.ConfirmationEmailSent

    def prepare(self, calls: Sequence[Call[contracts.SendConfirmationEmail]]) -> list[services.Mail | Reply]:
        wording = services.get_wording(code=order_confirmation.CODE)
        asked = [
            services.AskedMail(
                about_id=call.command.order_id,
                recipient=call.command.email,
                words=order_confirmation.render_order(call.command, wording),
            )
            for call in calls
        ]
        return self.left_to_do(services.note_messages(about="order", kind=order_confirmation.CODE, asked=asked))


@notifications.performs(contracts.SendReturnEmail)
class SendReturnEmail(Mailing):
    """Tell each buyer once that a return is complete."""

    reply = contracts.ReturnEmailSent

    def prepare(self, calls: Sequence[Call[contracts.SendReturnEmail]]) -> list[services.Mail | Reply]:
        wording = services.get_wording(code=return_closed.CODE)
        asked = [
            services.AskedMail(
                about_id=call.command.return_id,
                recipient=call.command.email,
                words=return_closed.render_return(call.command, wording),
            )
            for call in calls
        ]
        return self.left_to_do(services.note_messages(about="return", kind=return_closed.CODE, asked=asked))
