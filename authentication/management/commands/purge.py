"""Delete expired rows."""

from collections.abc import Callable
from typing import Any

from django.contrib.sessions.models import Session as AdminSession
from django.core.management.base import BaseCommand

from authentication.audit import services as audit
from authentication.core import batches, clock
from authentication.core.batches import Progress
from authentication.limits import services as limits
from authentication.mail import services as mail
from authentication.sessions import services as sessions

BAR_COLUMNS = 30


def purge_admin(progress: Progress | None = None) -> int:
    """Delete the expired sessions of the admin; return how many there were."""
    return batches.delete(AdminSession.objects.filter(expire_date__lte=clock.now()), progress)


# The name of each kind of row, singular and plural, and the function that deletes it.
PURGES: tuple[tuple[str, str, Callable[[Progress | None], int]], ...] = (
    ("ended session", "ended sessions", sessions.purge),
    ("old event", "old events", audit.purge),
    ("limit counter", "limit counters", limits.purge),
    ("finished mail task", "finished mail tasks", mail.purge),
    ("session of the admin", "sessions of the admin", purge_admin),
)


class Command(BaseCommand):
    help = (
        "Delete sessions that have ended, the admin's too, events older than EVENT_RETENTION, limit "
        "counters whose window is over, and tasks of mails that were sent. Run it daily; running it twice "
        "does no harm."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        deleted = []
        for one, many, purge in PURGES:
            count = purge(self._bar(many) if self.stdout.isatty() else None)
            deleted.append(f"{count} {one if count == 1 else many}")
        if self.stdout.isatty():
            self.stdout.write("\r\033[K", ending="")
        self.stdout.write(f"Deleted {', '.join(deleted[:-1])} and {deleted[-1]}.")

    def _bar(self, what: str) -> Progress:
        """Return a function that draws a progress bar, each time over the last."""

        def draw(deleted: int, total: int) -> None:
            share = min(1.0, deleted / max(1, total))
            bar = ("#" * int(share * BAR_COLUMNS)).ljust(BAR_COLUMNS, ".")
            self.stdout.write(f"\r\033[K[{bar}] {share:4.0%} of {total} {what}", ending="")
            self.stdout.flush()

        return draw
