import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from apps.core.running import MARK, PortTaken, end_leftovers, free_port, keep, port_from


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


class TestEndLeftovers:
    def run_marked(self, state: Path, supervisor: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(["sleep", "60"], env={MARK: f"{state}:{supervisor}", "PATH": os.defpath})

    def test_ends_what_a_killed_run_left(self, tmp_path: Path) -> None:
        killed = subprocess.Popen(["true"])
        killed.wait()
        with self.run_marked(tmp_path, killed.pid) as leftover:
            assert end_leftovers(tmp_path) == [leftover.pid]

            assert leftover.wait() == -signal.SIGTERM

    def test_spares_a_run_that_lives_and_other_checkouts(self, tmp_path: Path) -> None:
        dead = subprocess.Popen(["true"])
        dead.wait()
        with self.run_marked(tmp_path, os.getpid()) as living, self.run_marked(tmp_path / "other", dead.pid) as other:
            assert end_leftovers(tmp_path) == []

            assert (living.poll(), other.poll()) == (None, None)
            living.kill()
            other.kill()
