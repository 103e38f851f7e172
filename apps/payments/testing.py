"""For tests: a fake gateway as a process of its own, and what it says really happened to the money."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import urllib3

ROOT = Path(__file__).resolve().parents[2]


class RunningGateway:
    """A fake gateway on a free port unless one is named, with its store in a file that outlives it."""

    def __init__(self, store: Path, *, port: int = 0) -> None:
        self.store = store
        self.port = port
        self._process: subprocess.Popen[str] | None = None
        self._http = urllib3.PoolManager(timeout=10, retries=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether its process is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, on the same port as before where it ran before, and wait until it listens."""
        command = [sys.executable, "-m", "apps.payments.gateways.fake_server"]
        self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [*command, "--port", str(self.port), "--store", str(self.store)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        found = re.search(r":(\d+)$", line.strip())
        assert found, f"the fake gateway did not start: {line}"
        self.port = int(found[1])

    def kill(self) -> None:
        """End it at once, as `kill -9` does."""
        assert self._process is not None
        self._process.kill()
        self._reap()

    def stop(self) -> None:
        """Stop it; nothing happens where it does not run."""
        if self._process is not None and self.runs:
            self._process.terminate()
        self._reap()

    def _reap(self) -> None:
        if self._process is not None:
            self._process.wait(timeout=10)
            assert self._process.stdout is not None
            self._process.stdout.close()

    def fault(self, kind: str, **fields: Any) -> None:
        """Put a fault in force: see gateways/fake_server/faults.py."""
        self._call("POST", "/v1/faults", {"kind": kind} | fields)

    def mend(self) -> None:
        """End all faults."""
        self._call("DELETE", "/v1/faults")

    def charges(self, order_id: UUID | str) -> list[dict[str, Any]]:
        """Return what the gateway holds for an order, without its bookkeeping."""
        found: list[dict[str, Any]] = self._call("GET", f"/v1/charges?order_id={order_id}")["charges"]
        return found

    def all_charges(self) -> list[dict[str, Any]]:
        """Return what the gateway holds, oldest first."""
        return self._listed("charges")

    def calls(self) -> list[dict[str, Any]]:
        """Return every call and what it was answered, oldest first."""
        return self._listed("calls")

    def effects(self) -> list[dict[str, Any]]:
        """Return everything that happened to money (charged, closed, refunded), in its order."""
        return self._listed("effects")

    def operations_on(self, keys: Sequence[UUID]) -> list[str]:
        """Return the operations that named one of these keys, in order."""
        wanted = {str(key) for key in keys}
        return [
            call["operation"]
            for call in self.calls()
            if any({item.get("key"), item.get("charge_key")} & wanted for item in call["request"])
        ]

    def tokenise(self, card_number: str) -> str:
        """Return a payment method's token for a card."""
        token: str = self._call("POST", "/v1/payment_methods", {"card_number": card_number})["token"]
        return token

    def _listed(self, what: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while page := self._call("GET", f"/v1/{what}?after={found[-1]['cursor'] if found else 0}")[what]:
            found += page
        return found

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        response = self._http.request(method, self.url + path, json=body)
        assert response.status == 200, f"{method} {path}: {response.status} {response.data!r}"
        return response.json()
