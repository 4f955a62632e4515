"""The app's start."""

from django.apps import AppConfig


class AuthenticationConfig(AppConfig):
    name = "authentication"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core import checks as registry

        from authentication import checks

        for check in checks.CHECKS:
            registry.register(check, checks.TAG)
