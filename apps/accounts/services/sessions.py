"""Sessions: opened by a sign-in, kept alive by rotating refresh tokens, ended for good."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from apps.accounts.models import Session, User
from apps.core.exceptions import DomainError, NotFound
from apps.core.ids import new_id

from . import revocations, tokens
from .tokens import Claims, Kind


class SessionEnded(DomainError):
    """The session was ended or its time is over; only a new sign-in helps."""

    code = "session_ended"
    status = 401


class RefreshTokenReused(DomainError):
    """A refresh token was shown a second time, so one of the two who know it stole it; the session is over."""

    code = "refresh_token_reused"
    status = 401


class SessionNotFound(NotFound):
    """This user has no such active session."""

    code = "session_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Where a request came from, as far as it says; shown to the user in the list of sessions."""

    user_agent: str | None = None
    ip_address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session's newest pair of tokens; `expires_in` is the access token's life in seconds."""

    user: User
    session_id: UUID
    access_token: str
    refresh_token: str
    expires_in: int


def open_session(*, user: User, device: Device, now: datetime) -> SignedIn:
    """Write a new session of a user who has just proven who they are, and return its first tokens."""
    session = Session(
        id=new_id(),
        user=user,
        jti=uuid4().hex,
        user_agent=device.user_agent,
        ip_address=device.ip_address,
        expires_at=now + tokens.lifetime(Kind.REFRESH),
        last_activity_at=now,
    )
    session.save(using="accounts", force_insert=True)
    return _signed_in(user=user, session_id=session.id, jti=session.jti, now=now)


def _signed_in(*, user: User, session_id: UUID, jti: str, now: datetime) -> SignedIn:
    def token(kind: Kind, jti: str) -> str:
        return tokens.signed(
            Claims(
                kind=kind,
                user_id=user.pk,
                session_id=session_id,
                email=user.email,
                jti=jti,
                issued_at=now,
                expires_at=now + tokens.lifetime(kind),
            )
        )

    return SignedIn(
        user=user,
        session_id=session_id,
        access_token=token(Kind.ACCESS, uuid4().hex),
        refresh_token=token(Kind.REFRESH, jti),
        expires_in=settings.ACCESS_TOKEN_SECONDS,
    )


def refresh_session(*, refresh_token: str, now: datetime) -> SignedIn:
    """
    Trade a refresh token for a new pair; the old one is spent.

    Of two requests with one token only one is answered, since the row changes hands in one guarded statement; the
    other is taken for a thief's and ends the session, as RFC 9700 (section 4.14) asks.

    Returns:
        The user with the new pair of tokens, of the same session.

    Raises:
        InvalidToken: it is no refresh token of ours, or too old; nothing is changed.
        SessionEnded: the session is over; nothing is changed.
        RefreshTokenReused: the token was spent before; the session is ended.
    """
    claims = tokens.read(refresh_token, Kind.REFRESH)
    jti = uuid4().hex
    rotated = Session.objects.filter(id=claims.session_id, jti=claims.jti, is_active=True, expires_at__gt=now).update(
        jti=jti, last_activity_at=now, expires_at=now + tokens.lifetime(Kind.REFRESH)
    )
    user = User.objects.filter(id=claims.user_id, is_active=True).first() if rotated else None
    if user is None:
        raise _refuse_and_end(claims, now)
    return _signed_in(user=user, session_id=claims.session_id, jti=jti, now=now)


def _refuse_and_end(claims: Claims, now: datetime) -> DomainError:
    """Say why a refresh token is refused; a spent one ends its session."""
    live = Session.objects.filter(id=claims.session_id, is_active=True, expires_at__gt=now)
    if live.exclude(jti=claims.jti).exists() and User.objects.filter(id=claims.user_id, is_active=True).exists():
        end_sessions(session_ids=[claims.session_id], reason=Session.EndReason.REFRESH_REUSED, now=now)
        return RefreshTokenReused("This refresh token was used before, so the session is ended; sign in again.")
    return SessionEnded("This session is over; sign in again.")


def end_sessions(*, session_ids: Collection[UUID], reason: Session.EndReason, now: datetime) -> list[UUID]:
    """
    End those of the sessions that are active; idempotent.

    Their tokens stop working within a second, in every process.

    Returns:
        The ids of the sessions that this call ended.
    """
    with transaction.atomic(using="accounts"):
        active = Session.objects.select_for_update().filter(id__in=session_ids, is_active=True).order_by("id")
        ended = list(active.values_list("id", flat=True))
        Session.objects.filter(id__in=ended).update(is_active=False, ended_at=now, end_reason=reason)
        transaction.on_commit(lambda: revocations.announce(ended, now=now), using="accounts")
    return ended


def end_sessions_of(*, user_id: UUID, reason: Session.EndReason, now: datetime, but: UUID | None = None) -> list[UUID]:
    """End a user's active sessions, all or all but one; idempotent. Returns the ids of those that this call ended."""
    active = Session.objects.filter(user_id=user_id, is_active=True).values_list("id", flat=True)
    return end_sessions(session_ids=[one for one in active if one != but], reason=reason, now=now)


def log_out(*, session_id: UUID, now: datetime) -> None:
    """End the session one is in; idempotent."""
    end_sessions(session_ids=[session_id], reason=Session.EndReason.LOGGED_OUT, now=now)


def revoke_session(*, user_id: UUID, session_id: UUID, now: datetime) -> None:
    """
    End one of a user's sessions, on another device say.

    Raises:
        SessionNotFound: the user has no such active session; another user's counts as none.
    """
    if not Session.objects.filter(id=session_id, user_id=user_id, is_active=True).exists():
        raise SessionNotFound("You have no such active session.", session_id=str(session_id))
    end_sessions(session_ids=[session_id], reason=Session.EndReason.REVOKED, now=now)
