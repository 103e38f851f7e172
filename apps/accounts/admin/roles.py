"""Roles and what they grant."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from apps.accounts import services
from apps.accounts.models import Role
from apps.core.admin import OfficeAdmin

from .forms import RoleForm


@admin.register(Role)
class RoleAdmin(OfficeAdmin):
    form = RoleForm
    list_display = ["name", "description", "is_active", "members"]
    list_filter = ["is_active"]
    search_fields = ["name", "description"]
    search_help_text = "a role, or what it is for"
    ordering = ["name"]
    fieldsets = [(None, {"fields": ["name", "description", "is_active", "granted"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Role]:
        return super().get_queryset(request).annotate(members=Count("users"))

    @admin.display(ordering="members")
    def members(self, role: Any) -> int:
        return role.members

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        permissions = form.cleaned_data["granted"]
        services.set_permissions(role_id=form.instance.pk, permission_ids=[permission.pk for permission in permissions])
