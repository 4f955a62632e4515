"""``request.user`` exists everywhere, as Django promises, and costs nothing until it is read."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client, RequestFactory
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient, APIRequestFactory, force_authenticate

from authentication.api.errors import SessionEnded
from authentication.models import Session, User
from authentication.sessions.authentication import authenticate_token
from tests.conftest import PASSWORD, client_for
from tests.neighbours import probe

View = Callable[[HttpRequest], HttpResponse]
ME = "/api/v1/auth/me"
EVERYWHERE = ["/p/who", "/p/page", "/p/nothing", "/ops/live", "/p/report", "/backoffice/"]
seen: list[str] = []


def reading_user(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Be a third-party middleware that wants to know the user before the view runs, and after it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        seen.append(str(request.user))
        response = get_response(request)
        seen.append(str(request.user))
        return response

    return middleware


def signing_in(get_response: View) -> View:
    """Be a third-party middleware that sets the user, as Django's RemoteUserMiddleware does."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.user = get_user_model().objects.get(username="the_staff")
        return get_response(request)

    return middleware


@pytest.fixture(autouse=True)
def _nothing_seen() -> Iterator[None]:
    seen.clear()
    yield
    seen.clear()


@pytest.fixture
def staff(db: None) -> User:
    return User.objects.create_superuser("the_staff", "staff@example.com", PASSWORD)


@pytest.fixture
def browser(staff: User) -> Client:
    """A browser that is signed in to the admin."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(staff)
    return browser


def add_middleware(settings: Settings, name: str) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"tests.neighbours.test_users.{name}"]


@pytest.mark.parametrize("path", ["/p/who", "/p/template", "/p/who-async"])
def test_the_user_is_the_sessions_or_the_tokens_or_anonymous(
    path: str, user: User, browser: Client, api: APIClient
) -> None:
    token = {"HTTP_AUTHORIZATION": f"Bearer {user.token}"}
    for client, headers, expected in (
        (api, {}, "AnonymousUser"),
        (api, token, "jane_doe"),
        (browser, {}, "the_staff"),
        (browser, token, "the_staff"),
        (browser, {"HTTP_AUTHORIZATION": "Bearer stale"}, "the_staff"),
    ):
        answer = client.get(path, **headers)
        assert (answer.status_code, answer.content.decode()) == (200, expected)


def test_an_async_server_knows_the_same_user(user: User, staff: User) -> None:
    client = AsyncClient()
    get = async_to_sync(client.get)
    assert get("/p/who-async").content == b"AnonymousUser"
    assert get("/p/who-async", headers={"Authorization": f"Bearer {user.token}"}).content == b"jane_doe"
    assert get("/p/who-async", headers={"Authorization": "Bearer x"}).content == b"AnonymousUser"
    client.force_login(staff)
    assert get("/p/who-async").content == b"the_staff"


def test_a_token_that_is_refused_is_an_anonymous_user(
    user: User, api: APIClient, advance: Callable[..., None]
) -> None:
    header = f"Bearer {user.token}"
    for wrong in ("", "Bearer", "Bearer x", "Basic eDp5", f"{header}x", f"Bearer {header}", "\xff"):
        assert api.get("/p/who", HTTP_AUTHORIZATION=wrong).content == b"AnonymousUser"
    user.is_active = False
    user.save()
    assert api.get("/p/who", HTTP_AUTHORIZATION=header).content == b"AnonymousUser"
    user.is_active = True
    user.save()
    advance(days=61)
    assert api.get("/p/who", HTTP_AUTHORIZATION=header).content == b"AnonymousUser"


def test_djangos_decorators_know_the_user(user: User, browser: Client, api: APIClient) -> None:
    token = {"HTTP_AUTHORIZATION": f"Bearer {user.token}"}
    assert api.get("/p/login-required").status_code == 302
    assert api.get("/p/login-required", **token).status_code == 200
    assert browser.get("/p/login-required").status_code == 200
    assert api.get("/p/staff-only", **token).status_code == 302
    assert browser.get("/p/staff-only").status_code == 200


@pytest.mark.parametrize(
    "path", ["/p/who", "/p/page", "/p/nothing", "/ops/live", "/p/report", "/backoffice/"]
)
def test_a_middleware_may_read_the_user_on_every_path(
    path: str, user: User, settings: Settings, api: APIClient, browser: Client
) -> None:
    add_middleware(settings, "reading_user")
    token = {"HTTP_AUTHORIZATION": f"Bearer {user.token}"}
    expected = {"": "AnonymousUser", "token": "jane_doe", "session": "the_staff"}
    for client, headers, name in ((api, {}, ""), (api, token, "token"), (browser, {}, "session")):
        assert client.get(path, **headers).status_code in (200, 302, 404)
        assert seen[-2] == expected[name]


def test_after_an_api_view_a_middleware_sees_the_user_that_drf_has_authenticated(
    user: User, settings: Settings
) -> None:
    add_middleware(settings, "reading_user")
    assert client_for(user.token).get(ME).status_code == 200
    assert seen == ["jane_doe", "jane_doe"]


def test_a_user_that_another_middleware_has_set_stays(
    user: User, staff: User, settings: Settings, api: APIClient
) -> None:
    add_middleware(settings, "signing_in")
    for path in ("/p/who", "/p/session"):
        answer = api.get(path, HTTP_AUTHORIZATION=f"Bearer {user.token}")
        assert b"the_staff" in answer.content


def test_djangos_middleware_that_requires_a_login_leaves_our_public_pages_open(
    user: User, settings: Settings, api: APIClient
) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.contrib.auth.middleware.LoginRequiredMiddleware"]
    credentials = {"username": "jane_doe", "password": PASSWORD}
    assert api.get("/p/who").status_code == 302
    assert client_for(user.token).get("/p/who").content == b"jane_doe"
    assert api.post("/api/v1/auth/login", credentials).status_code == 200
    assert api.get(ME).status_code == 401
    for path in ("/ops/live", "/docs/errors", "/backoffice/login/"):
        assert api.get(path).status_code == 200
    settings.ROOT_URLCONF = "oddjobbox.urls"
    for path in ("/health/ready", "/schema", "/docs", "/.well-known/jwks.json"):
        assert api.get(path).status_code == 200
    assert api.get("/nothing").status_code == 404


def test_nothing_is_asked_of_the_database_until_the_user_is_read(
    user: User, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for(user.token)
    with django_assert_num_queries(0):
        client.get("/ops/live")
        client.get("/p/page")
        client.get("/p/report")
        browser.get("/ops/live")
        client.get("/p/nothing")


def test_the_token_is_looked_up_once_a_request(
    user: User, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for(user.token)
    with django_assert_num_queries(1):
        client.get("/p/who")
    with django_assert_num_queries(1):
        client.get(ME)
    add_middleware(settings, "reading_user")
    for path in ("/p/who", ME, "/p/default"):
        client.get(path)
        with django_assert_num_queries(1):
            assert client.get(path).status_code == 200


def test_responses_of_the_api_neither_vary_by_cookie_nor_set_one(user: User, browser: Client) -> None:
    for client in (client_for(user.token), browser):
        for path in (ME, "/api/v1/auth/sessions", "/ops/live", "/p/report"):
            answer = client.get(path, HTTP_AUTHORIZATION=f"Bearer {user.token}")
            assert answer.status_code == 200
            assert "Cookie" not in answer.headers.get("Vary", "")
            assert not answer.cookies


def test_a_session_view_asks_a_browser_for_its_csrf_token_as_drf_does(browser: Client) -> None:
    assert browser.get("/p/session").json() == {"user": "the_staff"}
    assert browser.post("/p/session").status_code == 403
    browser.get("/backoffice/")
    browser.get("/backoffice/password_change/")
    token = browser.cookies["csrftoken"].value
    assert browser.post("/p/session", HTTP_X_CSRFTOKEN=token).json() == {"user": "the_staff"}


def test_a_session_view_takes_no_token_for_a_session(user: User, browser: Client) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {user.token}")
    for path in ("/p/session-or-token", "/p/token-or-session"):
        assert client.get(path).json() == {"user": "jane_doe"}
        assert client.post(path).json() == {"user": "jane_doe"}
    for answer in (client.get("/p/who"), client.post("/p/session-or-token")):
        assert answer.status_code == 200
    # A token beside a session opens no way round the session's CSRF check.
    token = {"HTTP_AUTHORIZATION": f"Bearer {user.token}"}
    assert browser.post("/p/session", **token).status_code == 403


def test_reading_the_user_first_changes_nothing_for_session_authentication(
    user: User, settings: Settings
) -> None:
    add_middleware(settings, "reading_user")
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {user.token}")
    assert client.post("/p/session-or-token").json() == {"user": "jane_doe"}
    assert seen[0] == "jane_doe"


def test_a_token_does_not_open_the_admin(staff: User) -> None:
    answer = client_for(staff.token).get("/backoffice/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/backoffice/login/?next=/backoffice/")


def test_a_request_without_middleware_is_authenticated_by_drf(user: User) -> None:
    factory = APIRequestFactory()
    request = factory.get("/", HTTP_AUTHORIZATION=f"Bearer {user.token}")
    assert probe.ByDefault.as_view()(request).data["user"] == "jane_doe"
    forced = factory.get("/")
    force_authenticate(forced, user=user)
    assert probe.BySession.as_view()(forced).data == {"user": "jane_doe"}
    plain: Any = RequestFactory().get("/")
    assert not hasattr(plain, "user")


def test_signing_in_to_a_django_session_takes_the_place_of_the_token(user: User, staff: User) -> None:
    request: Any = RequestFactory().get("/")
    request.session = Client().session
    request.user = user
    login(request, staff, "authentication.backends.UsernameOrEmailBackend")
    assert request.user == staff


def test_a_raw_token_leads_to_its_session(user: User) -> None:
    session = authenticate_token(user.token)
    assert session == Session.objects.get(user=user)
    assert session.user == user
    session.delete()
    with pytest.raises(SessionEnded):
        authenticate_token(user.token)
