"""
`Idempotency-Key`: a request that may be repeated without its effect being repeated.

The answer is stored in the transaction of the effect, so a crash leaves both or neither. An advisory lock of that
transaction tells a repetition that the first request is still under way; it vanishes with the transaction, whatever
ends it, and needs no session, so it works behind PgBouncer in transaction mode.

Source: draft-ietf-httpapi-idempotency-key-header.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

import orjson
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.exceptions import DomainError, InvalidInput
from apps.core.idempotency_store import Stored, claim, keep
from apps.core.json import CANONICAL, dumps
from apps.core.models import IdempotencyRecord

from .problems import CONTENT_TYPE, problem_of
from .structured_fields import NotAString, text_of

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)
# Answers that promise nothing about the next try.
NOT_FINAL = frozenset((408, 425, 429))
IN_PROGRESS = "The first request with this Idempotency-Key is still under way; repeat it in a moment."
# Of one exchange, not of the answer; the content type is set apart, because DRF's stays at HTML until it renders.
NOT_REPEATED = frozenset(("date", "set-cookie", "vary", "connection", "content-length", "content-type"))


class IdempotencyError(DomainError):
    """The key itself is at fault; never stored as an answer."""


class IdempotencyKeyMissing(IdempotencyError):
    """This address moves money or stock: send an Idempotency-Key, so that a repetition is safe."""

    code = "idempotency_key_missing"
    status = 400


class IdempotencyKeyInvalid(IdempotencyError):
    """An Idempotency-Key is 1 to 255 printable ASCII characters, quoted or bare."""

    code = "idempotency_key_invalid"
    status = 400


class IdempotencyKeyReused(IdempotencyError):
    """The key came before with another request; a new request needs a new key."""

    code = "idempotency_key_reused"
    status = 422


class IdempotencyKeyInProgress(IdempotencyError):
    """The first request with this key is still under way; repeat it in a moment."""

    code = "idempotency_key_in_progress"
    status = 409


class Answer(HttpResponse):
    """What `once` answers; `replayed` tells whether it is the stored answer of an earlier request."""

    replayed = False

    @cached_property
    def data(self) -> Any:
        """The body as data, None when empty."""
        return orjson.loads(self.content) if self.content else None


@dataclass(frozen=True)
class Attempt:
    """One request under a key."""

    scope: str
    key: str
    request_hash: bytes


def once(
    request: Request,
    *,
    using: str,
    model: type[IdempotencyRecord],
    scope: str,
    perform: Callable[[], Response],
    required: bool = False,
) -> Answer:
    """
    Run `perform` and answer what it answers; on a repetition under the same key, answer that again without running it.

    `perform` runs inside `transaction.atomic(using=using)`. A DomainError rolls it back; the refusal is an answer
    like any other and stored too, unless it says that fields are wrong: then nothing began. Answers of 500 and above
    are never stored. Records are kept for 24 hours.

    Args:
        request: with an `Idempotency-Key`, a structured-field string or bare; without one, `perform` simply runs.
        using: alias of the database of the effect, where `model` lives.
        model: the app's concrete IdempotencyRecord.
        scope: who and what the key belongs to, such as `f"place_order:{user_id}"`; at most 200 characters.
        required: refuse a request without a key.

    Raises:
        IdempotencyKeyMissing, IdempotencyKeyInvalid: 400.
        IdempotencyKeyReused: 422, the key came with another method, address or body.
        IdempotencyKeyInProgress: 409, the first request has not ended.
    """
    key = key_of(request, required=required)
    if key is None:
        with transaction.atomic(using=using, durable=True):
            return rendered(perform())
    attempt = Attempt(scope, key, hash_of(request))
    try:
        return first_or_stored(attempt, using=using, model=model, perform=perform)
    except DomainError as refusal:
        return refused(refusal, request, attempt, using=using, model=model)


def first_or_stored(
    attempt: Attempt, *, using: str, model: type[IdempotencyRecord], perform: Callable[[], Response]
) -> Answer:
    with transaction.atomic(using=using, durable=True):
        found = claim(model, using=using, scope=attempt.scope, key=attempt.key)
        if found.stored is not None:
            return repeated(found.stored, attempt)
        if not found.locked:
            raise IdempotencyKeyInProgress(IN_PROGRESS)
        answer = rendered(perform())
        if final(answer.status_code) and not store(answer, attempt, using=using, model=model):
            # The first request committed between our look and our lock: undo this one; the repetition finds it.
            raise IdempotencyKeyInProgress(IN_PROGRESS)
        return answer


def refused(
    refusal: DomainError, request: Request, attempt: Attempt, *, using: str, model: type[IdempotencyRecord]
) -> Answer:
    """Store a refusal after its transaction is undone, and answer it; raise again what is no final answer."""
    problem = problem_of(refusal)
    if problem is None or isinstance(refusal, InvalidInput | IdempotencyError) or not final(problem.status):
        raise refusal
    answer = Answer(dumps(problem.document(request.path)), status=problem.status, content_type=CONTENT_TYPE)
    if not store(answer, attempt, using=using, model=model):
        # Our lock ended with the transaction, and a repetition has kept its own answer since: that one counts.
        raise IdempotencyKeyInProgress(IN_PROGRESS)
    return answer


def key_of(request: HttpRequest | Request, *, required: bool) -> str | None:
    """Return the key of a request; None where it has none and needs none."""
    header = request.headers.get(HEADER)
    if header is None:
        if required:
            raise IdempotencyKeyMissing(f"Send an {HEADER} header with this request: a fresh UUID for each order.")
        return None
    try:
        key = text_of(header)
    except NotAString as error:
        raise IdempotencyKeyInvalid(f"{HEADER} is not acceptable: {error}.") from error
    if not 1 <= len(key) <= 255:
        raise IdempotencyKeyInvalid(f"{HEADER} has {len(key)} characters; 1 to 255 are accepted.")
    return key


def hash_of(request: Request) -> bytes:
    """Return the fingerprint of a request: method, address and body, however the body is spelled."""
    address = f"{request.method} {request.get_full_path()}\n".encode()
    return sha256(address + dumps(request.data, options=CANONICAL)).digest()


def final(status: int) -> bool:
    return status < 500 and status not in NOT_FINAL


def rendered(response: Response) -> Answer:
    """Return a view's response as finished bytes."""
    content = b"" if response.data is None else dumps(response.data)
    headers = {name: value for name, value in response.items() if name.lower() not in NOT_REPEATED}
    headers["Content-Type"] = response.content_type or "application/json"
    return Answer(content, status=response.status_code, headers=headers)


def repeated(stored: Stored, attempt: Attempt) -> Answer:
    if stored.request_hash != attempt.request_hash:
        raise IdempotencyKeyReused(f"This {HEADER} came before with another request; a new request needs a new key.")
    answer = Answer(stored.body, status=stored.status, headers=stored.headers | {"Idempotent-Replayed": "true"})
    answer.replayed = True
    return answer


def store(answer: Answer, attempt: Attempt, *, using: str, model: type[IdempotencyRecord]) -> bool:
    """Keep the answer; False where another request with the key has kept its own first."""
    stored = Stored(attempt.request_hash, answer.status_code, dict(answer.items()), answer.content)
    return keep(model, stored, using=using, scope=attempt.scope, key=attempt.key, kept_for=KEPT_FOR)
