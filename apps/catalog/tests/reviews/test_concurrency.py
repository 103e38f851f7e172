"""Many at once, in real threads with real commits."""

import pytest
from django.db import connections

from apps.catalog import services
from apps.catalog.models import ProductReview, ReviewVote
from apps.catalog.tests.factories import ProductFactory, ReviewFactory
from apps.core.ids import new_id
from apps.core.testing.threads import at_once

from .people import purchase, write

pytestmark = pytest.mark.django_db(databases=["catalog"], transaction=True)


def helpful_count(review):
    return ProductReview.objects.using("catalog").get(id=review.id).helpful_count


class TestWriteReview:
    def test_of_one_customer_sixteen_times_at_once_writes_one(self):
        shirt, ada = ProductFactory(), new_id()

        outcomes = at_once(*[lambda: write(shirt, user_id=ada)] * 16)

        refused = [one for one in outcomes if isinstance(one, services.AlreadyReviewed)]
        assert (len(refused), ProductReview.objects.using("catalog").count()) == (15, 1)

    def test_beside_the_news_of_the_purchase_is_always_verified(self):
        shirt = ProductFactory()
        for _ in range(10):
            ada = new_id()

            at_once(
                lambda ada=ada: write(shirt, user_id=ada),
                lambda ada=ada: services.note_purchases(purchases=[purchase(shirt, ada)]),
            )

        assert ProductReview.objects.using("catalog").filter(is_verified_purchase=True).count() == 10


class TestVoteHelpful:
    def test_by_32_customers_at_once_counts_32(self):
        review = ReviewFactory(is_approved=True)

        at_once(*[lambda: services.vote_helpful(review_id=review.id, user_id=new_id())] * 32)

        assert helpful_count(review) == 32

    def test_by_one_customer_32_times_counts_once(self):
        review, ada = ReviewFactory(is_approved=True), new_id()

        at_once(*[lambda: services.vote_helpful(review_id=review.id, user_id=ada)] * 32)

        assert helpful_count(review) == 1

    def test_beside_taking_back_counts_the_votes_that_are_there(self):
        review = ReviewFactory(is_approved=True)
        voters = [new_id() for _ in range(16)]
        for voter in voters:
            services.vote_helpful(review_id=review.id, user_id=voter)

        at_once(
            *[lambda voter=voter: services.take_back_vote(review_id=review.id, user_id=voter) for voter in voters],
            *[lambda: services.vote_helpful(review_id=review.id, user_id=new_id())] * 16,
        )

        assert helpful_count(review) == ReviewVote.objects.using("catalog").count() == 16

    def test_waits_for_nobody_who_holds_the_product(self):
        review = ReviewFactory(is_approved=True)
        other = connections["catalog"].copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SELECT FROM products WHERE id = %s FOR UPDATE", [review.product_id])

                with connections["catalog"].cursor() as mine:
                    mine.execute("SET lock_timeout = '500ms'")
                assert services.vote_helpful(review_id=review.id, user_id=new_id()) == 1
        finally:
            other.close()
            connections["catalog"].close()
