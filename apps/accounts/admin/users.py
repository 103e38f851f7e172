"""Users. Whoever edits one must hold every permission that one holds, or could make themselves stronger by it."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from apps.accounts import selectors, services
from apps.accounts.backends import grants_of
from apps.accounts.models import User
from apps.core import clock
from apps.core.admin import OfficeAdmin, calls

from .forms import AddUserForm, ChangeUserForm, SetPasswordForm

calls("user", User, lambda ids: selectors.list_emails(user_ids=ids))


@admin.register(User)
class UserAdmin(DjangoUserAdmin, OfficeAdmin):
    form = ChangeUserForm
    add_form = AddUserForm
    change_password_form = SetPasswordForm
    list_display = ["email", "full_name", "role_names", "is_active", "is_email_verified", "last_login", "created_at"]
    list_filter = ["is_active", "is_superuser", "is_email_verified", "roles"]
    search_fields = ["email", "first_name", "last_name"]
    search_help_text = "an e-mail address or a name"
    ordering = ["-created_at"]
    filter_horizontal = []
    readonly_fields = ["role_names", "last_login", "last_login_ip", "created_at", "updated_at"]
    add_fieldsets = [
        (None, {"fields": ["email", "first_name", "last_name", "phone", "usable_password", "password1", "password2"]})
    ]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        roles = "held_roles" if self.has_roles_permission(request) else "role_names"
        return [
            (None, {"fields": ["email", "password", "first_name", "last_name", "phone", "is_email_verified"]}),
            ("Access", {"fields": ["is_active", "is_superuser", roles]}),
            ("History", {"fields": ["last_login", "last_login_ip", "created_at", "updated_at"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        more = [] if request.user.is_superuser else ["is_superuser"]
        return [*self.readonly_fields, *more]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("roles")

    @admin.display(description="roles")
    def role_names(self, user: User) -> str:
        return ", ".join(role.name for role in user.roles.all())

    def has_roles_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("roles.change"))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or grants_of(request.user).cover(grants_of(obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Accounts are closed, not deleted: orders, payments and mails name their user."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            services.close_account(user_id=obj.pk, now=clock.now())

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "held_roles" in form.cleaned_data and self.has_roles_permission(request):
            roles = form.cleaned_data["held_roles"]
            services.set_roles(user_id=form.instance.pk, role_ids=[role.pk for role in roles])
