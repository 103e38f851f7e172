"""Joining, signing in, and the tokens of a session."""

from ipaddress import ip_address

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from apps.accounts import services
from apps.accounts.api.authentication import user_of
from apps.accounts.api.serializers import LoginSerializer, RefreshSerializer, RegisterSerializer, SignedInSerializer
from apps.core import clock
from apps.core.api.views import PublicView

LONGEST_USER_AGENT = 512


def device_of(request: Request) -> services.Device:
    """Return where a request came from: its address (see NUM_PROXIES) and what its client calls itself."""
    try:
        address = str(ip_address(BaseThrottle().get_ident(request) or ""))
    except ValueError:
        address = None  # a Unix socket has none
    agent = request.headers.get("User-Agent", "")[:LONGEST_USER_AGENT]
    return services.Device(user_agent=agent or None, ip_address=address)


def answer(signed_in: services.SignedIn, status: int = 200) -> Response:
    return Response(SignedInSerializer(signed_in).data, status=status, headers={"Cache-Control": "no-store"})


class RegisterView(PublicView):
    throttle_scope = "register"

    @extend_schema(tags=["auth"], request=RegisterSerializer, responses={201: SignedInSerializer})
    def post(self, request: Request) -> Response:
        """Open an account and sign in. `email_taken` (409) if the address has one."""
        body = RegisterSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return answer(services.sign_up(**body.validated_data, device=device_of(request), now=clock.now()), 201)


class LoginView(PublicView):
    throttle_scope = "login"

    @extend_schema(tags=["auth"], request=LoginSerializer, responses={200: SignedInSerializer})
    def post(self, request: Request) -> Response:
        """Sign in. `invalid_credentials` (401) whichever of the two is wrong."""
        body = LoginSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return answer(services.log_in(**body.validated_data, device=device_of(request), now=clock.now()))


class RefreshView(PublicView):
    @extend_schema(tags=["auth"], request=RefreshSerializer, responses={200: SignedInSerializer})
    def post(self, request: Request) -> Response:
        """Trade a refresh token for a new pair. One shown twice ends the session: `refresh_token_reused` (401)."""
        body = RefreshSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return answer(services.refresh_session(**body.validated_data, now=clock.now()))


class LogoutView(APIView):
    @extend_schema(tags=["auth"], request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """End this session: its tokens stop working."""
        services.log_out(session_id=user_of(request).session_id, now=clock.now())
        return Response(status=204)
