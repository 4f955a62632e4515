"""The app: its system checks, and the signals that it records."""

from django.apps import AppConfig


class AuthenticationConfig(AppConfig):
    name = "authentication"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth import signals
        from django.core import checks as registry

        from authentication import checks
        from authentication.login import signals as login

        for check in checks.CHECKS:
            registry.register(check, checks.TAG)
        signals.user_logged_in.connect(login.record_sign_in)
        signals.user_login_failed.connect(login.record_failure)
        signals.user_logged_out.connect(login.record_sign_out)
