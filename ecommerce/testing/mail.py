"""The mail sink as a process that tests start and stop, and what it says was handed over."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from .mail_sink import MailLog
from .processes import PYTHON, Process, listens


@dataclass
class RunningMailSink:
    """A mail sink on its port, with its store in `folder` and each mail as a file in `folder/mail`."""

    folder: Path
    port: int
    log: MailLog = field(init=False)

    def __post_init__(self) -> None:
        self.log = MailLog(self.folder)
        self.mails = self.folder / "mail"
        self.mails.mkdir(parents=True, exist_ok=True)
        options = ["--port", str(self.port), "--folder", str(self.folder), "--mails", str(self.mails)]
        command = [PYTHON, "-m", "ecommerce.testing.mail_sink", *options]
        self._process = Process("mail_sink", command, os.environ, self.folder)

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self._process.start().ready(lambda: listens(self.port))

    def kill(self) -> None:
        """End it at once, as `kill -9` does."""
        self._process.kill()

    def stop(self) -> None:
        """Stop it; nothing happens where it does not run."""
        self._process.stop()

    @property
    def texts(self) -> list[str]:
        """The text of every mail that was handed over, headers and all."""
        return [path.read_text() for path in sorted(self.mails.iterdir())]
