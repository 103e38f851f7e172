"""Sagas in the back office: to be read. The engine owns these rows, so nobody edits them here."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from unfold.decorators import display

from apps.core.admin import ReadOnlyAdmin, among, calls, labelled, named

from . import selectors
from .models import ArchivedSaga, SagaDeadLetter, SagaRequest, SagaRow, SagaTransaction
from .pages import steps_and_history

LABELS = {"completed": "success", "failed": "danger", "compensating": "warning", "active": "info"}

calls("saga", SagaTransaction, selectors.list_saga_names)


class SagaRowAdmin(ReadOnlyAdmin):
    """A list of sagas; one saga shows its steps and its whole history."""

    search_fields = ["id__exact", "order_id__exact", "subject_id__exact"]
    search_help_text = "the whole id of a saga or of an order"
    order = named("order_id")
    status_now = labelled("status", LABELS, description="status")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("data")

    @display(description="step")
    def step_name(self, saga: SagaRow) -> str:
        return selectors.step_name(saga)

    @display(description="steps and history")
    def steps(self, saga: SagaRow) -> SafeString:
        return steps_and_history(selectors.get_saga(saga.id))


@admin.register(SagaTransaction)
class SagaTransactionAdmin(SagaRowAdmin):
    """The living sagas, and those that finished lately; a saga's page stays where it is when the saga is archived."""

    list_display = ["order", "definition", "status_now", "hold", "step_name", "failures", "created_at", "finished_at"]
    list_filter = ["status", "hold", among("lane", settings.LANES), "created_at"]
    ordering = ["-created_at"]
    fieldsets = [
        (None, {"fields": ["order", ("definition", "version"), ("status_now", "hold"), "error", "steps"]}),
        (
            "Work",
            {
                "fields": [
                    ("lane", "due_at"),
                    ("attempt", "failures", "failing_since"),
                    ("effects_open", "epoch"),
                    "deadline_at",
                ]
            },
        ),
        ("Record", {"fields": ["id", "trace_id", ("created_at", "finished_at"), "data"]}),
    ]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None and (
            archived := ArchivedSagaAdmin(ArchivedSaga, self.admin_site).get_object(request, object_id)
        ):
            names = [field.attname for field in SagaTransaction._meta.concrete_fields]
            return SagaTransaction(**{name: getattr(archived, name) for name in names})
        return found


@admin.register(ArchivedSaga)
class ArchivedSagaAdmin(SagaRowAdmin):
    """Sagas that finished a while ago."""

    list_display = ["order", "definition", "status_now", "created_at", "finished_at", "archived_at"]
    list_filter = ["status"]
    # Ids rise with time, and the partitions are in their order.
    ordering = ["-id"]
    fieldsets = [
        (None, {"fields": ["order", ("definition", "version"), "status_now", "steps"]}),
        ("Record", {"fields": ["id", "trace_id", ("created_at", "finished_at", "archived_at"), "data"]}),
    ]


class OfASagaAdmin(ReadOnlyAdmin):
    """Rows about a saga, with the order it serves."""

    order = named("order_id")
    saga = named("saga_id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        served = [
            Subquery(kind.objects.filter(id=OuterRef("saga_id")).values("order_id"))
            for kind in (SagaTransaction, ArchivedSaga)
        ]
        return super().get_queryset(request).annotate(order_id=Coalesce(*served))


@admin.register(SagaDeadLetter)
class SagaDeadLetterAdmin(OfASagaAdmin):
    """Steps that spent their tries; the engine goes on trying, slowly."""

    list_display = ["order", "step", "direction", "state_now", "attempts", "first_at", "next_try_at", "error_in_short"]
    list_filter = ["state", "step", "direction", "first_at"]
    search_fields = ["saga_id__exact"]
    search_help_text = "the whole id of a saga"
    ordering = ["-first_at"]
    fieldsets = [
        (None, {"fields": ["order", "saga", ("step", "direction"), "state_now", "error", ("attempts", "next_try_at")]}),
        ("Record", {"fields": ["first_at", ("resolved_at", "resolved_by"), "approved_by", "reason"]}),
    ]
    state_now = labelled("state", {"open": "danger", "resolved": "success", "waived": "warning"}, description="state")

    @display(description="error")
    def error_in_short(self, letter: SagaDeadLetter) -> str:
        return Truncator(letter.error).chars(48)


@admin.register(SagaRequest)
class SagaRequestAdmin(OfASagaAdmin):
    """What people asked of sagas, and the answers."""

    list_display = ["order", "kind", "actor", "reason", "created_at", "consumed_at"]
    list_filter = ["kind", ("consumed_at", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["saga_id__exact", "actor"]
    search_help_text = "the whole id of a saga, or who asked"
    ordering = ["-created_at"]
    fields = ["order", "saga", "kind", "actor", "reason", ("created_at", "consumed_at"), "answer", "idempotency_key"]
