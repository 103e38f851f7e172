"""The sessions one is signed in with."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import selectors, services
from apps.accounts.api.authentication import user_of
from apps.accounts.api.serializers import SessionSerializer
from apps.accounts.models import Session
from apps.core import clock


@extend_schema(tags=["auth"])
class SessionsView(ListAPIView[Session]):
    """List the sessions you are signed in with, the latest used first."""

    serializer_class = SessionSerializer
    cursor_ordering = ("-last_activity_at", "-id")
    queryset = Session.objects.none()

    def get_queryset(self) -> QuerySet[Session]:
        return selectors.list_sessions(user_id=user_of(self.request).id, now=clock.now())


class SessionView(APIView):
    @extend_schema(tags=["auth"], responses={204: None})
    def delete(self, request: Request, session_id: UUID) -> Response:
        """End one of your sessions; within a second its tokens stop working."""
        services.revoke_session(user_id=user_of(request).id, session_id=session_id, now=clock.now())
        return Response(status=204)
