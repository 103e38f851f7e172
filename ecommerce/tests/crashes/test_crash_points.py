"""
A worker is killed at every named place, in every pass, on the way forward and back: the books agree afterwards.

Each order is one of four stories; each worker is a process of its own; databases, gateway and mailbox are real.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as project

from ecommerce.testing import remote
from ecommerce.testing.stack import ALIASES

from .dying import End, recover, work_and_die, work_and_meet
from .stories import (
    ANSWER_POINTS,
    CHECKOUT_POINTS,
    MOST_PASSES,
    OVERDUE,
    PAID,
    POINTS,
    STORIES,
    begin,
    check_books,
    let_the_deadline_pass,
)

pytestmark = pytest.mark.committed(databases=ALIASES)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
class TestDyingAt:
    def test_leaves_books_that_agree(self, story, point, gateway, mailbox):
        for at_pass in range(1, MOST_PASSES):
            order_id, variants = begin(story)
            died = work_and_die(point, at_pass=at_pass)
            if story.overdue:
                let_the_deadline_pass(order_id)
            recover(order_id)
            check_books(order_id, story, variants, gateway, mailbox)
            if not died:
                assert (at_pass > 1) is story.passes(point)
                return
        raise AssertionError(f"{point} is passed more than {MOST_PASSES} times")


@pytest.mark.parametrize(
    ("story", "point"),
    [
        pytest.param(story, point, id=f"{story.name}-{point}")
        for story in STORIES
        for point in POINTS
        if story.passes(point)
    ],
)
class TestDyingTwiceAt:
    def test_leaves_books_that_agree(self, story, point, gateway, mailbox):
        order_id, variants = begin(story)
        assert work_and_die(point, at_pass=1)
        if story.overdue:
            let_the_deadline_pass(order_id)
        work_and_die(point, at_pass=1)
        recover(order_id)
        check_books(order_id, story, variants, gateway, mailbox)


@pytest.mark.parametrize("action", ["raise", "drop-connection"])
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("story", [PAID, OVERDUE], ids=lambda story: story.name)
class TestFailingAt:
    def test_leaves_books_that_agree(self, story, point, action, gateway, mailbox):
        order_id, variants = begin(story)

        end = work_and_meet(point, action)
        if story.overdue:
            let_the_deadline_pass(order_id)
        recover(order_id)

        check_books(order_id, story, variants, gateway, mailbox)
        assert (end is not End.MISSED) is story.passes(point)


class TestPoints:
    def test_are_all_that_the_code_names(self):
        names: Callable[[str], list[str]] = re.compile(r'failpoint\("(\w+)"\)').findall
        sources = (Path(project.BASE_DIR) / "apps").rglob("*.py")

        assert {name for source in sources if "tests" not in source.parts for name in names(source.read_text())} == {
            *POINTS,
            *CHECKOUT_POINTS,
            *ANSWER_POINTS,
            *remote.POINTS,
        }
