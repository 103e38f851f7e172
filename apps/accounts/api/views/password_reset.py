"""A new password for whoever forgot theirs."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts import services
from apps.accounts.api.serializers import RequestResetSerializer, ResetPasswordSerializer
from apps.core import clock
from apps.core.api.views import PublicView


class RequestResetView(PublicView):
    throttle_scope = "password"

    @extend_schema(tags=["auth"], request=RequestResetSerializer, responses={202: None})
    def post(self, request: Request) -> Response:
        """Ask for a mail with a token. The answer is the same whether or not the address has an account."""
        body = RequestResetSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        services.request_password_reset(**body.validated_data, now=clock.now())
        return Response(status=202)


class ResetPasswordView(PublicView):
    throttle_scope = "password"

    @extend_schema(tags=["auth"], request=ResetPasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Set a new password with the mail's token; every session of the account ends."""
        body = ResetPasswordSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        services.reset_password(
            secret=body.validated_data["token"], new_password=body.validated_data["new_password"], now=clock.now()
        )
        return Response(status=204)
