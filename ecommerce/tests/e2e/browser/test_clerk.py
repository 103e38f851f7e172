"""A clerk's day in the back office: prices, stock, orders, sagas, mails; and what a role does not see."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.core.testing.waiting import eventually
from ecommerce.testing.books import fetch, saga_status, stock_of
from ecommerce.testing.browser import Watched
from ecommerce.testing.customer import APPROVED, DECLINED, Customer
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES, Stack

from .conftest import SignIn, ask_to_enter

pytestmark = [pytest.mark.e2e, pytest.mark.committed(databases=ALIASES)]


def sidebar(page: Page) -> Locator:
    return page.locator("#nav-sidebar-apps")


def find(page: Page, what: str, text: str) -> None:
    """Open a list from the sidebar, and search it."""
    # A link's name begins with the word that its icon is drawn from.
    sidebar(page).get_by_role("link").filter(has=page.get_by_text(what, exact=True)).click()
    page.locator("#searchbar").fill(text)
    page.locator("#searchbar").press("Enter")


def field(page: Page, label: str) -> Locator:
    """What a page says beside a label."""
    labelled = page.locator("label", has_text=re.compile(f"^{label}$"))
    return page.locator(".field-line", has=labelled).locator(".readonly")


def product_of(variant_id: object) -> tuple[str, str]:
    """The SKU and the slug of a variant's product."""
    ((sku, slug),) = fetch(
        "catalog",
        "SELECT p.sku, p.slug FROM products p JOIN product_variants v ON v.product_id = p.id WHERE v.id = %s",
        variant_id,
    )
    return sku, slug


def ordered(stack: Stack, *, card: str) -> dict[str, str]:
    """An order of one piece, at its end."""
    (variant_id,) = make_variants(stock=5)
    customer = Customer(stack)
    order = customer.check_out(customer.fill_cart(str(variant_id)), card=card, wait_seconds=20).expect(200)
    eventually(lambda: saga_status(order["id"]) in ("completed", "failed"), what="the saga's end")
    return order | {"email": customer.email}


class TestAClerk:
    def test_changes_a_price_and_the_shop_asks_it(self, stack: Stack, sign_in: SignIn) -> None:
        (variant_id,) = make_variants(stock=5)
        sku, slug = product_of(variant_id)
        page = sign_in("admin").page

        find(page, "Products", sku)
        page.get_by_role("link", name="Product 1").click()
        page.get_by_label("Price*", exact=True).fill("31.50")
        page.get_by_role("button", name="Save", exact=True).click()

        expect(page.get_by_text("was changed successfully")).to_be_visible()
        find(page, "Products", sku)
        expect(page.locator("#result_list")).to_contain_text("31.50 USD")
        eventually(
            lambda: Customer(stack).ask("GET", f"/api/v1/products/{slug}/").expect(200)["price"] == "31.50",
            what="the new price in the API",
        )

    def test_restocks_a_variant_and_sees_the_movement(self, sign_in: SignIn) -> None:
        (variant_id,) = make_variants(stock=5)
        watched = sign_in("warehouse")
        page = watched.page

        watched.open(f"/admin/catalog/productvariant/{variant_id}/change/")
        page.get_by_role("link", name="Restock").click()
        page.get_by_label("pieces that arrived").fill("7")
        page.get_by_label("note").fill("second delivery")
        page.get_by_role("button", name="Take in").click()

        expect(page.get_by_text("The stock is moved, and the ledger says so.")).to_be_visible()
        expect(field(page, "Inventory quantity")).to_have_text("12")
        newest = field(page, "Last movements").locator("tbody tr").first
        expect(newest).to_contain_text("restock")
        expect(newest).to_contain_text("second delivery")
        assert stock_of(variant_id) == (12, 0)

    def test_reads_a_confirmed_order_to_its_last_step(self, stack: Stack, sign_in: SignIn) -> None:
        order = ordered(stack, card=APPROVED)
        page = sign_in("support").page

        find(page, "Orders", order["order_number"])
        row = page.locator("#result_list tbody tr", has_text=order["order_number"])
        for text in (order["email"], f"{order['total_price']} USD", "confirmed", "succeeded", "completed"):
            expect(row).to_contain_text(text)
        row.get_by_role("link", name=order["order_number"]).click()

        expect(field(page, "Payment")).to_contain_text(f"{order['total_price']} USD is ours")
        steps = page.locator("table", has=page.get_by_text("Steps", exact=True)).locator("tbody tr")
        expect(steps).to_have_count(7)
        assert steps.locator("[data-label=Status]").all_inner_texts() == ["COMPLETED"] * 7
        history = page.locator("table", has=page.get_by_text("History", exact=True)).locator("tbody tr")
        expect(history.first).to_contain_text("started")
        expect(history.last).to_contain_text("send_confirmation_email")
        page.get_by_role("link", name="Lines").click()
        expect(page.locator("#lines-group")).to_contain_text("29.99 USD")

    def test_reads_why_an_order_failed(self, stack: Stack, sign_in: SignIn) -> None:
        order = ordered(stack, card=DECLINED)
        page = sign_in("support").page

        find(page, "Orders", order["email"])
        page.get_by_role("link", name=order["order_number"]).click()

        expect(field(page, "Failure code")).to_contain_text("payment_declined")
        expect(field(page, "Saga")).to_contain_text("Turned back at process_payment")
        expect(field(page, "Payment")).to_contain_text("0.00 USD of")

    def test_follows_a_saga_to_its_order(self, stack: Stack, sign_in: SignIn) -> None:
        order = ordered(stack, card=APPROVED)
        page = sign_in("support").page

        find(page, "Sagas", order["id"])
        page.locator("#result_list").get_by_role("link", name=order["order_number"]).click()
        expect(page.get_by_text("Steps", exact=True)).to_be_visible()
        field(page, "Order").get_by_role("link", name=order["order_number"]).click()

        expect(page.get_by_role("heading", name=order["order_number"])).to_be_visible()

    def test_reads_the_mail_that_a_customer_got(self, stack: Stack, sign_in: SignIn) -> None:
        order = ordered(stack, card=APPROVED)
        page = sign_in("support").page

        find(page, "Mails", order["email"])
        row = page.locator("#result_list tbody tr", has_text=order["email"])
        expect(row).to_contain_text("sent")
        expect(row).to_contain_text(order["order_number"])
        row.get_by_role("link", name=order["email"]).click()

        mail = page.frame_locator("iframe")
        expect(mail.locator("body")).to_contain_text(order["order_number"])


class TestARole:
    def test_sees_no_more_than_it_may(self, sign_in: SignIn) -> None:
        watched = sign_in("warehouse")

        shown = sidebar(watched.page).get_by_role("link").all_inner_texts()
        status = watched.open("/admin/payments/payment/")

        names = {text.split("\n")[-1].strip() for text in shown}
        assert {"Dashboard", "Orders", "Variants", "Stock movements"} <= names
        assert names & {"Payments", "Users", "Roles", "Sagas", "Mails"} == set()
        assert status == 403
        expect(watched.page.get_by_role("heading", name="Not for this account")).to_be_visible()
        # The browser writes the status of the page itself to its console.
        assert [error for error in watched.errors if "403" not in error] == []
        watched.errors.clear()

    def test_of_a_customer_does_not_open_the_back_office(self, watched: Watched) -> None:
        ask_to_enter(watched, "customer")

        expect(
            watched.page.get_by_text("Please enter the correct Email and password for a staff account")
        ).to_be_visible()
