from django.db import models
from django.db.models import Q

from apps.core.models import Identified, Timestamped


class Message(Identified, Timestamped):
    """
    One mail; of each kind an order, or a return, has one at most.

    States, and who may move them (rule message_is_handed_over_once):

    - `queued`: written, and not yet given to the mail server; also what the server refused for the time being.
    - `sending`: its worker said so before it handed the mail over. Found by anybody else, nobody can know any more
      whether it left.
    - `sent`: the mail server took it.
    - `unknown`: found `sending`; never sent again. Only the worker that handed it over can still say `sent`.
    - `failed`: the mail server refused the address for good.
    """

    class Kind(models.TextChoices):
        ORDER_CONFIRMATION = "order_confirmation", "Order confirmation"
        PASSWORD_RESET = "password_reset", "Password reset"
        RETURN_CLOSED = "return_closed", "Return closed"

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        UNKNOWN = "unknown", "Unknown"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=50, choices=Kind.choices)
    order_id = models.UUIDField(null=True, blank=True, help_text="empty for mails that are about no order")
    return_id = models.UUIDField(null=True, blank=True, help_text="empty for mails that are about no return")
    recipient = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    text = models.TextField()
    html = models.TextField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED, db_default=State.QUEUED)
    tries = models.IntegerField(default=1, db_default=1, help_text="how often the intent was noted")
    error = models.TextField(null=True, blank=True)
    sending_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "messages"
        constraints = [
            models.UniqueConstraint(fields=["order_id", "kind"], name="one_message_of_a_kind_an_order"),
            models.UniqueConstraint(fields=["return_id", "kind"], name="one_message_of_a_kind_a_return"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending", "sent", "unknown", "failed"]),
                name="message_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="sent_message_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="idx_messages_created_at"),
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["queued", "sending", "unknown", "failed"]),
                name="idx_messages_unsent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.recipient}"


class Template(Identified, Timestamped):
    """The words of one kind of mail in one language; staff edit them, and each must render before it is saved."""

    code = models.CharField(max_length=50, choices=Message.Kind.choices)
    language = models.CharField(max_length=10, default="en", db_default="en", help_text="such as en or pt-br")
    subject = models.CharField(max_length=255)
    text = models.TextField(help_text="for readers that show no HTML")
    html = models.TextField(help_text="every value is escaped")

    class Meta:
        db_table = "templates"
        constraints = [
            models.UniqueConstraint(fields=["code", "language"], name="one_template_a_code_and_language"),
            models.CheckConstraint(
                condition=Q(language__regex=r"^[a-z]{2,3}(-[a-z0-9]+)*$"), name="template_language_is_a_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.language})"
