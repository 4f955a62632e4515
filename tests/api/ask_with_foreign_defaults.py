"""Ask every endpoint in a process whose settings are ``foreign_defaults``; print "ok" if all is well."""

from django.core.management import call_command
from django.test.utils import setup_test_environment
from rest_framework.test import APIClient

from authentication.models import User
from tests.api.every_endpoint import REQUESTS, ask
from tests.conftest import PASSWORD, client_for

PREFIX = "/v1/auth/"


def new_user() -> User:
    User.objects.all().delete()
    return User.objects.create_user("jane_doe", "jane@example.com", PASSWORD)


def main() -> None:
    """Raise AssertionError if an endpoint follows the project's defaults."""
    setup_test_environment()
    call_command("migrate", verbosity=0)
    for endpoint, (_, status) in REQUESTS.items():
        answer = ask(new_user(), endpoint, PREFIX)
        assert answer.status_code == status, (endpoint, answer.content)
        assert answer.headers.get("Content-Type", "application/json") == "application/json", endpoint
    signed_in = client_for(new_user().token)
    for _ in range(3):
        assert len(signed_in.get(f"{PREFIX}events").json()["results"]) == 0
    assert signed_in.options(f"{PREFIX}me").status_code == 200
    refused = APIClient().get(f"{PREFIX}me", headers={"Accept": "text/html"})
    assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="oddjobbox"'
    form = APIClient().post(
        f"{PREFIX}login", data="username=", content_type="application/x-www-form-urlencoded"
    )
    assert sorted(form.json()) == ["password", "username"]
    print("ok")
