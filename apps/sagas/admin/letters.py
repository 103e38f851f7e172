"""Dead letters with their buttons, and what people asked."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.utils.text import Truncator
from unfold.dataclasses import UnfoldAction
from unfold.decorators import display

from apps.core.admin import ReadOnlyAdmin, labelled, named
from apps.sagas.grants import same_person
from apps.sagas.models import ArchivedSaga, SagaDeadLetter, SagaRequest, SagaTransaction
from apps.sagas.selectors import step_name

from .asking import AskingAdmin, Kind, actor_of, known


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
class SagaDeadLetterAdmin(OfASagaAdmin, AskingAdmin):
    """Steps that spent their tries; the engine goes on trying, slowly, until somebody helps or gives them up."""

    list_display = ["order", "step", "direction", "state_now", "attempts", "first_at", "next_try_at", "error_in_short"]
    list_filter = ["state", "step", "direction", "first_at"]
    search_fields = ["saga_id__exact"]
    search_help_text = "the whole id of a saga"
    ordering = ["-first_at"]
    actions_detail = ["ask_retry", "ask_skip", "ask_waive"]
    fieldsets = [
        (None, {"fields": ["order", "saga", ("step", "direction"), "state_now", "error", ("attempts", "next_try_at")]}),
        ("Given up", {"fields": [("proposed_by", "proposed_at"), "approved_by", "reason"]}),
        ("Record", {"fields": ["first_at", ("resolved_at", "resolved_by")]}),
    ]
    state_now = labelled("state", {"open": "danger", "resolved": "success", "waived": "warning"}, description="state")

    def meant(self, object_id: str) -> tuple[UUID, str | None]:
        letter = self.letter(object_id)
        return letter.saga_id, letter.step

    def letter(self, object_id: str) -> SagaDeadLetter:
        found = SagaDeadLetter.objects.filter(id=known(object_id)).first()
        if found is None:
            raise Http404
        return found

    def offered(self, request: HttpRequest, object_id: str) -> Collection[str]:
        letter = self.letter(object_id)
        if letter.state != SagaDeadLetter.State.OPEN:
            return ()
        withheld = set()
        if letter.proposed_by and same_person(letter.proposed_by, actor_of(request)):
            withheld.add(str(Kind.WAIVE))
        saga = SagaTransaction.objects.filter(id=letter.saga_id).first()
        if saga is None or step_name(saga) != letter.step:
            withheld.add(str(Kind.SKIP))
        return set(super().offered(request, object_id)) - withheld

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]:
        buttons = super().get_actions_detail(request, object_id)
        if not self.letter(object_id).proposed_by:
            return buttons
        return [replace(one, description="Approve giving it up") if one.path == Kind.WAIVE else one for one in buttons]

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
    fields = [
        "order",
        "saga",
        ("kind", "step"),
        "actor",
        "reason",
        ("created_at", "consumed_at"),
        "answer",
        "idempotency_key",
    ]
