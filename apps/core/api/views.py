"""What views of several apps are made from."""

from rest_framework.permissions import AllowAny
from rest_framework.views import APIView


class PublicView(APIView):
    """Open to everybody: a token sent along is not even read."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
