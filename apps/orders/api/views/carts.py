"""Carts."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from apps.orders import selectors, services
from apps.orders.api.requests import CART_TOKEN_HEADER, cart_buyer, customer_id_of, user_id_of
from apps.orders.api.serializers import (
    AddLineSerializer,
    CartSerializer,
    CartSummarySerializer,
    ContactSerializer,
    CreateCartSerializer,
    NewCartSerializer,
    SetQuantitySerializer,
)
from apps.orders.models import ShoppingCart
from apps.orders.selectors import FilledCart


def checked(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return the body of a request, or raise with every wrong field named."""
    body = serializer(data=request.data, context={"buyer": cart_buyer(request)})
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


class CartsView(ListAPIView[ShoppingCart]):
    serializer_class = CartSummarySerializer
    queryset = ShoppingCart.objects.none()

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny() if self.request.method == "POST" else IsAuthenticated()]

    def get_queryset(self) -> QuerySet[ShoppingCart]:
        return selectors.list_carts(user_id=customer_id_of(self.request))

    @extend_schema(tags=["carts"])
    def get(self, request: Request) -> Response:
        """List your open carts, the newest first."""
        return self.list(request)

    @extend_schema(tags=["carts"], request=CreateCartSerializer, responses={201: NewCartSerializer})
    def post(self, request: Request) -> Response:
        """Start a cart. A guest gets a secret `token` once, and shows it as `X-Cart-Token` from then on."""
        new = services.create_cart(user_id=user_id_of(request), **checked(CreateCartSerializer, request))
        body = CartSerializer.render(FilledCart(new.cart, [])) | {"token": new.token}
        return Response(body, status=201, headers={"Location": f"/api/v1/carts/{new.cart.id}/"})


class GuestView(APIView):
    """What guests may do too, with the token of their cart."""

    permission_classes = [AllowAny]


class CartView(GuestView):
    @extend_schema(tags=["carts"], parameters=[CART_TOKEN_HEADER], responses={200: CartSerializer})
    def get(self, request: Request, cart_id: UUID) -> Response:
        """Show a cart with its lines."""
        return Response(CartSerializer.render(selectors.get_cart(cart_id=cart_id, buyer=cart_buyer(request))))

    @extend_schema(
        tags=["carts"],
        parameters=[CART_TOKEN_HEADER],
        request=ContactSerializer,
        responses={200: CartSerializer},
    )
    def patch(self, request: Request, cart_id: UUID) -> Response:
        """Keep e-mail address and postal addresses in the cart, for its checkout."""
        contact = checked(ContactSerializer, request)
        return Response(
            CartSerializer.render(services.set_contact(buyer=cart_buyer(request), cart_id=cart_id, **contact))
        )

    @extend_schema(tags=["carts"], parameters=[CART_TOKEN_HEADER], responses={204: None})
    def delete(self, request: Request, cart_id: UUID) -> Response:
        """Delete an open cart."""
        services.delete_cart(buyer=cart_buyer(request), cart_id=cart_id)
        return Response(status=204)


class LinesView(GuestView):
    @extend_schema(
        tags=["carts"], parameters=[CART_TOKEN_HEADER], request=AddLineSerializer, responses={201: CartSerializer}
    )
    def post(self, request: Request, cart_id: UUID) -> Response:
        """Put pieces of a variant into the cart; a variant that is in it already gets more of them."""
        line = checked(AddLineSerializer, request)
        found = services.add_line(buyer=cart_buyer(request), cart_id=cart_id, **line)
        return Response(CartSerializer.render(found), status=201)


class LineView(GuestView):
    @extend_schema(
        tags=["carts"], parameters=[CART_TOKEN_HEADER], request=SetQuantitySerializer, responses={200: CartSerializer}
    )
    def patch(self, request: Request, cart_id: UUID, line_id: UUID) -> Response:
        """Set how many pieces of a line are wanted; the line takes today's price."""
        quantity = checked(SetQuantitySerializer, request)["quantity"]
        found = services.set_quantity(buyer=cart_buyer(request), cart_id=cart_id, line_id=line_id, quantity=quantity)
        return Response(CartSerializer.render(found))

    @extend_schema(tags=["carts"], parameters=[CART_TOKEN_HEADER], responses={200: CartSerializer})
    def delete(self, request: Request, cart_id: UUID, line_id: UUID) -> Response:
        """Take a line out of the cart, and show what is left."""
        found = services.remove_line(buyer=cart_buyer(request), cart_id=cart_id, line_id=line_id)
        return Response(CartSerializer.render(found))


class MergeView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(tags=["carts"], parameters=[CART_TOKEN_HEADER], request=None, responses={200: CartSerializer})
    def post(self, request: Request, cart_id: UUID) -> Response:
        """Make a guest's cart yours after logging in: its lines go into your newest open cart, or it becomes that."""
        found = services.merge_cart(user_id=customer_id_of(request), buyer=cart_buyer(request), cart_id=cart_id)
        return Response(CartSerializer.render(found))
