"""A mail server that keeps what it takes, and can be told to refuse, to break off and to be away."""

from asyncio import WriteTransport
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """An SMTP server on a port of its own; what it holds is what really arrived."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.connections = 0
        self.refuses: dict[str, str] = {}
        """Answers to recipients, by address: `550 no such user`."""
        self.answers: list[str] = []
        """Answers to the next messages after their last dot: `451 later`; empty for taking them."""
        self.breaks_off: list[str] = []
        """Whether the connection breaks `before` or `after` each of the next messages is kept; empty for neither."""
        self._controller: Controller | None = None

    def start(self) -> None:
        """Listen, again where it was stopped."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Hang up, and be away until it is started again."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        breaks_off = self.breaks_off.pop(0) if self.breaks_off else ""
        answer = self.answers.pop(0) if self.answers else ""
        if not answer and breaks_off != "before":
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.mails.append(message_from_bytes(content, _class=EmailMessage, policy=policy.default))
        if breaks_off and isinstance(server.transport, WriteTransport):
            server.transport.abort()
        return answer or "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails that arrived for an address."""
        return [mail for mail in self.mails if mail["To"] == address]
