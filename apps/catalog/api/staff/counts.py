"""Counted stock, sent by whoever counted it."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalog import services
from apps.catalog.models import IdempotencyRecord
from apps.core import clock
from apps.core.api.idempotency import Answer, once
from apps.core.api.schema import IDEMPOTENCY_KEY
from apps.core.api.views import StaffView

from .stock_shapes import CountAnswer, CountBody


class Counts(StaffView):
    permissions = {"POST": "inventory.adjust"}

    @extend_schema(
        operation_id="count_stock",
        tags=["staff: catalog"],
        parameters=[IDEMPOTENCY_KEY],
        request=CountBody,
        responses=CountAnswer,
    )
    def post(self, request: Request) -> Answer:
        """
        Correct the stock by a count, up to 1,000 items.

        Each is compared with what the ledger says of its time, so what was sold or came since stays. Where any item has
        a problem nothing is written, unless `force` takes the others.
        """
        return once(
            request,
            using="catalog",
            model=IdempotencyRecord,
            scope=f"count_stock:{request.user.pk}",
            perform=lambda: counted(request, clock.now()),
            required=True,
        )


def counted(request: Request, now: datetime) -> Response:
    body = CountBody(data=request.data)
    body.is_valid(raise_exception=True)
    given = body.validated_data
    read = [line_of(number, item, now) for number, item in enumerate(given["items"], start=1)]
    report = services.count_stock(
        lines=[line for line in read if line.counted_at <= now],
        problems=[
            services.CountProblem(number=line.number, sku=line.sku, problem="in_the_future")
            for line in read
            if line.counted_at > now
        ],
        is_dry=given["dry_run"],
        is_forced=given["force"],
        because=services.Because(reference_type="count", user_id=request.user.pk),
    )
    return Response(asdict(report))


def line_of(number: int, item: dict[str, Any], now: datetime) -> services.CountedLine:
    return services.CountedLine(
        number=number, sku=item["sku"], quantity=item["quantity"], counted_at=item.get("counted_at", now)
    )
