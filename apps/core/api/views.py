"""What views of several apps are made from."""

from collections.abc import Mapping
from typing import ClassVar

from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class PublicView(APIView):
    """Open to everybody: a token sent along is not even read."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class HasThePermissionOfTheMethod(BasePermission):
    """Lets in who is granted what the view asks for the method; what the view has no method for it answers with 405."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        permissions: Mapping[str, str] = view.permissions  # type: ignore[attr-defined]
        permission = permissions.get("GET" if request.method == "HEAD" else request.method or "")
        if not request.user.is_authenticated:
            return False
        return permission is None or bool(request.user.has_perm(permission))


class StaffView(APIView):
    """For the shop's people: `permissions` says by method which one is needed, as `"<resource>.<action>"`."""

    permissions: ClassVar[Mapping[str, str]]
    permission_classes = (HasThePermissionOfTheMethod,)
