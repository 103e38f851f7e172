"""The history of products names the clerk."""

from typing import Any

from django.http import HttpRequest

from apps.catalog import services


class Acting:
    """Pages on which what a clerk writes is recorded as theirs: forms, deletions, and the actions of lists."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with services.acting(actor_id=clerk(request), source="admin"):
            return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with services.acting(actor_id=clerk(request), source="admin"):
            return super().delete_view(request, *args, **kwargs)  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return super().changelist_view(request, *args, **kwargs)  # type: ignore[misc]
        with services.acting(actor_id=clerk(request), source="admin"):
            return super().changelist_view(request, *args, **kwargs)  # type: ignore[misc]


def clerk(request: HttpRequest) -> Any:
    user: Any = request.user
    return user.pk
