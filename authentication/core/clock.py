"""The one place that reads the time, so that tests can move it.

Every time is aware and in UTC.
"""

from datetime import UTC, datetime
from math import ceil


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def timestamp() -> int:
    """Return the current time as whole seconds since the epoch (RFC 7519 §2, NumericDate)."""
    return int(now().timestamp())


def seconds_until(moment: datetime) -> int:
    """Return the whole seconds from now until a time, rounded up; negative for a time in the past."""
    return ceil((moment - now()).total_seconds())
