"""Who bought is verified, whether they bought before they wrote or after."""

import pytest

from apps.catalog import services
from apps.catalog.models import ProductPurchase, ProductReview
from apps.core.ids import new_id

from .people import purchase, write

pytestmark = pytest.mark.django_db(databases=["catalog"])


def is_verified(review):
    return ProductReview.objects.using("catalog").get(id=review.id).is_verified_purchase


class TestNotePurchases:
    def test_verifies_what_was_written_before(self, shirt):
        ada = new_id()
        review, other = write(shirt, user_id=ada), write(shirt)

        assert services.note_purchases(purchases=[purchase(shirt, ada)]) == 1

        assert (is_verified(review), is_verified(other)) == (True, False)

    def test_twice_notes_once(self, shirt):
        bought = purchase(shirt, new_id())

        services.note_purchases(purchases=[bought])
        services.note_purchases(purchases=[bought])

        assert ProductPurchase.objects.using("catalog").count() == 1

    def test_takes_it_away_when_all_of_it_came_back_for_good(self, shirt):
        ada, order = new_id(), new_id()
        review = write(shirt, user_id=ada)
        services.note_purchases(purchases=[purchase(shirt, ada, order_id=order)])

        services.note_purchases(purchases=[purchase(shirt, ada, order_id=order, is_returned=True)])
        assert not is_verified(review)
        services.note_purchases(purchases=[purchase(shirt, ada, order_id=order)])
        assert not is_verified(review)

    def test_keeps_it_while_another_order_is_kept(self, shirt):
        ada, order = new_id(), new_id()
        review = write(shirt, user_id=ada)
        services.note_purchases(purchases=[purchase(shirt, ada, order_id=order), purchase(shirt, ada)])

        services.note_purchases(purchases=[purchase(shirt, ada, order_id=order, is_returned=True)])

        assert is_verified(review)

    def test_passes_over_a_product_that_is_gone(self, shirt):
        gone = services.Purchase(
            user_id=new_id(), product_id=new_id(), order_id=new_id(), at=purchase(shirt, new_id()).at
        )

        assert services.note_purchases(purchases=[gone]) == 0

        assert not ProductPurchase.objects.using("catalog").exists()

    def test_approves_what_waits_where_the_shop_wants_it(self, shirt, settings):
        settings.REVIEWS_APPROVE_VERIFIED = True
        ada, bob = new_id(), new_id()
        waiting, rejected = write(shirt, user_id=ada), write(shirt, user_id=bob)
        services.reject_reviews(review_ids=[rejected.id], reason="Rude.")

        services.note_purchases(purchases=[purchase(shirt, ada), purchase(shirt, bob)])

        reviews = ProductReview.objects.using("catalog")
        assert (reviews.get(id=waiting.id).state, reviews.get(id=rejected.id).state) == ("approved", "rejected")
