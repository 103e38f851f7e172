"""The auditor goes a little further each turn, keeps a finding until it is right, and waits for who is away."""

import json
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from apps.sagas.audit import SUBJECTS, audits, findings, turns
from apps.sagas.audit.registry import UnknownSubject
from apps.sagas.models import AuditFinding, AuditPosition
from apps.sagas.tasks import audit

pytestmark = pytest.mark.committed(databases=["orders", "catalog"])


def kept():
    return [(one.subject_id, one.closed_at is None) for one in AuditFinding.objects.filter(check_name="bells_ring")]


class TestTurn:
    def test_judges_what_is_new_to_its_end_and_a_page_of_what_is_old(self, bells):
        turns.turn(seconds=5.0)

        assert bells.heard == [*bells.ids[:2], *bells.ids[:2], *bells.ids[2:]]

    def test_goes_on_where_the_last_one_ended_and_round_and_round(self, bells):
        turns.turn(seconds=5.0)
        bells.heard.clear()

        for _ in range(3):
            turns.turn(seconds=5.0)

        assert bells.heard == [*bells.ids[2:4], *bells.ids[4:], *bells.ids[:2]]

    def test_stops_when_its_time_is_up(self, bells):
        turns.turn(seconds=0.0)

        assert bells.heard == bells.ids[:2] * 2

    def test_keeps_what_it_finds_once_and_logs_it(self, bells, caplog):
        bells.cracked.add(bells.ids[3])

        turns.turn(seconds=5.0)
        turns.turn(seconds=5.0)

        (finding,) = AuditFinding.objects.filter(check_name="bells_ring")
        assert (finding.invariant, finding.subject, finding.subject_id) == ("I13", "bell", bells.ids[3])
        assert (finding.problem, finding.closed_at) == ("it is cracked", None)
        assert finding.seen_at > finding.found_at
        (logged,) = [record for record in caplog.records if record.message == "invariant_violated"]
        assert (logged.invariant, logged.subject_id) == ("I13", str(bells.ids[3]))

    def test_closes_what_is_right_again_and_opens_it_anew(self, bells):
        bells.cracked.add(bells.ids[3])
        turns.turn(seconds=5.0)
        bells.cracked.clear()

        turns.turn(seconds=5.0)
        closed = kept()
        bells.cracked.add(bells.ids[3])
        for _ in range(3):
            turns.turn(seconds=5.0)

        assert closed == [(bells.ids[3], False)]
        assert sorted(kept()) == [(bells.ids[3], False), (bells.ids[3], True)]

    def test_believes_nothing_that_is_gone_at_a_second_look(self, bells):
        bells.cracked.update(bells.ids[:2])
        bells.mended_at_second_look.add(bells.ids[0])

        turns.turn(seconds=5.0)

        assert kept() == [(bells.ids[1], True)]

    def test_judges_later_what_it_could_not_ask(self, bells):
        bells.cracked.add(bells.ids[0])
        bells.is_away = True
        judged = turns.turn(seconds=5.0)
        nothing_moved = not AuditPosition.objects.filter(check_name="bells_ring").exists()
        bells.is_away = False

        turns.turn(seconds=5.0)

        assert {one.findings for one in judged} == {None}
        assert nothing_moved
        assert kept() == [(bells.ids[0], True)]

    def test_lets_nobody_wait_for_a_check_that_cannot_be_asked(self, bells):
        shone: list[UUID] = []

        @audits("bell")
        def bells_shine(ids):
            shone.extend(ids)
            return []

        bells.is_away = True
        turns.turn(seconds=5.0)
        turns.turn(seconds=5.0)

        assert shone == [*bells.ids[:2], *bells.ids[:2], *bells.ids[2:], *bells.ids[2:4]]

    def test_keeps_open_what_nobody_can_look_at_again(self, bells):
        bells.cracked.add(bells.ids[0])
        turns.turn(seconds=5.0)
        bells.is_away = True

        turns.turn(seconds=5.0)

        assert kept() == [(bells.ids[0], True)]

    def test_closes_what_a_check_found_that_is_no_more(self, bells, monkeypatch):
        bells.cracked.add(bells.ids[0])
        turns.turn(seconds=5.0)
        monkeypatch.delitem(SUBJECTS["bell"].checks, "bells_ring")

        turns.turn(seconds=5.0)

        assert kept() == [(bells.ids[0], False)]

    def test_is_what_beat_has_done(self, bells):
        audit()

        assert bells.heard


class TestAudits:
    def test_refuses_what_nothing_is_judged_as(self, bells):
        with pytest.raises(UnknownSubject, match="nothing is judged as whistle; there are bell"):
            audits("whistle")(lambda ids: [])


class TestCommand:
    def said(self, *options):
        said = StringIO()
        call_command("audit", *options, stdout=said)
        return said.getvalue()

    def test_judges_everything_and_says_what_it_cost(self, bells):
        said = self.said()

        assert bells.heard == bells.ids
        assert said.splitlines()[1].split()[:2] == ["bells_ring", "5"]
        assert said.endswith("Every invariant holds.\n")

    def test_names_the_offenders_and_ends_with_1(self, bells):
        bells.cracked.add(bells.ids[1])
        said = StringIO()

        with pytest.raises(CommandError, match="1 findings are open") as refused:
            call_command("audit", stdout=said)

        assert refused.value.returncode == 1
        assert str(bells.ids[1]) in said.getvalue()

    def test_lists_what_is_open_as_json_and_judges_nothing(self, bells):
        bells.cracked.add(bells.ids[1])
        turns.turn(seconds=5.0)
        bells.heard.clear()
        said = StringIO()

        with pytest.raises(CommandError):
            call_command("audit", "--open", "--json", stdout=said)

        (one,) = json.loads(said.getvalue())
        assert (one["invariant"], one["check"], one["id"]) == ("I13", "bells_ring", str(bells.ids[1]))
        assert bells.heard == []

    def test_takes_a_turn(self, bells):
        self.said("--turn")

        assert bells.heard == [*bells.ids[:2], *bells.ids[:2], *bells.ids[2:]]

    def test_says_what_could_not_be_judged(self, bells):
        bells.is_away = True

        with pytest.raises(CommandError, match="somebody asked is away: bells_ring"):
            self.said()


class TestFindings:
    def test_are_forgotten_three_months_after_they_were_closed(self, bells):
        bells.cracked.add(bells.ids[0])
        turns.turn(seconds=5.0)
        bells.cracked.clear()
        turns.turn(seconds=5.0)
        AuditFinding.objects.filter(check_name="bells_ring").update(closed_at="2020-01-01T00:00:00Z")

        turns.turn(seconds=5.0)

        assert kept() == []

    def test_are_listed_by_invariant(self, bells):
        bells.cracked.add(bells.ids[0])
        turns.turn(seconds=5.0)

        listed = [one.subject_id for one in findings.list_open(invariant="I13")]

        assert bells.ids[0] in listed
        assert bells.ids[0] not in [one.subject_id for one in findings.list_open(invariant="I1")]
