"""What the catalogue answers under /api/v1/staff/."""

from django.urls import URLPattern, URLResolver, path

from . import counts, history, locations, markets, prices, products, reviews, stock

urlpatterns: list[URLPattern | URLResolver] = [
    path("markets/<str:code>/prices/", markets.MarketPrices.as_view(), name="staff_market_prices"),
    path("prices/bulk/", prices.BulkPrices.as_view(), name="staff_bulk_prices"),
    path("prices/changes/", prices.PriceChanges.as_view(), name="staff_price_changes"),
    path("prices/changes/<uuid:change_id>/", prices.PriceChangeDetail.as_view(), name="staff_price_change"),
    path("prices/changes/<uuid:change_id>/items/", prices.PriceChangeItems.as_view(), name="staff_price_change_items"),
    path("prices/changes/<uuid:change_id>/undo/", prices.UndoPriceChange.as_view(), name="staff_undo_price_change"),
    path("products/bulk-activation/", prices.BulkActivation.as_view(), name="staff_bulk_activation"),
    path("products/", products.StaffProducts.as_view(), name="staff_products"),
    path("products/<uuid:product_id>/", products.StaffProduct.as_view(), name="staff_product"),
    path("products/<uuid:product_id>/variants/", products.StaffVariants.as_view(), name="staff_variants"),
    path(
        "products/<uuid:product_id>/variants/<uuid:variant_id>/",
        products.StaffVariant.as_view(),
        name="staff_variant",
    ),
    path("products/<uuid:product_id>/history/", history.ProductHistory.as_view(), name="staff_product_history"),
    path("reviews/", reviews.Reviews.as_view(), name="staff_reviews"),
    path("reviews/approve/", reviews.Approvals.as_view(), name="staff_approve_reviews"),
    path("reviews/reject/", reviews.Rejections.as_view(), name="staff_reject_reviews"),
    path("reviews/<uuid:review_id>/reply/", reviews.Reply.as_view(), name="staff_review_reply"),
    path("stock/restocks/", stock.Restocks.as_view(), name="staff_restocks"),
    path("stock/adjustments/", stock.Adjustments.as_view(), name="staff_adjustments"),
    path("stock/counts/", counts.Counts.as_view(), name="staff_stock_counts"),
    path("stock/levels/", stock.Levels.as_view(), name="staff_stock_levels"),
    path("stock/locations/", locations.Locations.as_view(), name="staff_stock_locations"),
    path("stock/locations/<str:code>/", locations.Location.as_view(), name="staff_stock_location"),
    path("stock/locations/<str:code>/levels/", locations.LevelsAt.as_view(), name="staff_stock_levels_at"),
    path("stock/locations/<str:code>/movements/", locations.MovementsAt.as_view(), name="staff_stock_movements_at"),
    path("stock/transfers/", locations.Transfers.as_view(), name="staff_stock_transfers"),
    path("stock/movements/", stock.Movements.as_view(), name="staff_stock_movements"),
]
