"""
The line to a database is cut in the middle of a COMMIT: with effect (the answer is lost) and without (the COMMIT is).

The worker cannot tell which it was. Every COMMIT of every database is cut in turn, by a proxy before that database.
"""

from collections.abc import Iterator, Sequence
from functools import partial

import pytest
from django.db import connections

from ecommerce.testing.accounts import Account, accounts_of
from ecommerce.testing.proxy import Proxy, proxy
from ecommerce.testing.scores import SCORES, Score
from ecommerce.testing.stack import ALIASES

from .dying import End, forked, recover, work
from .stories import DECLINED, OVERDUE, PAID, begin, check_books, let_the_deadline_pass

pytestmark = pytest.mark.committed(databases=ALIASES)

MOST_COMMITS = 30
BACK = (DECLINED, OVERDUE)


@pytest.fixture
def line(request: pytest.FixtureRequest) -> Iterator[Proxy]:
    """A proxy before the database that the test names."""
    config = connections[request.param].settings_dict
    host, port = str(config["HOST"]), int(config["PORT"] or 5432)
    with proxy(f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)) as running:
        yield running


def work_through(alias: str, port: int) -> None:
    """Work on all lanes, with one database behind the proxy."""
    connections.settings[alias] |= {"HOST": "127.0.0.1", "PORT": str(port)}
    work()


PARTICIPATING = ("orders", "catalog", "payments", "notifications")
# The way forward through every database; the way back through those whose effects are undone. The sagas' own database
# has the most commits by far, so its other stories are for the long run.
CASES = [
    *[pytest.param(PAID, alias, alias, id=f"paid-{alias}") for alias in PARTICIPATING],
    *[pytest.param(story, alias, alias, id=f"{story.name}-{alias}") for story in BACK for alias in PARTICIPATING[1:3]],
    *[pytest.param(story, "orders", "orders", id=f"{story.name}-orders", marks=pytest.mark.chaos) for story in BACK],
]


def keep_score(what: str, cuts: int, found: Sequence[Account]) -> None:
    """Put the test into the table that ends the run."""
    SCORES.append(
        Score(
            what=what,
            faults={"line cut in a COMMIT": cuts},
            placed=len(found),
            lost=sum(len(list(one.lost())) for one in found),
            doubled=sum(len(list(one.doubled())) for one in found),
        )
    )


@pytest.mark.parametrize("with_effect", [True, False], ids=["answer", "commit"])
@pytest.mark.parametrize(("story", "line", "alias"), CASES, indirect=["line"])
class TestLosingTheLineInACommit:
    def test_leaves_books_that_agree(self, story, line, alias, with_effect, judges):
        placed = []
        for commits in range(MOST_COMMITS):
            order_id, variants = begin(story)
            placed.append(order_id)
            line.cut_commits(1, after=commits, with_effect=with_effect)
            cuts = line.commits_cut
            end = forked(partial(work_through, alias, line.port)).end()
            if story.overdue:
                let_the_deadline_pass(order_id)
            recover(order_id)

            check_books(order_id, story, variants, judges.gateway, judges.mailbox)
            assert end in (End.DONE, End.FAILED)
            if line.commits_cut == cuts:
                assert commits > 0
                keep_score(f"{alias}: lines cut, {story.name}", commits, accounts_of(placed, judges))
                return
        raise AssertionError(f"{alias} has more than {MOST_COMMITS} commits")
