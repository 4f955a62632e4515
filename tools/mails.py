"""Render an example of every mail, to check the templates while editing them.

``python -m tools.mails FOLDER`` writes FOLDER/<name>.html and FOLDER/<name>.txt. The first line of the
text is the subject.
"""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from authentication.mail.messages import Message, render

KEY = "ojk_AAAAAAAAAAEAaGVsbG8tZXhhbXBsZS1zdGF0ZS1leGFtcGxlLW1hYy0xMjM0"
OWNER = {"username": "jane_doe"}
DONE = {
    **OWNER,
    "at": datetime(2026, 11, 23, 14, 20, tzinfo=UTC),
    "ip": "192.0.2.10",
    "device": "Firefox on Linux",
}


def examples() -> list[Message]:
    """Return an example of every mail."""
    return [
        _example("password_reset", OWNER, page=f"reset-password#uid=1&key={KEY}"),
        _example("password_was_reset", DONE),
        _example("password_changed", DONE),
        _example("email_verification", OWNER, page=f"verify-email#key={KEY}"),
        _example("email_change", OWNER, page=f"verify-email#key={KEY}"),
        _example(
            "email_changed", {**DONE, "new_email": "new@example.com"}, page=f"undo-email-change#key={KEY}"
        ),
        _example("email_taken", OWNER),
        _example("new_device", DONE),
        _example("refresh_reused", DONE),
    ]


def write(folder: Path) -> None:
    """Write both parts of every mail."""
    folder.mkdir(parents=True, exist_ok=True)
    for example in examples():
        mail = render(example, "<example@localhost>")
        html, _ = mail.alternatives[0]
        (folder / f"{example.template}.html").write_text(str(html), encoding="utf-8")
        (folder / f"{example.template}.txt").write_text(f"{mail.subject}\n\n{mail.body}", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write the mails to the folder that is named."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("Usage: python -m tools.mails FOLDER", file=sys.stderr)
        return 2
    write(Path(arguments[0]))
    return 0


def _example(template: str, context: Mapping[str, object], page: str = "") -> Message:
    link = {"link": f"{settings.FRONTEND_URL}/{page}"} if page else {}
    return Message("jane@example.com", template, {**context, **link})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
