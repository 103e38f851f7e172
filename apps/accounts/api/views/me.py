"""One's own account."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import selectors, services
from apps.accounts.api.authentication import user_of
from apps.accounts.api.serializers import ChangePasswordSerializer, MeSerializer, ProfileSerializer
from apps.core import clock


class MeView(APIView):
    @extend_schema(tags=["me"], responses={200: MeSerializer})
    def get(self, request: Request) -> Response:
        """Show your account."""
        return Response(MeSerializer(selectors.get_user(user_id=user_of(request).id)).data)

    @extend_schema(tags=["me"], request=ProfileSerializer, responses={200: MeSerializer})
    def patch(self, request: Request) -> Response:
        """Change your name or phone number."""
        body = ProfileSerializer(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        return Response(
            MeSerializer(services.change_profile(user_id=user_of(request).id, changes=body.validated_data)).data
        )


class PasswordView(APIView):
    throttle_scope = "password"

    @extend_schema(tags=["me"], request=ChangePasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Set a new password; your other sessions end."""
        body = ChangePasswordSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        services.change_password(
            user_id=user_of(request).id, session_id=user_of(request).session_id, **body.validated_data, now=clock.now()
        )
        return Response(status=204)
