"""Django's PostgreSQL backend, with a health check that costs no round trip."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Look at the socket of a kept connection instead of asking ``SELECT 1``.

    A server that stops, restarts or ends the connection leaves something to read on it: its
    farewell or the end of the stream. An idle connection has nothing to read.
    """

    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        if not poll.poll(0):
            return True
        # Something waits to be read: perhaps only a notice, so the server is asked after all.
        return bool(super().is_usable())
