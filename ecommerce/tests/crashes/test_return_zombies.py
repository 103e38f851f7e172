"""A worker over a return is frozen beyond its lease, another does its work, and then it wakes: no harm."""

from collections.abc import Iterator

import pytest

from ecommerce.testing.books import fetch
from ecommerce.testing.stack import ALIASES

from .dying import Child, End, forked, recover, work_with_short_leases
from .returning import BACK, OVERDUE, UNKNOWN, check_return_books, receive
from .stories import MOST_PASSES, let_the_deadline_pass

pytestmark = pytest.mark.committed(databases=ALIASES)

POINTS = ("before_participant_commit", "after_intent", "after_perform", "before_record_commit", "before_settle_commit")
"""Where a worker holds locks, or something that it alone knows."""


@pytest.fixture
def frozen() -> Iterator[list[Child]]:
    """The children of a test; none outlives it."""
    children: list[Child] = []
    yield children
    for child in children:
        child.kill()


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("story", [BACK, UNKNOWN, OVERDUE], ids=lambda story: story.name)
class TestWakingUpAt:
    def test_after_another_worker_has_done_it_all_does_no_harm(self, story, point, gateway, mailbox, frozen):
        for at_pass in range(1, MOST_PASSES):
            made = receive(story, gateway)
            zombie = forked(work_with_short_leases, point=point, action="stop", at_pass=at_pass)
            frozen.append(zombie)
            end = zombie.end()
            if story.overdue:
                let_the_deadline_pass(made.order_id)
            recover(made.order_id)
            ended = fetch("orders", HISTORY, made.receipt_id)
            if end is End.STOPPED:
                assert zombie.thaw() in (End.DONE, End.FAILED)

            assert fetch("orders", HISTORY, made.receipt_id) == ended
            check_return_books(made, story, gateway, mailbox)
            gateway.mend()
            if end is End.MISSED:
                return
        raise AssertionError(f"{point} is passed more than {MOST_PASSES} times")


HISTORY = (
    "SELECT status, step, states, seq, (SELECT count(*) FROM saga_events e WHERE e.saga_id = s.id)"
    " FROM saga_transactions s WHERE subject_id = %s"
)
