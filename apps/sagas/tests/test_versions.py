"""A released definition is final, and nobody starts to work on sagas that he would get wrong."""

from dataclasses import replace

import pytest
from django.core import checks
from django.core.management import CommandError, call_command

from apps.sagas import starting, versions
from apps.sagas.fingerprints import described, fingerprint
from apps.sagas.models import SagaRelease, SagaTransaction
from apps.sagas.registry import SAGAS
from apps.sagas.testing import drain

from .tea import SERVE_TEA
from .tea_house import LANES, begun, order

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]

SHORTER = replace(SERVE_TEA, steps=SERVE_TEA.steps[:-1])


@pytest.fixture(autouse=True)
def no_other_sagas(house):
    """What earlier tests left behind is nobody's trouble here."""
    SagaTransaction.objects.filter(status__in=versions.LIVING).delete()


@pytest.fixture(autouse=True)
def released():
    """The tea saga was released as it is here."""
    put_down(SERVE_TEA)
    yield
    put_down(SERVE_TEA)


def put_down(saga):
    description = described(saga)
    SagaRelease.objects.filter(definition=saga.name).delete()
    SagaRelease.objects.create(
        definition=saga.name, version=1, description=description, fingerprint=fingerprint(description)
    )


def ours():
    return [problem for problem in versions.find_problems() if problem.definition == SERVE_TEA.name]


def lives_in(version):
    tea = order()
    begun(tea)
    SagaTransaction.objects.filter(id=tea.saga_id).update(version=version)
    return tea


class TestRelease:
    def test_comes_with_the_migration(self):
        assert SagaRelease.objects.filter(definition="order_processing", version=1).exists()

    def test_stores_what_is_new_once(self):
        SagaRelease.objects.filter(definition=SERVE_TEA.name).delete()

        assert versions.release() == [("serve_tea", 1)]
        assert versions.release() == []

        row = SagaRelease.objects.get(definition="serve_tea")
        assert (row.version, row.fingerprint) == (1, fingerprint(described(SERVE_TEA)))

    def test_leaves_what_was_released_as_it_was(self):
        put_down(SHORTER)

        versions.release()

        assert SagaRelease.objects.get(definition="serve_tea").fingerprint == fingerprint(described(SHORTER))


class TestAnEditedDefinition:
    def test_is_named_with_what_was_changed_and_what_to_do(self):
        put_down(SHORTER)
        begun(order())

        (problem,) = ours()

        assert problem.unsafe
        assert problem.told == (
            "serve_tea version 1 was edited after its release: its steps were greet, weigh, brew, take_money, serve"
            " and are greet, weigh, brew, take_money, serve, wash. 1 sagas of it live."
        )
        assert problem.hint == ("Put version 1 back as it was, and let the change stand beside it as another version.")

    def test_refuses_a_worker(self):
        put_down(SHORTER)
        tea = order()
        begun(tea)

        with pytest.raises(CommandError, match="was edited after its release"):
            call_command("saga", "worker", "--once", "--lane", "kitchen")
        with pytest.raises(SystemExit, match="was edited after its release"):
            starting.refuse_unsafe_worker()

        assert SagaTransaction.objects.get(id=tea.saga_id).attempt == 0

    def test_fails_the_checks_of_the_orders_database_alone(self):
        put_down(SHORTER)

        assert [type(found) for found in starting.check_versions(databases=["orders"])] == [checks.Error]
        assert starting.check_versions(databases=["catalog"]) == []
        assert starting.check_versions() == []

    def test_refuses_the_migration_to_it(self):
        put_down(SHORTER)

        with pytest.raises(CommandError, match="Not migrated: orders"):
            call_command("migrate", database="orders", verbosity=0)

    @pytest.mark.parametrize(("living", "problems"), [(0, 0), (1, 1)])
    def test_is_nobodys_trouble_in_development_while_no_saga_of_it_lives(self, settings, living, problems):
        settings.SAGA_DEFINITIONS_SEALED = False
        put_down(SHORTER)
        begun(*(order() for _ in range(living)))

        assert len(ours()) == problems
        versions.release()

        assert SagaRelease.objects.get(definition="serve_tea").fingerprint == fingerprint(
            described(SHORTER if living else SERVE_TEA)
        )


class TestAVersionThatIsNotHere:
    def test_is_only_strange_when_newer_code_began_its_sagas(self):
        lives_in(2)

        (problem,) = ours()

        assert not problem.unsafe
        assert problem.told == "1 sagas of serve_tea version 2 live, which this code does not have."
        assert [type(found) for found in starting.check_versions(databases=["orders"])] == [checks.Warning]
        call_command("saga", "worker", "--once", "--lane", "kitchen")

    def test_refuses_a_worker_when_it_was_taken_away(self, monkeypatch):
        monkeypatch.setitem(SAGAS, ("serve_tea", 3), replace(SERVE_TEA, version=3))
        lives_in(2)

        with pytest.raises(CommandError, match="saga migrate serve_tea --from 2 --to 3"):
            call_command("saga", "worker", "--once", "--lane", "kitchen")

    def test_is_taken_away_in_peace_once_its_sagas_have_ended(self, monkeypatch):
        begun(order())
        drain(LANES)
        monkeypatch.delitem(SAGAS, ("serve_tea", 1))

        assert ours() == []


class TestVersionsCommand:
    def test_lists_what_is_known_released_and_living(self, capsys):
        lives_in(1)
        lives_in(2)

        call_command("saga", "versions")

        lines = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("serve_tea")]
        assert [(line[1], line[2], line[-1]) for line in lines] == [("1", "yes", "1"), ("2", "no", "1")]
