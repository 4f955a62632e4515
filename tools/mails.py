"""Render every letter with example facts, for those who edit the templates.

``python -m tools.mails FOLDER`` writes FOLDER/<name>.html and FOLDER/<name>.txt, to be looked at in
a browser and an editor. The text begins with the subject.
"""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from authentication.mail.messages import Letter, message

KEY = "ojk_AAAAAAAAAAEAaGVsbG8tZXhhbXBsZS1zdGF0ZS1leGFtcGxlLW1hYy0xMjM0"
OWNER = {"username": "jane_doe"}
DONE = {
    **OWNER,
    "at": datetime(2026, 11, 23, 14, 20, tzinfo=UTC),
    "ip": "192.0.2.10",
    "device": "Firefox on Linux",
}


def letters() -> list[Letter]:
    """Return one of every letter."""
    return [
        _letter("password_reset", OWNER, page=f"reset-password#uid=1&key={KEY}"),
        _letter("password_was_reset", DONE),
        _letter("password_changed", DONE),
        _letter("email_verification", OWNER, page=f"verify-email#key={KEY}"),
        _letter("email_change", OWNER, page=f"verify-email#key={KEY}"),
        _letter(
            "email_changed", {**DONE, "new_email": "new@example.com"}, page=f"undo-email-change#key={KEY}"
        ),
        _letter("email_taken", OWNER),
        _letter("new_device", DONE),
        _letter("refresh_reused", DONE),
    ]


def write(folder: Path) -> None:
    """Write both parts of every letter."""
    folder.mkdir(parents=True, exist_ok=True)
    for letter in letters():
        mail = message(letter, "<example@localhost>")
        html, _ = mail.alternatives[0]
        (folder / f"{letter.template}.html").write_text(str(html), encoding="utf-8")
        (folder / f"{letter.template}.txt").write_text(f"{mail.subject}\n\n{mail.body}", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write the letters to the folder that is named."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("Usage: python -m tools.mails FOLDER", file=sys.stderr)
        return 2
    write(Path(arguments[0]))
    return 0


def _letter(template: str, context: Mapping[str, object], page: str = "") -> Letter:
    link = {"link": f"{settings.FRONTEND_URL}/{page}"} if page else {}
    return Letter("jane@example.com", template, {**context, **link})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
