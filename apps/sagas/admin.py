"""Sagas in the back office: to be read. The engine owns these rows, so nobody edits them here."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold.decorators import display

from apps.core.admin import ReadOnlyAdmin

from . import selectors
from .models import SagaDeadLetter, SagaRequest, SagaTransaction

LABELS = {"completed": "success", "failed": "danger", "compensating": "warning", "active": "info"}


@admin.register(SagaTransaction)
class SagaTransactionAdmin(ReadOnlyAdmin):
    """Every saga; one saga shows its steps and its whole history."""

    list_display = ["id", "definition", "order_id", "labelled_status", "hold", "step_name", "failures", "created_at"]
    list_filter = ["status", "hold", "definition", "lane"]
    search_fields = ["id__exact", "order_id__exact", "subject_id__exact"]
    search_help_text = "the whole id of a saga or of an order"
    ordering = ["-created_at"]
    fields = [
        "definition",
        "version",
        "order_id",
        "labelled_status",
        "hold",
        "steps_and_history",
        "effects_open",
        "lane",
        "attempt",
        "failures",
        "due_at",
        "deadline_at",
        "error",
        "created_at",
        "updated_at",
        "finished_at",
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[SagaTransaction]:
        return super().get_queryset(request).defer("data")

    @display(description="status", label=LABELS, ordering="status")
    def labelled_status(self, saga: SagaTransaction) -> str:
        return saga.status

    @display(description="step")
    def step_name(self, saga: SagaTransaction) -> str:
        return selectors.step_name(saga)

    @display(description="steps and history")
    def steps_and_history(self, saga: SagaTransaction) -> SafeString:
        return render_to_string("admin/sagas/steps_and_history.html", {"saga": selectors.get_saga(saga.id)})


@admin.register(SagaDeadLetter)
class SagaDeadLetterAdmin(ReadOnlyAdmin):
    """Steps that spent their tries; the engine goes on trying, slowly."""

    list_display = ["saga_id", "step", "direction", "state", "attempts", "first_at", "next_try_at", "error"]
    list_filter = ["state", "step", "direction"]
    search_fields = ["saga_id__exact"]
    ordering = ["-first_at"]


@admin.register(SagaRequest)
class SagaRequestAdmin(ReadOnlyAdmin):
    """What people asked of sagas, and the answers."""

    list_display = ["saga_id", "kind", "actor", "reason", "created_at", "consumed_at"]
    list_filter = ["kind"]
    search_fields = ["saga_id__exact", "actor"]
    ordering = ["-created_at"]
