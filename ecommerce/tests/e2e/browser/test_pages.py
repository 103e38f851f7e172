"""The pages that everybody sees: they work, at any width and in the dark, without a request to another host."""

import pytest
from playwright.sync_api import Browser, expect

from ecommerce.testing.browser import Watched
from ecommerce.testing.stack import ALIASES, Stack

pytestmark = [pytest.mark.e2e, pytest.mark.committed(databases=ALIASES)]

PAGES = ["/", "/api/docs/", "/api/problems/", "/api/problems/price_changed/", "/admin/login/"]


class TestFrontDoor:
    def test_says_that_the_shop_is_ready_and_leads_to_the_documentation(self, watched: Watched) -> None:
        assert watched.open("/") == 200

        expect(watched.page.locator("#health")).to_have_text("ready")
        watched.page.get_by_role("link", name="API docs").click()
        expect(watched.page.get_by_text("/api/v1/carts/{cart_id}/checkout/")).to_be_visible()


class TestDocumentation:
    def test_opens_an_operation_with_what_it_answers(self, watched: Watched) -> None:
        watched.open("/api/docs/")

        operation = watched.page.locator(".opblock", has_text="/api/v1/carts/{cart_id}/checkout/")
        operation.locator(".opblock-summary-control").first.click()

        expect(operation.locator("[data-code='202']")).to_be_visible()


class TestPages:
    @pytest.mark.parametrize("look", ["light", "dark"])
    @pytest.mark.parametrize("width", [390, 1366])
    def test_fit_their_window_and_ask_nobody_else(self, browser: Browser, stack: Stack, width: int, look: str) -> None:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=look)
        watched = Watched(context.new_page(), stack.url(""))

        seen = {}
        for path in PAGES:
            status = watched.open(path)
            watched.page.wait_for_load_state("networkidle")
            seen[path] = (status, watched.overflow)
        context.close()

        assert seen == dict.fromkeys(PAGES, (200, 0))
        assert (watched.strangers, watched.errors) == ([], [])

    def test_that_do_not_exist_say_so_and_lead_back(self, watched: Watched) -> None:
        assert watched.open("/nowhere/") == 404

        expect(watched.page.get_by_role("heading", name="Nothing has this address")).to_be_visible()
        watched.page.get_by_role("link", name="Front door").click()
        expect(watched.page.locator("#health")).to_have_text("ready")
        assert [error for error in watched.errors if "404" not in error] == []
        watched.errors.clear()
