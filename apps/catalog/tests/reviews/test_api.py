"""Reviews over the API, as their authors and as everybody else."""

import pytest
from rest_framework.settings import api_settings

from apps.catalog import services
from apps.catalog.models import Product, ProductReview
from apps.catalog.tests.factories import ReviewFactory
from apps.catalog.tests.reading import PRODUCTS
from apps.core.ids import new_id

from .people import MINE, REVIEWS, Person, customer, write

pytestmark = [pytest.mark.django_db(databases=["catalog"]), pytest.mark.usefixtures("shirt", "client")]


@pytest.fixture
def ada():
    return customer()


class TestProductReviews:
    def test_are_written_and_seen_by_others_when_they_are_approved(
        self, ada, client, django_capture_on_commit_callbacks
    ):
        body = {"rating": 5, "title": "Good", "content": "<b>Very</b> good", "display_name": "Ada L."}
        assert client.get(REVIEWS).json()["results"] == []

        written = ada.post(REVIEWS, body)
        assert (written.status_code, written.json()["state"]) == (201, "pending")
        assert client.get(REVIEWS).json()["results"] == []
        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            services.approve_reviews(review_ids=[written.json()["id"]])

        (seen,) = client.get(REVIEWS).json()["results"]
        assert seen == {
            "id": written.json()["id"],
            "rating": 5,
            "title": "Good",
            "content": "Very good",
            "reviewer": "Ada L.",
            "is_verified_purchase": False,
            "helpful_count": 0,
            "shop_reply": None,
            "replied_at": None,
            "created_at": seen["created_at"],
        }
        assert client.get(f"{PRODUCTS}linen-shirt/").json()["rating_count"] == 1

    def test_call_who_gave_no_name_a_customer(self, shirt, client):
        ReviewFactory(product=shirt, is_approved=True)

        assert client.get(REVIEWS).json()["results"][0]["reviewer"] == "Customer"

    def test_are_written_once(self, ada):
        ada.post(REVIEWS, {"rating": 5})

        answer = ada.post(REVIEWS, {"rating": 1})

        assert (answer.status_code, answer.json()["code"]) == (409, "already_reviewed")

    def test_are_changed_and_taken_away(self, ada):
        ada.post(REVIEWS, {"rating": 5})

        assert ada.put(REVIEWS, {"rating": 2}).json()["rating"] == 2
        assert ada.delete(REVIEWS).status_code == 204
        assert [ada.get(MINE).status_code, ada.put(REVIEWS, {"rating": 2}).status_code] == [404, 404]
        assert ada.delete(REVIEWS).json()["code"] == "review_not_found"

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "rating"),
            ({"rating": 0}, "rating"),
            ({"rating": 6}, "rating"),
            ({"rating": 5, "title": "a" * 121}, "title"),
            ({"rating": 5, "content": "a" * 5001}, "content"),
            ({"rating": 5, "display_name": "a" * 51}, "display_name"),
            ({"rating": 5, "display_name": "ada@example.org"}, "display_name"),
        ],
    )
    def test_refuse_with_the_field_that_is_wrong(self, ada, body, field):
        answer = ada.post(REVIEWS, body)

        assert answer.status_code == 422
        assert field in str(answer.json()["errors"])
        assert not ProductReview.objects.using("catalog").exists()

    @pytest.mark.parametrize("text", [rb"a\u0000b", rb"half \ud83d of it"])
    def test_refuse_text_that_cannot_be_stored(self, ada, text):
        body = b'{"rating": 5, "title": "%s"}' % text

        assert ada.post(REVIEWS, body, content_type="application/json").status_code == 400
        assert not ProductReview.objects.using("catalog").exists()

    @pytest.mark.parametrize("method", ["post", "put", "delete"])
    def test_are_written_by_who_is_signed_in(self, client, method):
        assert getattr(client, method)(REVIEWS, {"rating": 5}).status_code == 401

    def test_of_no_product_are_not_there(self, ada, client):
        elsewhere = REVIEWS.replace("linen", "silk")

        assert [client.get(elsewhere).status_code, ada.post(elsewhere, {"rating": 5}).status_code] == [404, 404]

    def test_lead_from_a_former_slug_to_that_of_today(self, shirt, client):
        Product.objects.using("catalog").filter(id=shirt.id).update(slug="ramie-shirt")

        answer = client.get(f"{REVIEWS}?sort=rating")

        assert (answer.status_code, answer["Location"]) == (301, "/api/v1/products/ramie-shirt/reviews/?sort=rating")

    def test_are_as_many_as_a_caller_may_write(self, ada, monkeypatch):
        monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "reviews", "2/day")

        statuses = [ada.put(REVIEWS, {"rating": 5}).status_code for _ in range(3)]

        assert statuses == [404, 404, 429]
        assert ada.get(REVIEWS).status_code == 200


class TestLists:
    @pytest.fixture(autouse=True)
    def reviews(self, shirt, client):
        rows = [(5, 1, True), (3, 7, False), (4, 4, True), (5, 0, False)]
        for number, (rating, helpful, verified) in enumerate(rows):
            columns = {"rating": rating, "helpful_count": helpful, "is_verified_purchase": verified}
            ReviewFactory(product=shirt, title=str(number), is_approved=True, **columns)
        ReviewFactory(product=shirt, title="waiting")
        self.client = client

    def titles(self, query):
        return "".join(review["title"] for review in self.client.get(f"{REVIEWS}?{query}").json()["results"])

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ("", "3210"),
            ("sort=newest", "3210"),
            ("sort=helpful", "1203"),
            ("sort=rating", "3021"),
            ("rating=5", "30"),
            ("verified=true&sort=helpful", "20"),
            ("verified=false", "31"),
        ],
    )
    def test_are_sorted_and_filtered(self, query, titles):
        assert self.titles(query) == titles

    def test_come_in_pages(self):
        page = self.client.get(f"{REVIEWS}?limit=3&sort=rating&utm=x").json()

        assert "utm" not in page["next"]
        assert [review["title"] for review in self.client.get(page["next"]).json()["results"]] == ["1"]

    @pytest.mark.parametrize("query", ["rating=6", "verified=maybe", "sort=age"])
    def test_refuse_what_they_do_not_know(self, query):
        assert self.client.get(f"{REVIEWS}?{query}").status_code == 422

    def test_are_kept(self, django_assert_num_queries):
        self.client.get(REVIEWS)

        with django_assert_num_queries(0, using="catalog"):
            self.client.get(REVIEWS)


class TestOwnReview:
    def test_is_read_by_its_author_in_any_state(self, shirt):
        ada = Person()
        review = write(shirt, user_id=ada.pk)
        assert customer(ada).get(MINE).json()["state"] == "pending"

        services.reject_reviews(review_ids=[review.id], reason="Not about the shirt.")

        mine = customer(ada).get(MINE).json()
        assert (mine["state"], mine["rejection_reason"]) == ("rejected", "Not about the shirt.")
        assert customer().get(MINE).status_code == 404


class TestHelpfulVote:
    def vote(self, review, who, method="put"):
        return getattr(customer(who), method)(f"/api/v1/reviews/{review.id}/vote/")

    def test_counts_once_and_can_be_taken_back(self, shirt):
        review, ada = ReviewFactory(product=shirt, is_approved=True), Person()

        counts = [self.vote(review, who).json()["helpful_count"] for who in (ada, ada, Person())]

        assert counts == [1, 1, 2]
        assert self.vote(review, ada, "delete").json() == {"helpful_count": 1}

    def test_is_not_for_a_review_of_ones_own(self, shirt):
        ada = Person()
        review = ReviewFactory(product=shirt, user_id=ada.pk, is_approved=True)

        answer = self.vote(review, ada)

        assert (answer.status_code, answer.json()["code"]) == (409, "own_review")

    @pytest.mark.parametrize("method", ["put", "delete"])
    def test_is_for_what_others_see(self, shirt, method):
        assert self.vote(ReviewFactory(product=shirt), Person(), method).status_code == 404

    def test_is_for_reviews_that_exist(self):
        assert customer().put(f"/api/v1/reviews/{new_id()}/vote/").status_code == 404
