"""What is needed to undo a change of address."""

from django.conf import settings
from django.db import models


class EmailChange(models.Model):
    """An account's address was changed. The old one can take it back, for some days and once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="email_changes")
    old_email = models.CharField(max_length=254)
    new_email = models.CharField(max_length=254)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.old_email} to {self.new_email}"
