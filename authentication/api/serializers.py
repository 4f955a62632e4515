"""DRF fields that take text and nothing else."""

from typing import Any

from rest_framework import serializers


class TextField(serializers.CharField):
    """A CharField that refuses numbers and booleans instead of spelling them out."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class PasswordField(TextField):
    """A password: never trimmed, never shown."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("write_only", True)
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)
