"""Somebody of the shop's staff, who works in the back office over HTTP as a browser would."""

from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import urllib3

from .stack import Stack

LOGIN = "/admin/login/"


@dataclass
class Clerk:
    """Staff at the back office of a running shop; signed in once `sign_in` was asked."""

    stack: Stack
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, email: str, password: str) -> "Clerk":
        """Sign in by the form; whatever refuses it fails the test."""
        self._send("GET", LOGIN)
        answer = self.post(LOGIN, username=email, password=password, next="/admin/")
        assert answer.status == 302, f"{email} cannot sign in: {answer.status}"
        return self

    def post(self, path: str, **said: str) -> urllib3.BaseHTTPResponse:
        """Send a form."""
        return self._send("POST", path, said | {"csrfmiddlewaretoken": self.cookies["csrftoken"]})

    def click(self, page: str, button: str, **said: str) -> None:
        """Send the form of a button on a page; one that is not taken, or asks again, fails the test."""
        answer = self.post(f"{page}{button}/", **said | {"_form_submitted": "true"})
        assert "HX-Redirect" in answer.headers, f"{answer.status}: {answer.data.decode()[:2000]}"

    def _send(self, method: str, path: str, form: dict[str, str] | None = None) -> urllib3.BaseHTTPResponse:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.stack.http.request(
            method,
            self.stack.url(path),
            body=urlencode(form) if form is not None else None,
            headers=headers,
            redirect=False,
            timeout=urllib3.Timeout(40.0),
        )
        for line in answer.headers.getlist("Set-Cookie"):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer
