import pytest
from django.test import RequestFactory

from apps.core.api.etag import answer
from apps.core.etag import etag_of

BODY = b'{"name":"Tea"}'


class TestAnswer:
    def test_carries_the_tag_of_its_bytes(self):
        response = answer(RequestFactory().get("/"), BODY)

        assert (response.status_code, response.content, response["ETag"]) == (200, BODY, etag_of(BODY))
        assert response["Content-Type"] == "application/json"
        assert response["Cache-Control"] == "private, no-cache"

    @pytest.mark.parametrize("held", [etag_of(BODY), f"W/{etag_of(BODY)}", f'"other", {etag_of(BODY)}', "*"])
    def test_is_304_without_a_body_when_the_client_holds_it(self, held):
        response = answer(RequestFactory().get("/", headers={"If-None-Match": held}), BODY)

        assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag_of(BODY))

    def test_is_whole_when_the_client_holds_another(self):
        response = answer(RequestFactory().get("/", headers={"If-None-Match": '"other"'}), {"name": "Tea"})

        assert (response.status_code, response.content) == (200, BODY)

    def test_takes_a_tag_that_is_stored_beside_the_bytes(self):
        assert answer(RequestFactory().get("/"), BODY, etag='"v7"')["ETag"] == '"v7"'
