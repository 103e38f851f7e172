"""The HTTP face: JSON over HTTP/1.1, connections kept open, a thread a connection."""

import json
import select
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .bank import list_calls, list_charges, list_effects, list_refunds
from .calls import Reply, call, note_return
from .faults import Faults
from .store import Store

ONE = {"/v1/charges": "charge", "/v1/refunds": "refund", "/v1/payment_methods": "tokenise"}
MANY = {
    "/v1/charges/batch": "charge",
    "/v1/charges/find": "find",
    "/v1/charges/cancel": "cancel",
    "/v1/refunds/batch": "refund",
    "/v1/refunds/find": "find_refunds",
}
LONGEST_SILENCE_SECONDS = 120
JSON = "application/json"


class Server(ThreadingHTTPServer):
    """The gateway: its store, and the faults in force."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], store: Store) -> None:
        self.store = store
        self.faults = Faults()
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong, unless the caller hung up before its answer came: that is a caller's right."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def server_bind(self) -> None:
        """Bind without asking the name service who we are, which can take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        host, port = self.socket.getsockname()
        self.server_name, self.server_port = str(host), int(port)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        after, limit = int(query.get("after", 0)), int(query.get("limit", 1000))
        if url.path == "/health":
            return self.send(200, {"status": "ok"})
        if url.path == "/v1/faults":
            return self.send(200, {"faults": self.server.faults.listed()})
        with self.server.store.transaction() as db:
            if url.path == "/v1/charges":
                found = {"charges": list_charges(db, order_id=query.get("order_id"), after=after, limit=limit)}
            elif url.path == "/v1/refunds":
                found = {"refunds": list_refunds(db, after=after, limit=limit)}
            elif url.path == "/v1/calls":
                found = {"calls": list_calls(db, after=after, limit=limit)}
            elif url.path == "/v1/effects":
                found = {"effects": list_effects(db, after=after, limit=limit)}
            else:
                found = {}
        return self.send(200, found) if found else self.send(404, {"error": "not_found"})

    def do_POST(self) -> None:
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
            self.post(urlsplit(self.path).path, body)
        except (ValueError, KeyError, TypeError, ArithmeticError) as error:
            self.send(400, {"error": "invalid_request", "message": f"{type(error).__name__}: {error}"})

    def do_DELETE(self) -> None:
        if self.path != "/v1/faults":
            return self.send(404, {"error": "not_found"})
        self.server.faults.clear()
        return self.send(200, {"faults": []})

    def post(self, path: str, body: dict[str, Any]) -> None:
        if path == "/v1/faults":
            self.send(200, vars(self.server.faults.add(body)))
        elif path in ONE:
            self.reply(self.called(ONE[path], [body]), alone=True)
        elif path in MANY:
            self.reply(self.called(MANY[path], body["items"]), alone=False)
        else:
            self.send(404, {"error": "not_found"})

    def called(self, operation: str, items: list[dict[str, Any]]) -> Reply:
        process = self.headers.get("X-Process-Id", "")
        return call(
            self.server.store,
            self.server.faults,
            operation,
            items,
            process=int(process) if process.isdecimal() else None,
        )

    def reply(self, reply: Reply, *, alone: bool) -> None:
        """End the call as it must end."""
        if reply.ending == "timeout":
            self.wait_until_gone()
        if reply.ending != "answered":
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            return
        time.sleep(reply.wait_seconds)
        status = reply.status
        if alone:
            body = dict(reply.answers[0])
            status = body.pop("status")
        else:
            body = {"results": reply.answers}
        self.send(status, body)
        note_return(self.server.store, reply)

    def wait_until_gone(self) -> None:
        """Be silent until the caller hangs up."""
        select.select([self.connection], [], [], LONGEST_SILENCE_SECONDS)

    def send(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", JSON)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing: the store keeps the log."""
