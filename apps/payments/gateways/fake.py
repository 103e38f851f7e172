"""The adapter to the fake gateway: one HTTP call a batch, over connections that are kept open."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import urllib3
from urllib3.exceptions import HTTPError

from apps.sagas.messages import Unknown, Unreachable

from .base import Charge, ChargeKey, ChargeRequest, ChargeState, GatewayUnreachable, Refunded, RefundRequest, Spent

T = TypeVar("T")
Answer = dict[str, Any]
PAGE = 1000
NOBODY_IN = (502, 503, 504)
"""What a front door answers for a gateway that is away (RFC 9110, 15.6)."""


class FakeGateway:
    """Speaks to `apps.payments.gateways.fake_server`; safe to use from several threads."""

    name = "fake"
    opens_first = False

    def __init__(self, url: str, *, connect_seconds: float, read_seconds: float, connections: int = 4) -> None:
        self.url = url.rstrip("/")
        self._http = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=connect_seconds, read=read_seconds), retries=False, maxsize=connections
        )

    def open(self, requests: Sequence[ChargeRequest]) -> Sequence[str | Unknown]:
        """Return the keys: this gateway has no object before the charge."""
        return [str(request.key) for request in requests]

    def charge(self, requests: Sequence[ChargeRequest]) -> Sequence[Charge | Unknown]:
        items = [
            {
                "key": str(request.key),
                "request_key": f"{request.key}:{request.renewal}" if request.renewal else str(request.key),
                "order_id": str(request.order_id),
                "amount": f"{request.amount:f}",
                "currency": request.currency,
                "payment_method": request.payment_method,
                "statement": request.statement,
            }
            for request in requests
        ]
        return self._batch("/v1/charges/batch", items, charge_of)

    def find(self, keys: Sequence[ChargeKey]) -> Sequence[Charge | Unknown]:
        return self._batch("/v1/charges/find", [{"key": str(key.key)} for key in keys], charge_of)

    def cancel(self, keys: Sequence[ChargeKey]) -> Sequence[Charge | Unknown]:
        return self._batch("/v1/charges/cancel", [{"key": str(key.key)} for key in keys], charge_of)

    def refund(self, requests: Sequence[RefundRequest]) -> Sequence[Refunded | Unknown]:
        items = [
            {
                "key": str(request.key),
                "charge_key": str(request.charge.key),
                "amount": f"{request.amount:f}",
                "reason": request.reason,
            }
            for request in requests
        ]
        return self._batch("/v1/refunds/batch", items, refunded_of)

    def find_refunds(self, requests: Sequence[RefundRequest]) -> Sequence[Refunded | Unknown | None]:
        return self._batch("/v1/refunds/find", [{"key": str(request.key)} for request in requests], found_refund_of)

    def statement(self) -> Iterator[Charge]:
        after = 0
        while page := self._page(after):
            yield from (read_charge(answer) for answer in page)
            after = page[-1]["cursor"]

    def _page(self, after: int) -> list[Answer]:
        """Return the charges that follow a cursor; none after the last."""
        try:
            response = self._http.request(
                "GET", f"{self.url}/v1/charges", fields={"after": str(after), "limit": str(PAGE)}
            )
            page: list[Answer] = response.json()["charges"]
        except HTTPError as error:
            raise GatewayUnreachable(
                f"The payment gateway at {self.url} did not answer ({type(error).__name__}); is it running?"
            ) from error
        return page

    def _batch(
        self, path: str, items: Sequence[Answer], read: Callable[[Answer], T | Unknown]
    ) -> Sequence[T | Unknown]:
        """Call once for the whole batch; where no answer comes, every item is Unreachable."""
        if not items:
            return []
        try:
            response = self._http.request(
                "POST",
                self.url + path,
                body=json.dumps({"items": items}),
                headers={"Content-Type": "application/json", "X-Process-Id": str(os.getpid())},
            )
        except HTTPError as error:
            return [Unreachable(f"the gateway did not answer: {type(error).__name__}") for _ in items]
        if response.status in NOBODY_IN:
            return [Unreachable(f"the gateway answered {response.status}") for _ in items]
        if response.status != 200:
            said = f"the gateway answered {response.status}"
            return [Spent(said) if response.status == 500 else Unknown(said) for _ in items]
        return [read(answer) for answer in response.json()["results"]]


def charge_of(answer: Answer) -> Charge | Unknown:
    """Return what an answer says of a charge: without a state it says nothing."""
    if "state" in answer:
        return read_charge(answer)
    error = f"the gateway answered {answer['status']} {answer['error']}"
    return Spent(error) if answer["status"] == 500 else Unknown(error)


def read_charge(answer: Answer) -> Charge:
    return Charge(
        key=UUID(answer["key"]),
        state=ChargeState(answer["state"]),
        reference=answer.get("reference"),
        decline_reason=answer.get("decline_reason"),
        amount=Decimal(answer.get("amount", 0)),
        refunded=Decimal(answer.get("refunded", 0)),
        currency=answer.get("currency"),
    )


def refunded_of(answer: Answer) -> Refunded | Unknown:
    """Return what an answer says of a refund; a refusal is Unknown."""
    if answer["status"] != 200:
        return Unknown(f"the gateway answered {answer['status']} {answer['error']}")
    return Refunded(key=UUID(answer["key"]), reference=answer["reference"], amount=Decimal(answer["amount"]))


def found_refund_of(answer: Answer) -> Refunded | Unknown | None:
    """Return what an answer says of a refund that was asked before; None where the gateway knows of none."""
    return None if answer["status"] == 404 else refunded_of(answer)
