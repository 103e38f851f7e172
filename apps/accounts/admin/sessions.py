"""Sessions: who is signed in where. They are only ended here, never edited."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator

from apps.accounts import services
from apps.accounts.models import Session
from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, titled


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = ["user", "client", "address", "is_active", "last_activity_at", "expires_at", "end_reason"]
    list_filter = ["is_active", "end_reason", "created_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "ip_address"]
    search_help_text = "an e-mail address or an IP address"
    exclude = ["jti"]
    actions = ["revoke"]
    address = titled("ip_address", "IP address")

    @admin.display(description="client", ordering="user_agent")
    def client(self, session: Session) -> str:
        return Truncator(session.user_agent or "").chars(40)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("customers.revoke_sessions"))

    @admin.action(description="End the selected sessions", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        ended = services.end_sessions(
            session_ids=list(queryset.values_list("id", flat=True)), reason=Session.EndReason.REVOKED, now=clock.now()
        )
        self.message_user(request, f"Sessions ended: {len(ended)}.", messages.SUCCESS)
