"""What is written about sessions."""

from typing import Any

from authentication.mail.messages import Letter, notice, writer


@writer("refresh_reused")
def refresh_reused(to: str, **facts: Any) -> Letter:
    return notice(to, "refresh_reused", **facts)
