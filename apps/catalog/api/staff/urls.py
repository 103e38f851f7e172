"""What the catalogue answers under /api/v1/staff/."""

from django.urls import URLPattern, URLResolver, path

from . import stock

urlpatterns: list[URLPattern | URLResolver] = [
    path("stock/restocks/", stock.Restocks.as_view(), name="staff_restocks"),
    path("stock/adjustments/", stock.Adjustments.as_view(), name="staff_adjustments"),
    path("stock/levels/", stock.Levels.as_view(), name="staff_stock_levels"),
    path("stock/movements/", stock.Movements.as_view(), name="staff_stock_movements"),
]
