"""Delete what has run its course."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from authentication.sessions import services as sessions


class Command(BaseCommand):
    help = "Delete sessions that have ended, the admin's too. Run it daily; running it twice does no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        ended = sessions.purge()
        call_command("clearsessions")
        self.stdout.write(f"Deleted {ended} ended session{'' if ended == 1 else 's'}.")
