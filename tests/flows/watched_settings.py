"""The settings of production, with a hasher that can be watched and a clock that can be moved."""

from oddjobbox.settings import *  # noqa: F403
from oddjobbox.settings import INSTALLED_APPS as REAL_APPS
from oddjobbox.settings import PASSWORD_HASHERS as REAL_HASHERS

INSTALLED_APPS = [*REAL_APPS, "tests.flows.moved_clock.MovedClock"]
PASSWORD_HASHERS = ["tests.flows.watched_hasher.WatchedHasher", *REAL_HASHERS[1:]]
