"""Migrate a subject's database and fill it with accounts that share one password."""

import os

import django
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection


def main() -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    model = get_user_model()
    password = make_password(os.environ["BENCH_PASSWORD"])
    names = [f"bench_{number}" for number in range(int(os.environ["BENCH_ACCOUNTS"]))]
    users = model.objects.bulk_create(
        [model(username=name, email=f"{name}@example.com", password=password) for name in names]
    )
    if apps.is_installed("allauth.account"):
        address = apps.get_model("account", "EmailAddress")
        address.objects.bulk_create(
            [address(user=user, email=user.email, primary=True, verified=True) for user in users]
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


main()
