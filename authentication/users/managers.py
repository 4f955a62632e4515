"""The manager of users: create accounts, and find them whatever the case."""

from typing import Any, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db.models import Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from authentication.users import validators

UserType = TypeVar("UserType", bound=AbstractBaseUser)


class UserManager(BaseUserManager[UserType]):
    """Create users that are valid, and find them by username or address, whatever the case."""

    def create_user(
        self,
        username: str | None = None,
        email: str | None = None,
        password: str | None = None,
        **fields: Any,
    ) -> UserType:
        """Store a new user.

        Raises ValueError without a username or an email, and a ValidationError by field for a value
        that is invalid or taken, even by an account that was created at the same moment.
        """
        if not username:
            raise ValueError("The given username must be set")
        if not email:
            raise ValueError("The given email must be set")
        user = self.model(username=username, email=email, **fields)
        user.full_clean(exclude=["password"])
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self,
        username: str | None = None,
        email: str | None = None,
        password: str | None = None,
        **fields: Any,
    ) -> UserType:
        """Store a new user with every permission, as ``manage.py createsuperuser`` does."""
        fields.setdefault("is_staff", True)
        fields.setdefault("is_superuser", True)
        if fields["is_staff"] is not True:
            raise ValueError("Superuser must have is_staff=True.")
        if fields["is_superuser"] is not True:
            raise ValueError("Superuser must have is_superuser=True.")
        return self.create_user(username, email, password, **fields)

    def find(self, identifier: str) -> UserType | None:
        """Return the user with this username or address, whatever its case, or None."""
        if "@" in identifier:
            return self._first("email", validators.normalise_email(identifier), validators.EMAIL_MAX_LENGTH)
        return self._first("username", identifier, validators.USERNAME_MAX_LENGTH)

    def get_by_natural_key(self, username: str | None) -> UserType:
        """Return the user with this username, whatever its case."""
        user = self._first("username", username or "", validators.USERNAME_MAX_LENGTH)
        if user is None:
            raise self.model.DoesNotExist()
        return user

    def _first(self, field: str, value: str, max_length: int) -> UserType | None:
        # LOWER() on both sides: the database folds both alike, by the constraint's own index. Stored
        # values are ASCII before the @; PostgreSQL would fold a Kelvin sign to a k.
        if len(value) > max_length or not value.partition("@")[0].isascii():
            return None
        found = self.get_queryset().filter(Exact(Lower(field), Lower(Value(value))))
        # Not `first()`: its ORDER BY id could make PostgreSQL walk along the primary key.
        return next(iter(found[:1]), None)
