"""What orders answers under /api/v1/."""

from django.urls import path

from .views.carts import CartsView, CartView, LinesView, LineView, MergeView
from .views.checkout import CheckoutView
from .views.orders import OrderEventsView, OrderStatusView, OrdersView, OrderView
from .views.returns import CancelReturnView, ReturnsView, ReturnView

urlpatterns = [
    path("carts/", CartsView.as_view(), name="carts"),
    path("carts/<uuid:cart_id>/", CartView.as_view(), name="cart"),
    path("carts/<uuid:cart_id>/lines/", LinesView.as_view(), name="cart-lines"),
    path("carts/<uuid:cart_id>/lines/<uuid:line_id>/", LineView.as_view(), name="cart-line"),
    path("carts/<uuid:cart_id>/merge/", MergeView.as_view(), name="cart-merge"),
    path("carts/<uuid:cart_id>/checkout/", CheckoutView.as_view(), name="cart-checkout"),
    path("orders/", OrdersView.as_view(), name="orders"),
    path("orders/<uuid:order_id>/", OrderView.as_view(), name="order"),
    path("orders/<uuid:order_id>/status/", OrderStatusView.as_view(), name="order-status"),
    path("orders/<uuid:order_id>/events/", OrderEventsView.as_view(), name="order-events"),
    path("orders/<uuid:order_id>/returns/", ReturnsView.as_view(), name="order-returns"),
    path("orders/<uuid:order_id>/returns/<uuid:return_id>/", ReturnView.as_view(), name="order-return"),
    path(
        "orders/<uuid:order_id>/returns/<uuid:return_id>/cancel/",
        CancelReturnView.as_view(),
        name="order-return-cancel",
    ),
]
