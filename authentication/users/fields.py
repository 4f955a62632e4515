"""The column of an address."""

from typing import Any

from django.db import models

from authentication.users import rules


class EmailAddressField(models.CharField):  # type: ignore[type-arg]
    """An address, in one form whoever cleans it: a form, a command or a service."""

    default_validators = [rules.validate_email]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", rules.EMAIL_MAX_LENGTH)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return rules.normalise_email(text) if isinstance(text, str) else text
