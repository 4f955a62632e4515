"""The changes of email that can be undone."""

from django.conf import settings
from django.db import models

from authentication.users.validators import EMAIL_MAX_LENGTH


class EmailChange(models.Model):
    """A change of an account's email. A link to the old address can undo it, once and for some days."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="email_changes")
    old_email = models.CharField(max_length=EMAIL_MAX_LENGTH)
    new_email = models.CharField(max_length=EMAIL_MAX_LENGTH)
    at = models.DateTimeField()
    # Set as well when staff change the email, so that an earlier owner cannot take it back.
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.old_email} to {self.new_email}"
