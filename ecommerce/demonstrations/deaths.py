"""Workers are killed in whatever they do, while orders come and a clerk watches."""

import random
import time

from ecommerce.testing.accounts import stock_expected
from ecommerce.testing.books import Stock, recover, stock_of_all
from ecommerce.testing.market import Shop
from ecommerce.testing.scores import SEED
from ecommerce.testing.trouble import Trouble

from .clerk import Clerk
from .playing import Shown, shown
from .stage import Stage

ORDERS, WAVE = 400, 16
WORKERS = 3
LOOK_EVERY = 5


def kill_again_and_again(stage: Stage) -> Shown:
    """Kill one of three workers after each wave of orders, with the dashboard open."""
    clerk, shop = Clerk(stage.stack).sign_in(), Shop(random.Random(SEED))  # noqa: S311 - chance, not secrecy
    stage.teller.say(
        f"The dashboard is open at {stage.stack.url('/admin/')}; look too, as {clerk.email} with {clerk.password}."
    )
    stage.teller.say(
        f"{ORDERS} orders of two lines come, {WAVE} at a time. One card in ten is declined, one in eight loses an "
        f"answer, and some stock runs out. After each wave one of {WORKERS} workers gets kill -9."
    )
    with stage.lane_workers(WORKERS) as workers:
        trouble = Trouble(random.Random(SEED + 1), workers, stage.stack.gateway)  # noqa: S311 - chance, not secrecy
        for n, _ in enumerate(shop.waves(ORDERS, of=WAVE)):
            time.sleep(trouble.chance.uniform(0.4, 1.2))
            cut = trouble.claims_cut
            trouble.kill_a_worker()
            line = f"kill -9 ({n + 1}), while {trouble.claims_cut - cut} sagas were leased"
            stage.teller.say(f"{line}. The dashboard: {clerk.look()}" if n % LOOK_EVERY == 0 else f"{line}.")
        seconds = recover(list(shop.baskets), most_seconds=120.0)
    stage.teller.say(f"The last worker that lives needed {seconds:.0f} s to bring everything to its end.")
    found, expected = sold(stage, shop)
    return shown(
        stage,
        list(shop.baskets),
        [
            ("every piece of stock is where the confirmed orders leave it", found == expected),
            ("workers died while sagas were leased", trouble.claims_cut > 0),
            (f"the dashboard came every time: {clerk.looks} looks", clerk.looks > 0 and clerk.missed == 0),
        ],
        worker_killed=trouble.done["worker killed"],
    )


def sold(stage: Stage, shop: Shop) -> tuple[Stock, Stock]:
    """Show what became of orders, money and stock; return the stock as it is, and as it must be."""
    books = stage.books(list(shop.baskets))
    confirmed = [account.order_id for account in books.accounts if account.status == "confirmed"]
    found = stock_of_all(shop.stock)
    _, held, pieces = map(sum, zip(*found.values(), strict=True))

    def charged(times: int) -> int:
        return sum(account.captures == times for account in books.accounts)

    stage.teller.table(
        ("orders", "", "at the gateway", "", "stock", "pieces"),
        [
            ("confirmed", len(confirmed), "charged once", charged(1), "sold", pieces),
            ("undone", books.count("failed"), "charged twice", charged(2), "held", held),
        ],
    )
    return found, stock_expected(shop, confirmed)
