"""
A worker is frozen longer than its lease at every named place, another does its work, and then it wakes: no harm.

Inside a transaction a frozen worker holds locks; the server ends its session when its lease is over, and they are free.
"""

from collections.abc import Iterator
from uuid import UUID

import pytest

from ecommerce.testing.books import fetch
from ecommerce.testing.stack import ALIASES

from .dying import Child, End, forked, recover, work_with_short_leases
from .stories import MOST_PASSES, OVERDUE, PAID, POINTS, STORIES, begin, check_books, let_the_deadline_pass

pytestmark = pytest.mark.committed(databases=ALIASES)


@pytest.fixture
def frozen() -> Iterator[list[Child]]:
    """The children of a test; none outlives it."""
    children: list[Child] = []
    yield children
    for child in children:
        child.kill()


def freeze(frozen: list[Child], point: str, at_pass: int) -> tuple[Child, End]:
    child = forked(work_with_short_leases, point=point, action="stop", at_pass=at_pass)
    frozen.append(child)
    return child, child.end()


def history_of(order_id: UUID) -> list[object]:
    return fetch(
        "orders",
        "SELECT status, step, states, seq, (SELECT count(*) FROM saga_events e WHERE e.saga_id = s.id)"
        " FROM saga_transactions s WHERE order_id = %s",
        order_id,
    )


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
class TestWakingUpAt:
    def test_after_another_worker_has_done_it_all_does_no_harm(self, story, point, gateway, mailbox, frozen):
        for at_pass in range(1, MOST_PASSES):
            order_id, variants = begin(story)
            zombie, end = freeze(frozen, point, at_pass)
            if story.overdue:
                let_the_deadline_pass(order_id)
            recover(order_id)
            ended = history_of(order_id)
            if end is End.STOPPED:
                assert zombie.thaw() in (End.DONE, End.FAILED)

            assert history_of(order_id) == ended
            check_books(order_id, story, variants, gateway, mailbox)
            if end is End.MISSED:
                return
        raise AssertionError(f"{point} is passed more than {MOST_PASSES} times")


def lose_the_claim(order_id: UUID) -> int:
    """Put the saga back to before its claim, as a server does that went down before it had written its log."""
    return len(
        fetch(
            "orders",
            "UPDATE saga_transactions SET lease = NULL, attempt = attempt - 1, due_at = clock_timestamp()"
            " WHERE order_id = %s AND lease IS NOT NULL RETURNING id",
            order_id,
        )
    )


# The catalogue, payments, the catalogue again and the mail.
@pytest.mark.parametrize("at_pass", [1, 2, 3, 4])
@pytest.mark.parametrize("story", [PAID, OVERDUE], ids=lambda story: story.name)
class TestLosingTheCommitOfAClaim:
    def test_while_its_worker_goes_on_doubles_nothing(self, story, at_pass, gateway, mailbox, frozen):
        order_id, variants = begin(story)
        worker, end = freeze(frozen, "after_claim", at_pass)
        assert end is End.STOPPED
        assert lose_the_claim(order_id) == 1
        if story.overdue:
            let_the_deadline_pass(order_id)

        # Its settle finds no lease; what it did it finds in the inbox when it claims the saga again.
        worker.thaw()
        recover(order_id)

        check_books(order_id, story, variants, gateway, mailbox)

    def test_while_another_worker_does_it_doubles_nothing(self, story, at_pass, gateway, mailbox, frozen):
        order_id, variants = begin(story)
        worker, end = freeze(frozen, "after_claim", at_pass)
        assert end is End.STOPPED
        assert lose_the_claim(order_id) == 1
        if story.overdue:
            let_the_deadline_pass(order_id)

        recover(order_id)
        worker.thaw()

        check_books(order_id, story, variants, gateway, mailbox)
