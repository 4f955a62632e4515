"""Credentials: how a user's password is set, checked and saved."""

import secrets
from collections.abc import Iterable
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser

from authentication.users import hashing

CREDENTIALS = ("password", "security_stamp")
# New credentials cancel a pending change of email: an attacker may have requested it. The new stamp
# voids the link that was sent, and this keeps a mail that is still queued from sending a valid one.
NO_PENDING_EMAIL: dict[str, Any] = {"pending_email": "", "pending_email_at": None}


def new_stamp() -> str:
    """Return 128 random bits as 22 characters."""
    return secrets.token_urlsafe(16)


class CredentialsMixin(AbstractBaseUser):
    """Save credentials only where this instance changed them, and end sessions when they change.

    Django's ``save()`` writes every column, so a copy that was read before someone changed the
    password would bring the old password back. This ``save()`` compares ``password`` and
    ``security_stamp`` with what was loaded and leaves out what is the same. A changed password, or a
    deactivation, gets a new security stamp, and sessions with another stamp are over.
    """

    # Fields of the model.
    is_active: Any
    security_stamp: Any

    class Meta:
        abstract = True

    def set_password(self, raw_password: str | None) -> None:
        """Set a new password. Saving it ends every session."""
        if raw_password is None:
            return self.set_unusable_password()
        self.password = hashing.make(raw_password)
        # AbstractBaseUser.save() passes this to the validators' `password_changed`.
        self._password = hashing.normalise(raw_password)
        self.security_stamp = new_stamp()

    def set_unusable_password(self) -> None:
        """Leave the user without a password. Saving that ends every session."""
        super().set_unusable_password()
        self.security_stamp = new_stamp()

    def check_password(self, raw_password: str | None) -> bool:
        """Return whether this is the password; upgrade its hash if that is outdated."""
        if raw_password is None:
            return False
        matches, outdated = hashing.verify(raw_password, self.password)
        if not (matches and outdated):
            return matches
        return self._upgrade_hash(raw_password)

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        user = super().from_db(*args, **kwargs)
        user._remember_credentials()
        return user

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self._remember_credentials()

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Store the user, the credentials only if they were changed on this instance."""
        if not self._state.adding:
            update_fields = self._fields_to_save(update_fields)
        super().save(update_fields=update_fields, **kwargs)
        self._remember_credentials()

    def _remember_credentials(self) -> None:
        # From __dict__: reading a deferred field would load it.
        self._stored = {name: self.__dict__.get(name) for name in CREDENTIALS}

    def _fields_to_save(self, update_fields: Iterable[str] | None) -> set[str]:
        if update_fields is None:
            fields = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            fields -= {*self.get_deferred_fields(), *CREDENTIALS}
            fields |= {name for name in CREDENTIALS if self.__dict__.get(name) != self._stored.get(name)}
        else:
            fields = set(update_fields)
        if fields & {"password", "is_active"}:
            fields |= self._renew_stamp(fields)
        return fields

    def _renew_stamp(self, fields: set[str]) -> set[str]:
        """Renew the stamp if this save changes the credentials; return the fields that change with it."""
        deactivated = "is_active" in fields and not self.is_active
        rehashed = "password" in fields and self.password != self._stored.get("password")
        if (deactivated or rehashed) and self.security_stamp == self._stored.get("security_stamp"):
            self.security_stamp = new_stamp()
        if self.security_stamp == self._stored.get("security_stamp"):
            return set()
        for name, value in NO_PENDING_EMAIL.items():
            setattr(self, name, value)
        return {"security_stamp", *NO_PENDING_EMAIL}

    def _upgrade_hash(self, raw_password: str) -> bool:
        """Store a better hash of the same password, unless the password was changed in the meantime.

        This is no change of credentials: the security stamp stays, and with it every session.
        """
        verified, better = self.password, hashing.make(raw_password)
        rows = type(self)._default_manager.filter(pk=self.pk, password=verified)
        if rows.update(password=better):
            self.password = better
            return True
        try:
            self.refresh_from_db(fields=["password", "security_stamp"])
        except type(self).DoesNotExist:
            return False
        return hashing.verify(raw_password, self.password)[0]
