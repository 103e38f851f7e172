"""The auditor says how far it is behind, judges first whatever is furthest behind, and takes longer turns meanwhile."""

from datetime import timedelta
from uuid import UUID

import pytest

from apps.core import clock
from apps.core.ids import FIRST_ID, first_id_of, moment_of, new_id
from apps.sagas.audit import SUBJECTS, Page, Source, Subject, audits, findings, turns
from apps.sagas.audit.pages import settled_before
from apps.sagas.models import AuditPosition
from apps.sagas.orchestrator import home
from apps.sagas.testing import drain

from .tea_house import LANES, begun, order, row

pytestmark = pytest.mark.committed(databases=["orders", "catalog"])


@pytest.fixture(autouse=True)
def no_other_places():
    """Whatever other tests judged is no concern of these."""
    AuditPosition.objects.all().delete()


def place(source):
    return AuditPosition.objects.get(check_name="bells_ring", source=f"bell/{source}")


class TestWhatIsNew:
    def test_is_judged_until_the_end_of_the_page(self, bells):
        turns.turn(seconds=0.0)

        assert place("new").judged_until == moment_of(bells.ids[1])

    def test_is_judged_until_the_lag_once_nothing_is_left(self, bells):
        bells.cast_at = clock.now()

        turns.turn(seconds=5.0)

        assert place("new").judged_until == bells.cast_at
        assert findings.judged_until() == bells.cast_at

    def test_is_not_judged_while_nobody_can_be_asked(self, bells):
        turns.turn(seconds=0.0)
        bells.is_away = True

        turns.turn(seconds=5.0)

        assert place("new").judged_until == moment_of(bells.ids[1])

    def test_is_judged_first_where_it_is_oldest(self, bells, monkeypatch):
        """Young bells are many, and old gongs do not wait for them."""
        rung: list[str] = []
        hour_ago = clock.now() - timedelta(hours=1)
        gongs = sorted(UUID(int=first_id_of(hour_ago).int + number) for number in range(6))

        def read(position: str, limit: int) -> Page:
            left = [one for one in gongs if not position or one > UUID(position)][:limit]
            return Page(left, str(left[-1]), left[-1] == gongs[-1], moment_of(left[-1]))

        monkeypatch.setitem(SUBJECTS, "gong", Subject(name="gong", load=list, sources=(Source(name="new", read=read),)))

        @audits("gong", "bell")
        def which(ids):
            rung.append("gong" if set(ids) <= set(gongs) else "bell")
            return []

        turns.turn(seconds=5.0)

        # A page of each place first (two of bells, one of gongs), then gongs to their end, then bells.
        assert rung == ["bell", "bell", "gong", "gong", "gong", "bell", "bell"]


class TestARound:
    def test_is_known_by_when_it_began_and_by_when_the_last_whole_one_did(self, bells):
        before = clock.now()
        turns.turn(seconds=5.0)
        first = place("every")

        turns.turn(seconds=5.0)
        turns.turn(seconds=5.0)
        whole = place("every")
        turns.turn(seconds=5.0)
        second = place("every")

        assert before <= first.began_at <= clock.now()
        assert (first.judged_until, whole.judged_until, whole.position) == (None, first.began_at, "")
        assert second.began_at > first.began_at
        assert second.judged_until == first.began_at

    def test_says_nothing_of_what_is_new(self, bells):
        for _ in range(3):
            turns.turn(seconds=5.0)
        AuditPosition.objects.filter(source="bell/new").delete()

        assert findings.judged_until() is None


class TestATurn:
    @pytest.fixture(autouse=True)
    def lengths(self, settings):
        settings.AUDIT_TURN_SECONDS, settings.AUDIT_LONG_TURN_SECONDS = 3.0, 9.0

    def judged(self, ago):
        moment = clock.now() - ago
        AuditPosition.objects.create(check_name="bells_ring", source="bell/new", position="", judged_until=moment)

    def test_is_short_where_nothing_was_judged_yet(self, bells):
        assert turns.allowed_seconds() == 3.0

    def test_is_short_while_the_auditor_keeps_up(self, bells):
        self.judged(timedelta(seconds=115))

        assert turns.allowed_seconds() == 3.0

    def test_is_long_while_it_is_behind(self, bells):
        self.judged(timedelta(seconds=125))

        assert turns.allowed_seconds() == 9.0

    def test_forgets_places_that_no_code_knows_and_no_turn_came_to(self, bells):
        long_ago, lately = clock.now() - timedelta(minutes=11), clock.now() - timedelta(minutes=9)
        for check, source, at in (
            ("bells_shine", "bell/new", long_ago),
            ("bells_ring", "bell/old", long_ago),
            ("bells_shine", "bell/every", lately),
        ):
            AuditPosition.objects.create(check_name=check, source=source, position="", judged_at=at)

        turns.turn(seconds=5.0)

        left = AuditPosition.objects.order_by("check_name", "source").values_list("check_name", "source")
        assert list(left) == [("bells_ring", "bell/every"), ("bells_ring", "bell/new"), ("bells_shine", "bell/every")]

    def test_keeps_the_place_of_a_check_that_could_not_be_asked_for_long(self, bells):
        self.judged(timedelta(hours=3))
        AuditPosition.objects.update(judged_at=clock.now() - timedelta(hours=3))
        bells.is_away = True

        turns.turn(seconds=5.0)

        assert AuditPosition.objects.filter(source="bell/new").exists()


class TestSources:
    """Until when each of the engine's own has given everything."""

    def source(self, subject, name):
        return next(one for one in SUBJECTS[subject].sources if one.name == name)

    @pytest.mark.parametrize(("subject", "name"), [("saga", "finished"), (f"event of {home()}", "every")])
    def test_have_given_everything_until_the_lag_where_nothing_is_left(self, subject, name):
        begun = settled_before()

        page = self.source(subject, name).read("", 1_000_000)

        assert page.is_last
        assert begun <= page.until <= settled_before()

    def test_have_given_everything_until_the_last_that_they_gave(self, house, settings):
        settings.AUDIT_LAG_SECONDS = -1.0
        teas = order(), order()
        begun(*teas)
        drain(LANES)
        ended_at = row(teas[0].saga_id).finished_at
        just_before = UUID(int=teas[0].saga_id.int - 1)

        ended = self.source("saga", "finished").read(f"{ended_at.isoformat()} {FIRST_ID}", 1)
        every = self.source("saga", "every").read(str(just_before), 1)

        assert (ended.is_last, ended.until) == (False, ended_at)
        assert (every.ids, every.until) == ([teas[0].saga_id], moment_of(teas[0].saga_id))


class TestIds:
    def test_tell_when_they_were_made(self):
        before = clock.now()

        made = moment_of(new_id())

        assert before - timedelta(milliseconds=1) <= made <= clock.now()
        assert moment_of(first_id_of(made)) == made
