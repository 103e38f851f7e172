"""A customer writes a review, changes it, takes it away."""

import pytest

from apps.catalog import selectors, services
from apps.catalog.models import Product, ProductReview
from apps.catalog.tests.stock import told
from apps.core.exceptions import InvalidInput
from apps.core.ids import new_id

from .people import purchase, write

pytestmark = pytest.mark.django_db(databases=["catalog"])


def text(**changes):
    return services.ReviewText(**({"rating": 4, "title": "Wears well"} | changes))


def rating_of(shirt):
    return Product.objects.using("catalog").get(id=shirt.id).rating_count


class TestWriteReview:
    def test_lets_it_wait_and_tells(self, shirt):
        ada = new_id()

        review = write(shirt, user_id=ada, title=" <b>Good</b> ", content="1\n2", display_name="Ada L.")

        assert (review.title, review.content, review.display_name) == ("Good", "1\n2", "Ada L.")
        assert (review.state, review.is_verified_purchase, rating_of(shirt)) == ("pending", False, 0)
        assert [(kind, payload["rating"], payload["is_verified_purchase"]) for kind, payload in told()] == [
            ("review.submitted", 4, False)
        ]

    def test_takes_one_of_a_customer(self, shirt):
        ada = new_id()
        write(shirt, user_id=ada)

        with pytest.raises(services.AlreadyReviewed):
            write(shirt, user_id=ada, rating=1)

        assert list(ProductReview.objects.using("catalog").values_list("rating", flat=True)) == [4]
        assert len(told()) == 1

    def test_shows_nobody_an_address(self, shirt):
        with pytest.raises(InvalidInput) as refused:
            write(shirt, display_name="ada@example.org")

        assert list(refused.value.errors) == ["display_name"]
        assert not ProductReview.objects.using("catalog").exists()

    def test_of_a_buyer_is_verified_and_waits_all_the_same(self, shirt):
        ada = new_id()
        services.note_purchases(purchases=[purchase(shirt, ada)])

        review = write(shirt, user_id=ada)

        assert (review.is_verified_purchase, review.state) == (True, "pending")

    def test_of_a_buyer_is_approved_at_once_where_the_shop_wants_it(self, shirt, settings):
        settings.REVIEWS_APPROVE_VERIFIED = True
        ada = new_id()
        services.note_purchases(purchases=[purchase(shirt, ada)])

        review, other = write(shirt, user_id=ada), write(shirt)

        assert (review.state, other.state, rating_of(shirt)) == ("approved", "pending", 1)
        assert [kind for kind, payload in told() if payload.get("review_id") == str(review.id)] == [
            "review.submitted",
            "review.approved",
        ]


class TestChangeReview:
    def test_lets_one_that_was_rejected_wait_whoever_wrote_it(self, shirt, settings):
        settings.REVIEWS_APPROVE_VERIFIED = True
        ada = new_id()
        services.note_purchases(purchases=[purchase(shirt, ada)])
        review = write(shirt, user_id=ada)
        services.reject_reviews(review_ids=[review.id], reason="Rude.", by=new_id())

        changed = services.change_review(product_id=shirt.id, user_id=ada, text=text(title="Ruder"))

        assert (changed.state, rating_of(shirt)) == ("pending", 0)

    def test_lets_an_approved_one_wait_again(self, shirt):
        ada = new_id()
        review = write(shirt, user_id=ada)
        services.approve_reviews(review_ids=[review.id])
        assert rating_of(shirt) == 1

        changed = services.change_review(product_id=shirt.id, user_id=ada, text=text(rating=1))

        assert (changed.state, changed.moderated_at, rating_of(shirt)) == ("pending", None, 0)

    def test_lets_a_rejected_one_wait_again(self, shirt):
        ada = new_id()
        services.reject_reviews(review_ids=[write(shirt, user_id=ada).id], reason="Not about the shirt.")

        changed = services.change_review(product_id=shirt.id, user_id=ada, text=text(content="It is."))

        assert (changed.state, changed.rejection_reason) == ("pending", None)

    def test_that_changes_nothing_leaves_it_approved(self, shirt):
        ada = new_id()
        services.approve_reviews(review_ids=[write(shirt, user_id=ada).id])
        before = told()

        same = services.change_review(product_id=shirt.id, user_id=ada, text=text(title="<i>Wears well</i>"))

        assert (same.state, told()) == ("approved", before)

    def test_needs_one(self, shirt):
        write(shirt)

        with pytest.raises(selectors.ReviewNotFound):
            services.change_review(product_id=shirt.id, user_id=new_id(), text=text())


class TestDeleteReview:
    def test_takes_it_away_with_its_rating_and_votes(self, shirt):
        ada = new_id()
        review = write(shirt, user_id=ada)
        services.approve_reviews(review_ids=[review.id])
        services.vote_helpful(review_id=review.id, user_id=new_id())

        services.delete_review(product_id=shirt.id, user_id=ada)

        assert rating_of(shirt) == 0
        assert not ProductReview.objects.using("catalog").exists()
