"""The one place that reads the time, so that tests can move it."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def timestamp() -> int:
    """Return the current time as whole seconds since the epoch (RFC 7519 §2, NumericDate)."""
    return int(now().timestamp())
