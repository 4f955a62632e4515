"""The subjects: Oddjobbox, its peers, and the requests to each of them."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "bench" / "peers"
SHARED = PEERS / "shared"
CACHE = ROOT / ".cache" / "bench"
PRODUCT = "oddjobbox"
BASELINE = "baseline"

PASSWORD = "correct horse battery"
SECRET_KEY = "a-secret-for-measuring-only-of-more-than-32-bytes"
ACCOUNTS = 5_000


def credentials(**more: str) -> str:
    """Return a body for signing in, with {n} for the number of an account."""
    return json.dumps({"username": "bench_{n}", "password": PASSWORD, **more})


@dataclass(frozen=True)
class Post:
    """A POST: its path, its body with {n} for a number or {token} for a refresh token, and its status."""

    path: str
    body: str
    status: int = 200


@dataclass(frozen=True)
class Subject:
    """A server to measure; ``project`` names its folder in bench/peers and its virtual environment.

    ``token`` and ``refresh_token`` are the keys in the response to a sign-in, outermost first;
    ``sign_in`` is the body that requests a refresh token, where ``login`` does not return one.
    """

    name: str
    project: str
    me: str
    header: str = "Authorization: Bearer {token}"
    token: tuple[str, ...] = ("token",)
    refresh_token: tuple[str, ...] = ("refresh",)
    login: Post | None = None
    registration: Post | None = None
    refresh: Post | None = None
    sign_in: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    # The measurements of a variant that exists for these only.
    only: tuple[str, ...] = ()

    @property
    def is_product(self) -> bool:
        return self.project == PRODUCT

    @property
    def hashes_slowly(self) -> bool:
        return self.variables.get("BENCH_HASHER") == "default"

    @property
    def has_database(self) -> bool:
        return self.project != "hello"

    @property
    def sqlite(self) -> Path | None:
        """The file of its SQLite database; None for a subject that is on PostgreSQL or has no database."""
        scheme, _, path = self.variables.get("DATABASE_URL", "").partition(":///")
        return Path(path) if scheme == "sqlite" else None

    @property
    def is_on_postgresql(self) -> bool:
        return self.has_database and self.sqlite is None

    @property
    def database(self) -> str:
        return f"bench_{self.name}".replace("-", "_")

    @property
    def folder(self) -> Path:
        return ROOT if self.is_product else PEERS / self.project

    @property
    def requirements(self) -> Path:
        return self.folder / "requirements.txt"

    @property
    def python(self) -> Path:
        return CACHE / self.project / "bin" / "python"

    def environment(self, database_host: str) -> dict[str, str]:
        """Return the complete environment of its processes, without the caller's variables."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        if self.is_product:
            host = f"?host={database_host}"
            own = {
                # Set here, so that a .env file beside manage.py does not change it.
                "DEBUG": "off",
                "SECRET_KEY": SECRET_KEY,
                "DATABASE_URL": f"postgres://postgres@/{self.database}{host}",
                "WEB_CONCURRENCY": str(os.cpu_count() or 1),
                "RATE_LIMITS": "off",
                # The peers send no mail about sign-ins.
                "EMAIL_URL": "consolemail://",
                "NOTIFY_NEW_DEVICE": "off",
                "DJANGO_SETTINGS_MODULE": "oddjobbox.settings",
                "PYTHONPATH": str(ROOT),
            }
        else:
            own = {
                "BENCH_DATABASE_HOST": database_host,
                "BENCH_DATABASE_NAME": self.database,
                "DJANGO_SETTINGS_MODULE": "settings",
                "PYTHONPATH": f"{self.folder}:{SHARED}",
            }
        return {**kept, "BENCH_PASSWORD": PASSWORD, "BENCH_ACCOUNTS": str(ACCOUNTS), **own, **self.variables}


_BASELINE = Subject(
    BASELINE,
    project="baseline",
    me="/me",
    login=Post("/login", credentials()),
    registration=Post("/registration", credentials(email="bench_{n}@example.com"), 201),
)
_DJOSER = Subject(
    "djoser",
    project="djoser",
    me="/auth/users/me/",
    header="Authorization: JWT {token}",
    token=("access",),
    login=Post("/auth/jwt/create/", credentials()),
    registration=Post("/auth/users/", credentials(email="bench_{n}@example.com"), 201),
    refresh=Post("/auth/jwt/refresh/", '{"refresh": "{token}"}'),
)
_KNOX = Subject(
    "knox",
    project="knox",
    me="/me/",
    header="Authorization: Token {token}",
    login=Post("/login/", credentials()),
)
_ALLAUTH = Subject(
    "allauth",
    project="allauth",
    me="/_allauth/app/v1/auth/session",
    header="X-Session-Token: {token}",
    token=("meta", "session_token"),
    refresh_token=("meta", "refresh_token"),
    login=Post("/_allauth/app/v1/auth/login", credentials()),
    registration=Post("/_allauth/app/v1/auth/signup", credentials(email="bench_{n}@example.com")),
    refresh=Post("/_allauth/app/v1/tokens/refresh", '{"refresh_token": "{token}"}'),
)
_PRODUCT = Subject(
    PRODUCT,
    project=PRODUCT,
    me="/auth/me",
    login=Post("/auth/login", credentials()),
    registration=Post("/auth/registration", credentials(email="bench_{n}@example.com"), 201),
    refresh=Post("/auth/refresh", '{"refresh": "{token}"}'),
    sign_in=credentials(refresh_in="body"),
)


def _variant(base: Subject, name: str, only: tuple[str, ...] = (), **variables: str) -> Subject:
    return Subject(**{**base.__dict__, "name": name, "variables": variables, "only": only})


SUBJECTS = (
    _PRODUCT,
    _variant(_PRODUCT, "oddjobbox-sqlite", DATABASE_URL=f"sqlite:///{CACHE}/bench.sqlite3"),
    _BASELINE,
    Subject("hello", project="hello", me="/me", only=("me",)),
    _variant(_BASELINE, "baseline-unchecked", ("me",), BENCH_HEALTH_CHECKS="off"),
    _variant(_BASELINE, "baseline-startproject", ("me",), BENCH_MIDDLEWARE="startproject"),
    _variant(_DJOSER, "djoser-argon2"),
    _variant(_DJOSER, "djoser", BENCH_HASHER="default"),
    _KNOX,
    _ALLAUTH,
)
