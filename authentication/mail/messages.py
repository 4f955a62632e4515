"""What a mail says, and which use case writes it; from there to a message in text and HTML.

A package registers what it writes under a name. What waits in the queue is that name with a few facts,
never a mail: keys are made and addresses looked up when the mail is sent, so a dump of the
queue opens nothing, and nobody can tell from a request whether there was anyone to write to.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.encoding import punycode

from authentication.core.client import device_name

TEMPLATES = "authentication/mail"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one address: the name of its templates, and what they are filled with."""

    to: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Writer = Callable[..., Letter | None]
_writers: dict[str, Writer] = {}


def writer(name: str) -> Callable[[Writer], Writer]:
    """Register the function that writes a letter from its facts, or None where nobody gets one."""

    def register(write: Writer) -> Writer:
        _writers[name] = write
        return write

    return register


def notice(to: str, template: str, *, at: str, ip: str | None, user_agent: str, **context: Any) -> Letter:
    """Return a letter that tells what was done: when, from where and by which device."""
    device = device_name(user_agent)
    return Letter(to, template, {**context, "at": datetime.fromisoformat(at), "ip": ip, "device": device})


def link(page: str, **parameters: str | int) -> str:
    """Return the address of a page of the frontend, what it needs to know behind the ``#``.

    A browser keeps that part to itself: it is in no server's log and in no Referer.
    """
    # A hyphen at the end would be taken for punctuation where a program finds the link in plain text.
    fragment = re.sub("-$", "%2D", urlencode(parameters))
    return f"{settings.FRONTEND_URL}/{page}#{fragment}"


def write(name: str, facts: Mapping[str, Any]) -> Letter | None:
    """Write the letter of this name."""
    return _writers[name](**facts)


def message(letter: Letter, message_id: str) -> EmailMultiAlternatives:
    """Render a letter. The text template begins with a line that is the subject."""
    context = {**letter.context, "site": _line(settings.SITE_NAME), "frontend_url": settings.FRONTEND_URL}
    text = render_to_string(f"{TEMPLATES}/{letter.template}.txt", context)
    subject, _, body = text.strip().partition("\n")
    made = EmailMultiAlternatives(
        subject=_line(subject),
        # What a template leaves out leaves its blank lines.
        body=re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n",
        from_email=_line(settings.DEFAULT_FROM_EMAIL),
        to=[letter.to],
        # RFC 3834 §5: no vacation notice answers this. Sent again, it is the same message.
        headers={"Auto-Submitted": "auto-generated", "Message-ID": message_id},
    )
    html = render_to_string(f"{TEMPLATES}/{letter.template}.html", {**context, "subject": made.subject})
    made.attach_alternative(html, "text/html")
    return made


def message_id(task_id: str) -> str:
    """Return the Message-ID of the mail that a task sends, the same at each try (RFC 5322 §3.6.4)."""
    _, sender = parseaddr(_line(settings.DEFAULT_FROM_EMAIL))
    return f"<{task_id}@{punycode(sender.rpartition('@')[2])}>"


def _line(text: str) -> str:
    """Return the text in one line: a line break would begin a header."""
    return " ".join(text.split())
