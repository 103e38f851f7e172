"""What the auditor found: to be read; a finding closes by itself when what it is about is right again."""

from django.contrib import admin
from unfold.decorators import display

from apps.core.admin import ReadOnlyAdmin
from apps.sagas.audit import INVARIANTS
from apps.sagas.models import AuditFinding


@admin.register(AuditFinding)
class AuditFindingAdmin(ReadOnlyAdmin):
    """Whatever broke an invariant, the newest first."""

    list_display = ["invariant", "is_open", "subject", "subject_id", "problem", "found_at", "closed_at"]
    list_filter = ["invariant", ("closed_at", admin.EmptyFieldListFilter), "found_at"]
    search_fields = ["subject_id__exact"]
    search_help_text = "the whole id of a saga, a variant, an event or a request"
    ordering = ["-found_at"]
    fieldsets = [
        (None, {"fields": [("invariant", "promise"), ("subject", "subject_id"), "problem"]}),
        ("Record", {"fields": ["check_name", ("found_at", "seen_at", "closed_at")]}),
    ]

    @display(description="open", boolean=True)
    def is_open(self, finding: AuditFinding) -> bool:
        return finding.closed_at is None

    @display(description="what is promised")
    def promise(self, finding: AuditFinding) -> str:
        return INVARIANTS[finding.invariant]
