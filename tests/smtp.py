"""A real SMTP server on loopback, whose mails are read as a person reads them."""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller

from tests.live import free_port, wait_for

LINK = re.compile(r"https?://\S+")
ACCEPTED = "250 OK"
# It would write every address into the log that tests look through.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Mail:
    """One mail: to whom it was handed over, and what its reader sees."""

    def __init__(self, recipients: list[str], content: bytes) -> None:
        self.recipients = recipients
        self.headers: EmailMessage = message_from_bytes(content, policy=policy.default)
        self.subject = str(self.headers["Subject"])
        self.text = self._part("plain")
        self.html = self._part("html")

    @property
    def links(self) -> list[str]:
        return LINK.findall(self.text)

    def parameters(self, page: str) -> dict[str, str]:
        """Return what the one link to this page of the frontend carries behind its ``#``."""
        (fragment,) = (parts.fragment for parts in map(urlsplit, self.links) if parts.path == f"/{page}")
        return {name: values[0] for name, values in parse_qs(fragment).items()}

    def _part(self, kind: str) -> str:
        part = self.headers.get_body((kind,))
        assert part is not None
        return str(part.get_content()).replace("\r\n", "\n")


class Page(HTMLParser):
    """What is seen of a page of HTML: its words with single spaces, and its links."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self._words: list[str] = []
        self._hidden = False
        self.feed(html)
        self.close()
        self.text = " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag in ("style", "title")
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._words.append(data)


class SmtpServer:
    """What was accepted, and how to answer next: ``refusals`` are given once each, then all is well.

    While ``stalling`` is set, a mail that has arrived gets no answer; ``arrived`` tells that one has.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[Mail] = []
        self.refused_recipients: deque[str] = deque()
        self.refused_mails: deque[str] = deque()
        self.connections = 0
        self.stalling = Event()
        self.keeping_stalled = False
        self.arrived = Event()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def take(self) -> list[Mail]:
        """Return the mails so far, the oldest first, and forget them."""
        taken, self.mails = self.mails, []
        return taken

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in self.mails if mail.recipients == [address]]

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.refused_recipients:
            return self.refused_recipients.popleft()
        envelope.rcpt_tos.append(address)
        return ACCEPTED

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refused_mails:
            return self.refused_mails.popleft()
        mail = Mail(list(envelope.rcpt_tos), envelope.content)
        if self.stalling.is_set():
            if self.keeping_stalled:
                self.mails.append(mail)
            self.arrived.set()
            while self.stalling.is_set():
                await asyncio.sleep(0.02)
            if self.keeping_stalled:
                return ACCEPTED
            return "451 Try again"
        self.mails.append(mail)
        return ACCEPTED


class _Controller(Controller):
    def __init__(self, server: SmtpServer) -> None:
        super().__init__(server, hostname="127.0.0.1", port=server.port)
        self._server = server

    def factory(self) -> Any:
        self._server.connections += 1
        return super().factory()


@contextmanager
def receiving() -> Iterator[SmtpServer]:
    """Run a server for as long as the block lasts."""
    server = SmtpServer()
    controller = _Controller(server)
    controller.start()
    # The controller has tried the server itself.
    wait_for(lambda: server.connections > 0)
    server.connections = 0
    try:
        yield server
    finally:
        server.stalling.clear()
        controller.stop()
