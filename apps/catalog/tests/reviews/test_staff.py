"""The shop's people decide about reviews and answer them."""

import pytest

from apps.catalog.models import Product, ProductReview
from apps.catalog.tests.factories import ReviewFactory
from apps.core.ids import new_id
from apps.core.testing.statements import statements

from .people import REVIEWS, STAFF, Person, clerk, customer

pytestmark = [pytest.mark.django_db(databases=["catalog"]), pytest.mark.usefixtures("client")]


def listed(query=""):
    return [review["title"] for review in clerk().get(f"{STAFF}{query}").json()["results"]]


class TestReviews:
    def test_are_listed_by_state(self, shirt):
        for title, columns in {
            "first": {},
            "second": {},
            "good": {"is_approved": True},
            "rude": {"rejection_reason": "Rude."},
        }.items():
            ReviewFactory(product=shirt, title=title, **columns)

        assert listed() == ["rude", "good", "second", "first"]
        assert listed("?state=pending") == ["first", "second"]
        assert (listed("?state=approved"), listed("?state=rejected")) == (["good"], ["rude"])
        assert clerk().get(f"{STAFF}?state=lost").status_code == 422

    def test_are_listed_in_one_query(self, shirt):
        ReviewFactory.create_batch(5, product=shirt)

        with statements(catalog=1):
            clerk().get(STAFF)

    def test_are_for_those_who_may(self):
        assert customer().get(STAFF).status_code == 403
        looking = customer(Person(granted=("products.view",)))
        assert looking.get(STAFF).status_code == 200
        assert looking.post(f"{STAFF}approve/", {"reviews": [str(new_id())]}).status_code == 403


class TestApprovals:
    def test_tell_what_became_of_each(self, shirt):
        waiting, seen, unknown = ReviewFactory(product=shirt), ReviewFactory(product=shirt, is_approved=True), new_id()
        ids = [str(waiting.id), str(seen.id), str(unknown)]

        answer = clerk().post(f"{STAFF}approve/", {"reviews": ids}).json()

        statuses = [result["status"] for result in answer["results"]]
        assert (answer["changed"], statuses) == (1, ["changed", "unchanged", "not_found"])
        assert Product.objects.using("catalog").get(id=shirt.id).rating_count == 2

    def test_take_as_many_statements_for_a_hundred_as_for_one(self, shirt):
        ids = [str(review.id) for review in ReviewFactory.create_batch(100, product=shirt)]

        with statements(catalog=7):
            assert clerk().post(f"{STAFF}approve/", {"reviews": ids}).json()["changed"] == 100

    def test_of_more_than_a_thousand_are_refused(self):
        ids = [str(new_id()) for _ in range(1001)]

        assert clerk().post(f"{STAFF}approve/", {"reviews": ids}).status_code == 422


class TestRejections:
    def test_say_why_who_and_when_and_hide_what_was_seen(self, shirt, client, django_capture_on_commit_callbacks):
        review, boss = ReviewFactory(product=shirt, is_approved=True), Person(granted=("products.change",))
        assert len(client.get(REVIEWS).json()["results"]) == 1

        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            customer(boss).post(f"{STAFF}reject/", {"reviews": [str(review.id)], "reason": "Rude."})

        review = ProductReview.objects.using("catalog").get(id=review.id)
        assert (review.state, review.rejection_reason, review.moderated_by) == ("rejected", "Rude.", boss.pk)
        assert review.moderated_at is not None
        assert client.get(REVIEWS).json()["results"] == []
        assert Product.objects.using("catalog").get(id=shirt.id).rating_count == 0

    def test_need_a_reason(self):
        assert clerk().post(f"{STAFF}reject/", {"reviews": [str(new_id())]}).status_code == 422


class TestReply:
    def test_stands_below_the_review_until_it_is_taken_back(self, shirt, client, django_capture_on_commit_callbacks):
        review = ReviewFactory(product=shirt, is_approved=True)
        assert client.get(REVIEWS).json()["results"][0]["shop_reply"] is None

        def reply(method, *body):
            with django_capture_on_commit_callbacks(using="catalog", execute=True):
                getattr(clerk(), method)(f"{STAFF}{review.id}/reply/", *body)
            return client.get(REVIEWS).json()["results"][0]["shop_reply"]

        assert reply("put", {"text": "<b>Thank</b> you."}) == "Thank you."
        assert reply("delete") is None

    def test_needs_a_review(self):
        assert clerk().put(f"{STAFF}{new_id()}/reply/", {"text": "Thanks."}).status_code == 404
