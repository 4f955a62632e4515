"""The counters of the limits."""

from typing import ClassVar

from django.db import models


class Counter(models.Model):
    """The hits of one rate key in its current window. The key is a digest and names nobody."""

    key = models.CharField(primary_key=True, max_length=32)
    hits = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    resets_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["resets_at"], name="counter_resets_at")]

    def __str__(self) -> str:
        return f"{self.hits} until {self.resets_at:%Y-%m-%d %H:%M:%S}"
