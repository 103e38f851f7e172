"""The circuit breaker."""

import pytest

from apps.core.circuit import Circuit, CircuitOpen


class Service:
    """Fails while it is down, and counts how often it is asked."""

    def __init__(self) -> None:
        self.is_down, self.asked = False, 0

    def __call__(self) -> str:
        self.asked += 1
        if self.is_down:
            raise TimeoutError
        return "an answer"


@pytest.fixture
def service():
    return Service()


@pytest.fixture
def clock():
    return [100.0]


@pytest.fixture
def circuit(clock):
    return Circuit(failures=(TimeoutError,), rest_seconds=5, clock=lambda: clock[0])


class TestCircuit:
    def test_passes_answers_on(self, circuit, service):
        assert [circuit.call(service), circuit.call(service)] == ["an answer", "an answer"]

    def test_leaves_a_failed_service_alone_for_a_while(self, circuit, service, clock):
        service.is_down = True
        with pytest.raises(TimeoutError):
            circuit.call(service)

        clock[0] += 4.9
        with pytest.raises(CircuitOpen):
            circuit.call(service)

        assert service.asked == 1

    def test_tries_once_after_the_rest_and_leaves_it_alone_again(self, circuit, service, clock):
        service.is_down = True
        with pytest.raises(TimeoutError):
            circuit.call(service)
        clock[0] += 5

        with pytest.raises(TimeoutError):
            circuit.call(service)
        with pytest.raises(CircuitOpen):
            circuit.call(service)

        assert service.asked == 2

    def test_lets_one_caller_try_while_the_others_fail_at_once(self, circuit, service, clock):
        service.is_down = True
        with pytest.raises(TimeoutError):
            circuit.call(service)
        clock[0] += 5
        service.is_down = False

        def trial() -> str:
            with pytest.raises(CircuitOpen):
                circuit.call(service)
            return service()

        assert circuit.call(trial) == "an answer"

    def test_closes_with_the_first_answer(self, circuit, service, clock):
        service.is_down = True
        with pytest.raises(TimeoutError):
            circuit.call(service)
        clock[0] += 5
        service.is_down = False

        assert [circuit.call(service) for _ in range(3)] == ["an answer"] * 3

    def test_lets_other_errors_pass_without_opening(self, circuit):
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                circuit.call(lambda: 1 // 0)
