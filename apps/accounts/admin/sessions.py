"""Sessions: who is signed in where. They are only ended here, never edited."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.accounts import services
from apps.accounts.models import Session
from apps.core import clock


@admin.register(Session)
class SessionAdmin(ModelAdmin):
    list_display = ["user", "ip_address", "user_agent", "is_active", "last_activity_at", "expires_at", "end_reason"]
    list_filter = ["is_active", "end_reason"]
    list_select_related = ["user"]
    search_fields = ["user__email", "ip_address"]
    date_hierarchy = "created_at"
    exclude = ["jti"]
    actions = ["revoke"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("customers.revoke_sessions"))

    @admin.action(description="End the selected sessions", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        ended = services.end_sessions(
            session_ids=list(queryset.values_list("id", flat=True)), reason=Session.EndReason.REVOKED, now=clock.now()
        )
        self.message_user(request, f"Sessions ended: {len(ended)}.", messages.SUCCESS)
