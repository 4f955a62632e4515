"""Limit how often something may happen: by account, by client address, and by the pair of both.

An attempt reserves its slots before its outcome is known, in one statement of the database. Of any
number of simultaneous attempts, over all processes and machines, no more get through than there are
slots. DRF's throttles read, decide and then write, and by default each process counts alone.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import salted_hmac

from authentication.api.errors import Busy, Throttled
from authentication.core import batches, clock
from authentication.core.batches import Progress
from authentication.core.client import Client
from authentication.limits import store
from authentication.limits.actions import LimitedAction
from authentication.limits.models import Counter
from authentication.limits.store import Slot

PURPOSE = "authentication.limits"
# Slots that were all reserved a moment ago may be free in a moment: most sign-ins succeed.
UNDECIDED = timedelta(seconds=1)
LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Attempt:
    """The slots that an attempt has reserved: those of its account, and those shared with others."""

    own: list[Slot]
    shared: list[Slot]
    # Whether it reserved the last slot of its account.
    is_last: bool = False

    def succeed(self) -> None:
        """Reset the counters of this account alone, and release the shared slots.

        The shared counters are not reset. Otherwise an attacker could reset their address's counter
        by signing in to their own account.
        """
        if self.own or self.shared:
            store.release(self.shared, clock.now(), reset=self.own)


def count(action: LimitedAction, *, account: str, client: Client) -> Attempt:
    """Count one attempt under the rates of an action.

    ``account`` names the account in one spelling, whether it exists or not. Raises Throttled, and
    then nothing is counted.
    """
    return _reserve(*_slots(action, account, client), waits=False)


@contextmanager
def attempt(
    action: LimitedAction, *, account: str, client: Client, device: str | None = None
) -> Iterator[Attempt]:
    """Count an attempt, as :func:`count` does, that is decided while the context lasts.

    An attempt from a known ``device`` of the account is counted for this device alone. Where every
    slot was reserved within the last second, by attempts that may still be undecided, this waits
    for them, a second at most. An attempt that ends as Busy was not decided and is not counted.
    """
    reserved = _reserve(*_slots(action, account, client, device), waits=True)
    try:
        yield reserved
    except Busy:
        slots = reserved.own + reserved.shared
        if slots:
            store.release(slots, clock.now())
        raise


def purge(progress: Progress | None = None) -> int:
    """Delete the counters whose window is over; return how many there were."""
    return batches.delete(Counter.objects.filter(resets_at__lte=clock.now()), progress)


def _slots(
    action: LimitedAction, account: str, client: Client, device: str | None = None
) -> tuple[list[Slot], list[Slot]]:
    """Return the slots that an attempt needs: those of its account, and the shared ones."""
    rates, address = action.value, client.network
    if device is not None:
        return _slot(rates.device, f"{account} {device}"), []
    own = _slot(rates.account, account) + _slot(rates.pair, f"{account} {address}")
    return own, _slot(rates.address, address)


def _slot(rate_name: str | None, value: str) -> list[Slot]:
    if rate_name is None:
        return []
    try:
        rate = settings.LIMITS[rate_name]
    except KeyError:
        raise ImproperlyConfigured(f"settings.LIMITS has no rate {rate_name!r}.") from None
    if rate is None or not settings.RATE_LIMITS:
        return []
    key = salted_hmac(PURPOSE, f"{rate_name} {value}", algorithm="sha256").hexdigest()[:32]
    return [Slot(key, *rate)]


def _reserve(own: list[Slot], shared: list[Slot], *, waits: bool) -> Attempt:
    slots = own + shared
    if not slots:
        return Attempt(own, shared)
    started, began_at = time.monotonic(), clock.now()
    while True:
        is_last_look = time.monotonic() - started >= UNDECIDED.total_seconds()
        now = clock.now()
        hits = store.reserve(slots, now)
        if hits and all(hits[slot.key] <= slot.limit for slot in slots):
            return Attempt(own, shared, any(hits[slot.key] == slot.limit for slot in own))
        if hits:
            # Others reserved the last slot at the same moment, so this one was counted in vain.
            store.release(slots, now)
        full = store.full(slots, now)
        # Slots that were reserved a moment ago, or while this attempt waited, may be released.
        since = began_at if is_last_look else now - UNDECIDED
        undecided = not full or any(counter.last_at > since for counter in full)
        if not (waits and undecided):
            free_at = max((counter.resets_at for counter in full), default=now)
            raise Throttled(retry_after_seconds=max(1, math.ceil((free_at - now).total_seconds())))
        if is_last_look:
            raise Throttled(retry_after_seconds=1)
        time.sleep(LOOK_AGAIN_SECONDS)
