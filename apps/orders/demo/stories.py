"""What happens in the demonstration: a customer arrives, buys, and is declined."""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any
from uuid import UUID

from apps.catalog.selectors import StockCount, list_stock_counts
from apps.core.exceptions import DomainError
from apps.core.ids import new_id

from .callers import Caller, Unexpected
from .evidence import Evidence, check_that_it_is_this_shop, gather

APPROVED_CARD = "test_4242424242424242"
DECLINED_CARD = "test_4000000000000002"
WAIT_SECONDS = 25
ADDRESS = {
    "label": "Home",
    "name": "Ada Marsh",
    "line1": "3 Ferry Lane",
    "city": "Camden",
    "region": "ME",
    "postal_code": "04843",
    "country": "US",
}


class DemoShopMissing(DomainError):
    """The catalogue does not have what the stories are about."""

    code = "demo_shop_missing"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Pieces of one variant; `sku`, `title` and `price` as the API tells them."""

    variant_id: UUID
    sku: str
    title: str
    price: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who signed up; their caller sends their token along."""

    caller: Caller
    email: str
    address_id: str


def arrive(ada: Caller) -> Customer:
    """Sign up, write an address down and look around."""
    signed_in = ada.post(
        "/auth/register/",
        {
            "email": f"ada.{token_hex(4)}@example.com",
            "password": token_hex(12),
            "first_name": "Ada",
            "last_name": "Marsh",
        },
        lambda body: f"signs up as {body['user']['email']}",
    )
    check_that_it_is_this_shop(ada.url, UUID(signed_in["user"]["id"]))
    ada.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
    address = ada.post("/me/addresses/", ADDRESS, lambda body: f"writes down where she lives: {body['city']}")
    ada.get("/categories/", lambda body: f"looks at the shelves: {', '.join(shelf['name'] for shelf in body)}")
    ada.get("/products/?category=kitchen&page=1", lambda body: f"finds {body['total']} things for the kitchen")
    return Customer(ada, signed_in["user"]["email"], address["id"])


def buy(ada: Customer) -> Evidence:
    """Order two mugs and a notebook with a card that is approved."""
    return order(ada, [choose(ada.caller, "harbour-mug", 2), choose(ada.caller, "logbook", 1)], APPROVED_CARD)


def be_declined(ada: Customer) -> Evidence:
    """Order a lantern with a card that the bank declines."""
    return order(ada, [choose(ada.caller, "quay-lantern", 1)], DECLINED_CARD)


def choose(caller: Caller, slug: str, quantity: int) -> Wanted:
    """Look at a product and take the variant of which there is most. Raises DemoShopMissing."""
    try:
        product = caller.get(f"/products/{slug}/", lambda body: f"looks at the {body['name']}")
    except Unexpected as error:
        raise DemoShopMissing(
            f"The catalogue has no {slug}: load the demo shop with `manage.py load_demo_shop`."
        ) from error
    stock = caller.get(f"/products/{slug}/stock/", "asks how many there are")
    most = max(stock, key=lambda row: row["available_quantity"])
    variant = next(one for one in product["variants"] if one["id"] == most["variant_id"])
    title = product["name"] if product["variants_count"] == 1 else f"{product['name']}, {variant['title']}"
    return Wanted(UUID(variant["id"]), variant["sku"], title, variant["price"], quantity)


def order(ada: Customer, wanted: Sequence[Wanted], card: str) -> Evidence:
    """Fill a cart, check out, wait for the order's end, and gather what it left behind."""
    before = stock_of(wanted)
    cart = ada.caller.post("/carts/", {"email": ada.email}, "takes a cart")
    for line in wanted:
        put_in(ada.caller, cart["id"], line)
    placed = check_out(ada.caller, cart["id"], card, {"address_id": ada.address_id})
    return gather(placed, before)


def put_in(caller: Caller, cart_id: str, line: Wanted) -> None:
    caller.post(
        f"/carts/{cart_id}/lines/",
        {"variant_id": str(line.variant_id), "quantity": line.quantity},
        f"puts in {line.quantity} of {line.title} at {line.price}",
    )


def check_out(caller: Caller, cart_id: str, card: str, address: dict[str, str], *also: int) -> dict[str, Any]:
    """Pay a cart with a card and wait for the end; `also` are statuses that are no surprise either."""
    answer: dict[str, Any] = caller.post(
        f"/carts/{cart_id}/checkout/",
        {"payment_method": card, "shipping_address": address},
        outcome,
        headers={"Prefer": f"wait={WAIT_SECONDS}", "Idempotency-Key": str(new_id())},
        expected=(200, 202, *also),
    )
    return answer


def stock_of(wanted: Sequence[Wanted]) -> list[StockCount]:
    return list_stock_counts(variant_ids=[line.variant_id for line in wanted])


def outcome(answer: dict[str, Any]) -> str:
    """Say in a phrase what became of an order, or why there is none."""
    if "order_number" not in answer:
        return f"is turned away at the till ({answer['code']})"
    head = f"orders: {answer['order_number']}, {answer['total_price']} {answer['currency']}: {answer['status']}"
    return f"{head} ({answer['failure_code']})" if answer["failure_code"] else head
