"""Forgetting what nobody will ask about again."""

from datetime import datetime, timedelta

from apps.accounts.models import PasswordResetToken, Session

# Long enough for somebody to ask where an account was signed in from.
SESSIONS_KEPT = timedelta(days=90)
RESET_TOKENS_KEPT = timedelta(days=7)


def forget_old_sessions(*, now: datetime) -> int:
    """
    Delete sessions that were over 90 days ago and reset tokens that expired a week ago; idempotent.

    Returns:
        How many rows went.
    """
    sessions, _ = Session.objects.filter(expires_at__lt=now - SESSIONS_KEPT).delete()
    reset_tokens, _ = PasswordResetToken.objects.filter(expires_at__lt=now - RESET_TOKENS_KEPT).delete()
    return sessions + reset_tokens
