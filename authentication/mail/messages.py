"""From a letter to a message: text and HTML of the same words."""

import re
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.encoding import punycode

from authentication.mail.letters import Letter

TEMPLATES = "authentication/mail"


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
