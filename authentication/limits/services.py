"""How often something may happen, by account, by address and by the pair of both.

Every attempt takes its place before it is known how it ends, in one statement of the database. So
of any number of simultaneous attempts, over all processes and machines, no more get through than
there are places. DRF's throttles count after they have looked, and each process for itself.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac

from authentication.api.errors import Busy, Throttled
from authentication.core import batches, clock
from authentication.core.batches import Progress
from authentication.core.client import Client
from authentication.limits import store
from authentication.limits.models import Counter
from authentication.limits.store import Place

PURPOSE = "authentication.limits"
# Places that were all taken a moment ago may be free in a moment: most sign-ins succeed.
UNDECIDED_SECONDS = 1.0
LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Attempt:
    """The places that an attempt has taken, those that count for its account and the others."""

    own: list[Place]
    shared: list[Place]
    # Whether it took the last place of its account.
    is_last: bool = False

    def succeed(self) -> None:
        """Clear what is counted for this account alone, and give the other places back.

        Else who guesses could sign in to an account of their own now and then, and have the count
        of their address begin anew.
        """
        if self.own or self.shared:
            store.settle(self.own, self.shared, clock.now())


def count(action: str, *, account: str, client: Client) -> Attempt:
    """Count one attempt under the rates of an action. Raises Throttled, which has counted nothing.

    ``account`` says in one spelling whom the attempt concerns, known here or not.
    """
    return _take(*_places(action, account, client), waits=False)


@contextmanager
def attempt(action: str, *, account: str, client: Client, device: str | None = None) -> Iterator[Attempt]:
    """Count an attempt that is judged while the context lasts, as :func:`count` does.

    A known ``device`` of the account is counted for itself alone. Where every place was taken
    within the last second, by attempts that are perhaps still being judged, this waits for them,
    a second at most. An attempt that ends as Busy was not judged and is not counted.
    """
    taken = _take(*_places(action, account, client, device), waits=True)
    try:
        yield taken
    except Busy:
        places = taken.own + taken.shared
        if places:
            store.settle([], places, clock.now())
        raise


def purge(progress: Progress | None = None) -> int:
    """Delete the counters whose window is over; return how many there were."""
    return batches.delete(Counter.objects.filter(resets_at__lte=clock.now()), progress)


def _places(
    action: str, account: str, client: Client, device: str | None = None
) -> tuple[list[Place], list[Place]]:
    """Return the places that an attempt needs: the account's own, and those that it shares."""
    if device is not None:
        return _place(action, "DEVICE", f"{account} {device}"), []
    address = client.network
    own = _place(action, "ACCOUNT", account) + _place(action, "PAIR", f"{account} {address}")
    return own, _place(action, "ADDRESS", address)


def _place(action: str, by: str, value: str) -> list[Place]:
    name = f"{action}_{by}"
    rate = settings.LIMITS.get(name)
    if rate is None or not settings.RATE_LIMITS:
        return []
    key = salted_hmac(PURPOSE, f"{name} {value}", algorithm="sha256").hexdigest()[:32]
    return [Place(key, *rate)]


def _take(own: list[Place], shared: list[Place], *, waits: bool) -> Attempt:
    places = own + shared
    if not places:
        return Attempt(own, shared)
    started = time.monotonic()
    while True:
        now = clock.now()
        hits = store.take(places, now)
        if hits and all(hits[place.key] <= place.most for place in places):
            return Attempt(own, shared, any(hits[place.key] == place.most for place in own))
        if hits:
            # Others took the last place at the same moment, so this one was counted in vain.
            store.settle([], places, now)
        full = store.full(places, now)
        undecided = not full or any(_seconds(now - counter.last_at) < UNDECIDED_SECONDS for counter in full)
        if not (waits and undecided):
            waiting = max((_seconds(counter.resets_at - now) for counter in full), default=1)
            raise Throttled(retry_after_seconds=max(1, math.ceil(waiting)))
        if time.monotonic() - started >= UNDECIDED_SECONDS:
            raise Throttled(retry_after_seconds=1)
        time.sleep(LOOK_AGAIN_SECONDS)


def _seconds(span: timedelta) -> float:
    return span.total_seconds()
