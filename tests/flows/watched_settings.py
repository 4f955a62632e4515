"""The settings of production, with a hasher that can be watched from outside."""

from oddjobbox.settings import *  # noqa: F403
from oddjobbox.settings import PASSWORD_HASHERS as REAL_HASHERS

PASSWORD_HASHERS = ["tests.flows.watched_hasher.WatchedHasher", *REAL_HASHERS[1:]]
