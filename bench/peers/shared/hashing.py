"""The hasher of every subject that is not measured as it ships."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id at m=19456 KiB, t=2, p=1."""

    memory_cost = 19_456
    time_cost = 2
    parallelism = 1
