"""The text and HTML of a mail, from its templates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import Any, TypedDict
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.encoding import punycode

from authentication.core.client import device_name

TEMPLATES = "authentication/mail"


@dataclass(frozen=True, slots=True)
class Message:
    """A mail to one address: the name of its pair of templates, and their context."""

    to: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


class Activity(TypedDict):
    """When something was done, from which address and by which program, as the queue stores it."""

    at: str
    ip: str | None
    user_agent: str


def notice(activity: Activity, to: str, template: str, **context: Any) -> Message:
    """Return a message that says when something was done, from where and by which device."""
    context |= {
        "at": datetime.fromisoformat(activity["at"]),
        "ip": activity["ip"],
        "device": device_name(activity["user_agent"]),
    }
    return Message(to, template, context)


def link(page: str, **parameters: str | int) -> str:
    """Return the URL of a page of the frontend, with its parameters in the fragment.

    Browsers do not send the fragment, so it is in no server's log and in no Referer.
    """
    # A hyphen at the end would be taken for punctuation where a program finds the link in plain text.
    fragment = re.sub("-$", "%2D", urlencode(parameters))
    return f"{settings.FRONTEND_URL}/{page}#{fragment}"


def render(message: Message, message_id: str) -> EmailMultiAlternatives:
    """Render a message. The first line of the text template is the subject."""
    context = {**message.context, "site": _line(settings.SITE_NAME), "frontend_url": settings.FRONTEND_URL}
    text = render_to_string(f"{TEMPLATES}/{message.template}.txt", context)
    subject, _, body = text.strip().partition("\n")
    mail = EmailMultiAlternatives(
        subject=_line(subject),
        # What a template leaves out leaves its blank lines.
        body=re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n",
        from_email=_line(settings.DEFAULT_FROM_EMAIL),
        to=[message.to],
        # RFC 3834 §5: vacation responders do not reply to this. Each try has the same Message-ID.
        headers={"Auto-Submitted": "auto-generated", "Message-ID": message_id},
    )
    html = render_to_string(f"{TEMPLATES}/{message.template}.html", {**context, "subject": mail.subject})
    mail.attach_alternative(html, "text/html")
    return mail


def message_id(task_id: str) -> str:
    """Return the Message-ID of the mail of a task, the same at each try (RFC 5322 §3.6.4)."""
    _, sender = parseaddr(_line(settings.DEFAULT_FROM_EMAIL))
    return f"<{task_id}@{punycode(sender.rpartition('@')[2])}>"


def _line(text: str) -> str:
    """Return the text in one line: a line break would begin a header."""
    return " ".join(text.split())
