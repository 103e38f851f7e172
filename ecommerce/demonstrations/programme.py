"""All demonstrations, and the one call that plays them."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from ecommerce.testing.valkey import Broker

from . import books, deaths, money, releases, rings, rows
from .playing import Demonstration, judge, perform
from .stage import set_up
from .telling import Teller

WIDTH = 132
DEMONSTRATIONS = {
    "deaths": Demonstration(title="kill -9, again and again", play=deaths.kill_again_and_again),
    "rings": Demonstration(title="FLUSHALL, wave after wave", play=rings.empty_the_broker),
    "silence": Demonstration(title="a gateway that falls silent", play=money.silence),
    "refund": Demonstration(title="a refund that is refused for ever", play=money.refuse_a_refund),
    "release": Demonstration(title="a deploy in mid-flight", play=releases.deploy),
    "row": Demonstration(title="a row deleted by hand", play=rows.delete_and_rebuild),
    "books": Demonstration(title="every book compared", play=books.compare),
}


def run(names: Sequence[str], folder: Path, valkey: Broker, *, orders: int, silence_seconds: float) -> int:
    """Play these demonstrations; return what the program exits with."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    teller = Teller(console)
    teller.welcome(names)
    teller.say("Five databases, a broker, a gateway, a mail server and a web server are being started.")
    with set_up(folder, valkey, teller, orders=orders, silence_seconds=silence_seconds) as stage:
        results = list(perform([DEMONSTRATIONS[name] for name in names], stage, teller))
    return judge(results, teller)
