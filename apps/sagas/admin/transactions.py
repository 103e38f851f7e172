"""Sagas, each with its steps, its history, and the buttons that ask something of it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.decorators import display

from apps.core.admin import ReadOnlyAdmin, among, calls, labelled, named
from apps.sagas import selectors
from apps.sagas.models import ArchivedSaga, SagaRow, SagaTransaction
from apps.sagas.pages import steps_and_history

from .asking import AskingAdmin, known

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
class SagaTransactionAdmin(SagaRowAdmin, AskingAdmin):
    """The living sagas, and those that finished lately; a saga's page stays where it is when the saga is archived."""

    list_display = ["order", "definition", "status_now", "hold", "step_name", "failures", "created_at", "finished_at"]
    list_filter = ["status", "hold", among("lane", settings.LANES), "created_at"]
    ordering = ["-created_at"]
    actions_detail = [
        "ask_pause",
        "ask_resume",
        "ask_retry",
        "ask_skip",
        "ask_waive",
        "ask_cancel",
        "ask_force_compensate",
    ]
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

    def meant(self, object_id: str) -> tuple[UUID, str | None]:
        return known(object_id), None

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
