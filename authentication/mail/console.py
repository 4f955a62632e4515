"""Mails on the terminal, for development: the text alone, because the HTML says the same in 150 lines."""

from typing import Any

from django.core.mail.backends import console
from django.core.mail.message import EmailMessage

RULE = "-" * 79


class EmailBackend(console.EmailBackend):
    """The backend behind ``EMAIL_URL=consolemail://``."""

    # Typed loosely: the base class has no annotations.
    stream: Any

    def write_message(self, message: EmailMessage) -> None:
        """Print the recipients, the subject and the text of a mail."""
        head = f"To: {', '.join(message.to)}\nSubject: {message.subject}"
        self.stream.write(f"{RULE}\n{head}\n\n{message.body}{RULE}\n")
