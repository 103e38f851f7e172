"""
A worker is killed over a return at every named place, in every pass, on the way forward and back: the books agree.

Among the returns are those whose refund has an unknown outcome, and those whose receipt is undone.
"""

import pytest

from ecommerce.testing.stack import ALIASES

from .dying import End, recover, work_and_die, work_and_meet
from .returning import BACK, OVERDUE, RETURN_STORIES, UNKNOWN, check_return_books, receive
from .stories import MOST_PASSES, POINTS, let_the_deadline_pass

pytestmark = pytest.mark.committed(databases=ALIASES)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("story", RETURN_STORIES, ids=lambda story: story.name)
class TestDyingAt:
    def test_leaves_books_that_agree(self, story, point, gateway, mailbox):
        for at_pass in range(1, MOST_PASSES):
            made = receive(story, gateway)
            died = work_and_die(point, at_pass=at_pass)
            if story.overdue:
                let_the_deadline_pass(made.order_id)
            recover(made.order_id)
            check_return_books(made, story, gateway, mailbox)
            gateway.mend()
            if not died:
                assert (at_pass > 1) is story.passes(point)
                return
        raise AssertionError(f"{point} is passed more than {MOST_PASSES} times")


@pytest.mark.parametrize("action", ["raise", "drop-connection"])
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("story", [BACK, UNKNOWN, OVERDUE], ids=lambda story: story.name)
class TestFailingAt:
    def test_leaves_books_that_agree(self, story, point, action, gateway, mailbox):
        made = receive(story, gateway)

        end = work_and_meet(point, action)
        if story.overdue:
            let_the_deadline_pass(made.order_id)
        recover(made.order_id)
        gateway.mend()

        check_return_books(made, story, gateway, mailbox)
        assert (end is not End.MISSED) is story.passes(point)
