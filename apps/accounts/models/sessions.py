"""Sessions of the API, and the tokens that let somebody in without a password."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from apps.core.models import Created, Identified


class Session(Identified, Created):
    """
    One sign-in: a family of refresh tokens, of which only the newest, `jti`, is good.

    Access tokens name the session, not the `jti`, and die with it.
    """

    class EndReason(models.TextChoices):
        LOGGED_OUT = "logged_out"
        REVOKED = "revoked"
        REFRESH_REUSED = "refresh_reused"
        CREDENTIALS_CHANGED = "credentials_changed"
        ACCOUNT_CLOSED = "account_closed"

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, db_constraint=False, db_index=False, related_name="sessions"
    )
    jti = models.CharField(max_length=255)
    user_agent = models.TextField(null=True, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    location = models.CharField(max_length=255, null=True, blank=True)
    expires_at = models.DateTimeField()
    is_active = models.BooleanField(default=True, db_default=True)
    last_activity_at = models.DateTimeField(db_default=TransactionNow())
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, choices=EndReason.choices, null=True, blank=True)

    class Meta:
        db_table = "sessions"
        ordering = ["-last_activity_at"]
        constraints = [
            models.UniqueConstraint(fields=["jti"], name="sessions_jti_key"),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(ended_at__isnull=True, end_reason__isnull=True),
                name="active_session_has_no_end",
            ),
        ]
        indexes = [
            models.Index(fields=["user"], name="idx_sessions_user_id"),
            models.Index(fields=["jti"], name="idx_sessions_jti"),
            models.Index(fields=["is_active", "expires_at"], condition=Q(is_active=True), name="idx_sessions_active"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="idx_sessions_ended_at"),
        ]

    def __str__(self) -> str:
        return f"since {self.created_at:%Y-%m-%d %H:%M}"


class PasswordResetToken(Identified, Created):
    """Leave to set a new password once; `token` is the SHA-256 of what the mail says, in hexadecimal."""

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, db_constraint=False, db_index=False, related_name="reset_tokens"
    )
    token = models.CharField(max_length=255)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "password_reset_tokens"
        constraints = [models.UniqueConstraint(fields=["token"], name="password_reset_tokens_token_key")]
        indexes = [
            models.Index(fields=["user"], name="idx_password_reset_user_id"),
            models.Index(fields=["token"], name="idx_password_reset_token"),
            models.Index(fields=["expires_at"], name="idx_password_reset_expires"),
        ]

    def __str__(self) -> str:
        return str(self.id)
