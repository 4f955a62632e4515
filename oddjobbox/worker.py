"""gunicorn's threaded worker, which leaves a new connection to whoever can serve it sooner."""

import time
from socket import socket

from gunicorn.workers.gthread import ThreadWorker

LOOK_AWAY_SECONDS = 0.01


class Worker(ThreadWorker):  # type: ignore[misc]
    """Look away from new connections for a moment while every thread is at work.

    A kept connection stays with the worker that accepted it. Of many that arrive at once the first
    worker to wake would take nearly all, and they would share its one core for as long as they
    live. This one takes what its threads can serve, and while they are all at work one more every
    10 ms, so that a newcomer is not forgotten where no worker is ever idle.
    """

    _away_until = 0.0

    def accept(self, listener: socket) -> None:
        super().accept(listener)
        self._away_until = time.monotonic() + LOOK_AWAY_SECONDS
        self.set_accept_enabled(not self._is_busy())

    def set_accept_enabled(self, enabled: bool) -> None:
        # The worker's loop asks for it again at each of its turns.
        looks_away = self._is_busy() and time.monotonic() < self._away_until
        super().set_accept_enabled(enabled and not looks_away)

    def _is_busy(self) -> bool:
        waiting = len(self.keepalived_conns) + len(self.pending_conns)
        return bool(self.nr_conns - waiting >= self.cfg.threads)
