"""A server whose clock a test moves by writing seconds to the file CLOCK."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import AppConfig

from authentication.core import clock


class MovedClock(AppConfig):
    """Add the seconds of the file CLOCK to every time that the server reads."""

    name = "tests.flows"

    def ready(self) -> None:
        file, real = Path(os.environ["CLOCK"]), clock.now

        def now() -> datetime:
            return real() + timedelta(seconds=float(file.read_text()))

        clock.now = now
