import re
import socket

import pytest

from apps.core.running import PortTaken, free_port, keep, port_from


class TestPort:
    def test_is_taken_from_the_environment(self) -> None:
        free = free_port()

        assert port_from(str(free)) == free

    def test_taken_by_another_program_is_refused(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]

            with pytest.raises(PortTaken) as refusal:
                port_from(str(port))

        assert refusal.value.message == (
            f"Port {port} cannot be used (Address already in use): choose another, as in `PORT={port + 1} make run`."
        )

    @pytest.mark.parametrize("text", ["", "http", "0", "70000", "-1"])
    def test_that_is_none_is_refused(self, text: str) -> None:
        with pytest.raises(PortTaken, match=re.escape(f"PORT is {text!r}, which is no port")):
            port_from(text)


class TestKeep:
    def test_ends_all_with_the_first_that_ends(self, capfd: pytest.CaptureFixture[str]) -> None:
        code = keep({"brief": "sh -c 'echo done; exit 3'", "lasting": "sleep 60"}, {})

        assert code == 3
        assert re.search(r"brief +\| done", capfd.readouterr().out)
