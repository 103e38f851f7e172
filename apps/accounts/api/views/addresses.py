"""One's own address book."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import selectors, services
from apps.accounts.api.authentication import user_of
from apps.accounts.api.serializers import AddressSerializer, WriteAddressSerializer
from apps.accounts.models import Address


class AddressesView(ListAPIView[Address]):
    serializer_class = AddressSerializer
    cursor_ordering = ("created_at", "id")
    queryset = Address.objects.none()

    def get_queryset(self) -> QuerySet[Address]:
        return selectors.list_addresses(user_id=user_of(self.request).id)

    @extend_schema(tags=["me"])
    def get(self, request: Request) -> Response:
        """List your addresses, oldest first."""
        return self.list(request)

    @extend_schema(tags=["me"], request=WriteAddressSerializer, responses={201: AddressSerializer})
    def post(self, request: Request) -> Response:
        """Add an address. `invalid_address` (422) names each part that its country's rules do not allow."""
        body = WriteAddressSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        parts = dict(body.validated_data)
        entry = services.add_address(
            user_id=user_of(request).id,
            label=parts.pop("label", ""),
            **{flag: parts.pop(flag) for flag in services.DEFAULTS if flag in parts},
            parts=parts,
        )
        return Response(AddressSerializer(entry).data, status=201)


class AddressView(APIView):
    @extend_schema(tags=["me"], responses={200: AddressSerializer})
    def get(self, request: Request, address_id: UUID) -> Response:
        """Show one of your addresses."""
        entry = selectors.get_address_entry(user_id=user_of(request).id, address_id=address_id)
        return Response(AddressSerializer(entry).data)

    @extend_schema(tags=["me"], request=WriteAddressSerializer, responses={200: AddressSerializer})
    def patch(self, request: Request, address_id: UUID) -> Response:
        """Change parts of an address; orders made with it keep what it was."""
        body = WriteAddressSerializer(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        entry = services.change_address(user_id=user_of(request).id, address_id=address_id, changes=body.validated_data)
        return Response(AddressSerializer(entry).data)

    @extend_schema(tags=["me"], responses={204: None})
    def delete(self, request: Request, address_id: UUID) -> Response:
        """Delete an address."""
        services.remove_address(user_id=user_of(request).id, address_id=address_id)
        return Response(status=204)
