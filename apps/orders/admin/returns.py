"""Returns: who wants to give what back, the answers of staff, and the goods as they arrive."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline, calls, labelled, money, named
from apps.core.exceptions import DomainError
from apps.orders import services
from apps.orders.models import OrderReturn, OrderReturnLine
from apps.orders.selectors import list_return_numbers
from apps.sagas.pages import steps_and_history
from apps.sagas.selectors import list_sagas

from .return_forms import ApproveForm, CallOffForm, ReceiveForm, RefuseForm, named_goods

Status = OrderReturn.Status
calls("return", OrderReturn, lambda ids: list_return_numbers(return_ids=ids))

LABELS = {
    "requested": "warning",
    "approved": "info",
    "receiving": "info",
    "received": "info",
    "closed": "success",
    "refused": "danger",
    "cancelled": "danger",
}
OFFERED: dict[str, tuple[str, ...]] = {
    Status.REQUESTED: ("approve", "refuse", "call_off"),
    Status.APPROVED: ("receive", "refuse", "call_off"),
}
"""What can be done to a return by hand, by its state; from `receiving` on its saga owns it."""


class ReturnLineInline(ReadOnlyInline):
    model = OrderReturnLine
    verbose_name_plural = "lines"
    fields = ["goods", "quantity", "received_quantity", "restocks", "refund"]
    ordering = ["created_at", "id"]
    refund = money("refund_amount", description="refund")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("line", "order_return")

    @display(description="goods")
    def goods(self, asked: OrderReturnLine) -> str:
        return named_goods(asked.line.title, asked.line.variant_title, asked.line.sku)


@admin.register(OrderReturn)
class OrderReturnAdmin(ReadOnlyAdmin):
    list_display = ["return_number", "about", "status_now", "reason", "refund", "created_at"]
    list_filter = ["status", "reason", "created_at"]
    search_fields = ["return_number__exact", "order__order_number__exact", "id__exact", "order_id__exact"]
    search_help_text = "the whole number or id of a return or of its order"
    ordering = ["-created_at", "-id"]
    inlines = [ReturnLineInline]
    actions_detail = ["approve", "receive", "refuse", "call_off"]
    fieldsets = [
        (None, {"fields": [("status_now", "about"), ("reason", "customer"), "note", "answer"]}),
        ("Money", {"fields": [("goods", "shipping"), ("refund", "refunds_shipping")]}),
        ("Saga", {"fields": ["saga_steps"]}),
        (
            "Record",
            {"fields": ["id", ("decided_by_now", "decided_at"), ("received_by_now", "received_at"), "closed_at"]},
        ),
    ]
    status_now = labelled("status", LABELS, description="status")
    about = named("order_id", description="order")
    customer = named("requested_by", "user", description="customer")
    decided_by_now = named("decided_by", "user", description="decided by")
    received_by_now = named("received_by", "user", description="received by")
    goods = money("goods_amount", description="goods")
    shipping = money("shipping_amount", description="shipping")
    refund = money("refund_amount", description="refund")

    @display(description="saga")
    def saga_steps(self, asked: OrderReturn) -> SafeString | str:
        """Return the steps of the last receipt; one that was undone stands there until the goods are received anew."""
        if asked.receipt_id is None:
            return "none"
        sagas = list_sagas(subject_id=asked.receipt_id, order_ids=[asked.order_id], limit=1)
        return steps_and_history(sagas[0]) if sagas else "none"

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]:
        status = OrderReturn.objects.using("orders").filter(id=object_id).values_list("status", flat=True).first()
        allowed = super().get_actions_detail(request, object_id)
        offered = [f"orders_orderreturn_{name}" for name in OFFERED.get(str(status), ())]
        return [one for one in allowed if one.action_name in offered]

    @action(
        description="Approve",
        permissions=["returns.decide"],
        url_path="approve",
        dialog={
            "title": "Approve",
            "description": "The buyer may send the goods; they are received here when they come.",
            "form_class": ApproveForm,
            "form_submit_text": "Approve",
        },
    )
    def approve(self, request: HttpRequest, form: Form, object_id: str) -> HttpResponse:
        return self.done(
            request,
            object_id,
            "The return is approved: its goods may come.",
            lambda who: services.approve_return(
                return_id=UUID(object_id),
                user_id=who,
                now=clock.now(),
                refunds_shipping=form.cleaned_data["refunds_shipping"],
            ),
        )

    @action(
        description="Receive goods",
        permissions=["returns.receive"],
        url_path="receive",
        dialog={
            "title": "Receive goods",
            "description": "Write down what arrived. What can be sold again goes into stock, and the money goes back.",
            "form_class": ReceiveForm,
            "form_submit_text": "Take in",
        },
    )
    def receive(self, request: HttpRequest, form: ReceiveForm, object_id: str) -> HttpResponse:
        return self.done(
            request,
            object_id,
            "The goods are received; the refund is under way.",
            lambda who: services.receive_return(return_id=UUID(object_id), arrived=form.arrived, user_id=who),
        )

    @action(
        description="Refuse",
        permissions=["returns.decide"],
        url_path="refuse",
        variant=ActionVariant.DANGER,
        dialog={
            "title": "Refuse",
            "description": "The buyer reads the reason, and may ask again.",
            "form_class": RefuseForm,
            "form_submit_text": "Refuse",
        },
    )
    def refuse(self, request: HttpRequest, form: Form, object_id: str) -> HttpResponse:
        return self.done(
            request,
            object_id,
            "The return is refused.",
            lambda who: services.refuse_return(
                return_id=UUID(object_id), user_id=who, now=clock.now(), answer=form.cleaned_data["answer"]
            ),
        )

    @action(
        description="Call off",
        permissions=["returns.decide"],
        url_path="call-off",
        variant=ActionVariant.DANGER,
        dialog={
            "title": "Call off",
            "description": "The buyer keeps the goods, or they never came.",
            "form_class": CallOffForm,
            "form_submit_text": "Call off",
        },
    )
    def call_off(self, request: HttpRequest, form: Form, object_id: str) -> HttpResponse:
        return self.done(
            request,
            object_id,
            "The return is called off.",
            lambda who: services.cancel_return(
                return_id=UUID(object_id), user_id=who, now=clock.now(), answer=form.cleaned_data["answer"] or None
            ),
        )

    def done(self, request: HttpRequest, object_id: str, told: str, act: Callable[[UUID], object]) -> HttpResponse:
        """Act as who is signed in, say what became of it, and lead back to the return."""
        user: Any = request.user
        try:
            act(user.pk)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, told)
        return HttpResponse(headers={"HX-Redirect": reverse("admin:orders_orderreturn_change", args=[object_id])})
