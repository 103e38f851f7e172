"""People at the shop's REST API, over HTTP."""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError

from apps.core.exceptions import DomainError

TIMEOUT_SECONDS = 40
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-([0-9a-f]{12})")


class ShopUnreachable(DomainError):
    """Nothing that is the shop answers at the address."""

    code = "shop_unreachable"


class Unexpected(DomainError):
    """The shop answered what the story has no place for."""

    code = "unexpected_answer"


@dataclass(frozen=True, slots=True)
class Call:
    """One request and its answer; `milliseconds` until the answer was whole, `told` what it means to the story."""

    method: str
    path: str
    status: int
    milliseconds: float
    told: str

    @property
    def short_path(self) -> str:
        """The path with its ids cut down to their last digits."""
        return UUID.sub(lambda found: f"…{found[1][-4:]}", self.path)


Telling = str | Callable[[Any], str]


@dataclass
class Caller:
    """Somebody who calls the shop; `headers` go with each request, `hear` is told who made which call."""

    name: str
    url: str
    hear: Callable[[str, Call], None]
    headers: dict[str, str] = field(default_factory=dict)
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False))

    def get(self, path: str, told: Telling) -> Any:
        return self.call("GET", path, told=told)

    def post(self, path: str, body: Any, told: Telling, **more: Any) -> Any:
        return self.call("POST", path, body=body, told=told, **more)

    def call(
        self,
        method: str,
        path: str,
        *,
        told: Telling,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        expected: tuple[int, ...] = (200, 201),
    ) -> Any:
        """
        Send one request, and return the answer's body.

        Raises:
            ShopUnreachable: no answer came.
            Unexpected: the answer's status is none of those expected.
        """
        begun = time.perf_counter()
        response = self.sent(method, path, body, self.headers | dict(headers or {}))
        milliseconds = (time.perf_counter() - begun) * 1000
        answer = read(response)
        if response.status not in expected:
            raise Unexpected(f"{method} {path} was answered {response.status}: {sentence_of(answer)}")
        phrase = told if isinstance(told, str) else told(answer)
        self.hear(self.name, Call(method, path, response.status, milliseconds, phrase))
        return answer

    def sent(self, method: str, path: str, body: Any, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        sent = None if body is None else json.dumps(body)
        try:
            return self.http.request(
                method,
                f"{self.url}/api/v1{path}",
                body=sent,
                headers={"Accept": "application/json", "Content-Type": "application/json"} | headers,
                timeout=TIMEOUT_SECONDS,
            )
        except HTTPError as error:
            raise ShopUnreachable(f"{self.url} does not answer ({type(error).__name__}).") from error


def read(response: urllib3.BaseHTTPResponse) -> Any:
    """Return the body of an answer; raises Unexpected where it is no JSON."""
    try:
        return json.loads(response.data) if response.data else None
    except ValueError:
        raise Unexpected(f"The answer {response.status} is no JSON: is this the shop?") from None


def sentence_of(problem: Any) -> str:
    """Return what a problem document says, with the fields it names."""
    if not isinstance(problem, dict):
        return str(problem)
    errors = problem.get("errors")
    return str(problem.get("detail") or problem.get("title")) + (f" {json.dumps(errors)}" if errors else "")


def is_up(url: str) -> bool:
    """Tell whether a shop answers at an address."""
    try:
        answer = urllib3.request("GET", f"{url}/health/live", timeout=2, retries=False)
    except HTTPError:
        return False
    return answer.status == 200 and b"alive" in answer.data
