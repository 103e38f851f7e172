"""A clerk who keeps the dashboard of the back office open, and reads it aloud."""

import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

import urllib3

from apps.accounts.services import give_role, register_customer
from ecommerce.testing.stack import Stack

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
PANEL = r'id="panel-{}">(.*?)</section>'
ENTRY = re.compile(r"<dt>(.*?)</dt>\s*<dd.*?>(.*?)</dd>", re.DOTALL)
TAG = re.compile(r"<.*?>")
IDLE = "nothing waits"


@dataclass
class Clerk:
    """Signed in; `looks` counts the times the page came, `missed` those when it did not."""

    stack: Stack
    email: str = field(default_factory=lambda: f"clerk-{uuid4().hex[:8]}@example.com")
    password: str = field(default_factory=lambda: uuid4().hex)
    cookies: dict[str, str] = field(default_factory=dict)
    looks: int = 0
    missed: int = 0

    def sign_in(self) -> "Clerk":
        """Open an account that may see the back office, and sign in to it as a browser does."""
        user = register_customer(email=self.email, password=self.password, first_name="Wilma", last_name="Stone")
        give_role(user_id=user.pk, role="admin")
        form = self._ask("GET", "/admin/login/")
        found = TOKEN.search(form.data.decode())
        assert found, f"the form has no token: {form.status}"
        fields = {"csrfmiddlewaretoken": found[1], "username": self.email, "password": self.password, "next": "/admin/"}
        answer = self._ask("POST", "/admin/login/", fields)
        assert answer.status == 302, f"the clerk cannot sign in: {answer.status}"
        return self

    def look(self) -> str:
        """Return what the dashboard says of orders and lanes, and how long the page took."""
        began = time.monotonic()
        page = self._ask("GET", "/admin/")
        milliseconds = (time.monotonic() - began) * 1000
        if page.status != 200:
            self.missed += 1
            return f"the dashboard answers {page.status}"
        self.looks += 1
        text = page.data.decode()
        return f"{self._panel('orders', text)}; due: {self._panel('lanes', text)} ({milliseconds:.0f} ms)"

    @staticmethod
    def _panel(name: str, page: str) -> str:
        found = re.search(PANEL.format(name), page, re.DOTALL)
        entries = ENTRY.findall(found[1]) if found else []
        told = ((TAG.sub("", what).strip(), TAG.sub("", said).strip()) for what, said in entries)
        return ", ".join(f"{what} {said}" for what, said in told if said != IDLE) or IDLE

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> urllib3.BaseHTTPResponse:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        url = self.stack.url(path)
        if fields:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": url}
        body = urlencode(fields) if fields else None
        answer = self.stack.http.request(method, url, body=body, headers=headers, redirect=False, timeout=10.0)
        for cookie in answer.headers.getlist("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer
