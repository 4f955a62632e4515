"""The built frontend, served beside the API: one container is the whole product."""

from collections.abc import Iterator
from pathlib import Path
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import conditional_page
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

from authentication.api import exceptions

# The page loads its own files and calls its own server. Nothing in it is inline, so a script that
# an attacker brings in as text does not run, and has nowhere to send what it would find.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# First parts of paths that are never the frontend's, whoever asks.
RESERVED = {"auth", "admin", "docs", "schema", "health", "static", "assets", ".well-known"}
PAGE = "/index.html"
# The build writes a hash of the content into each name below /assets/.
ASSETS = "/assets/"
FOR_A_YEAR = "max-age=31536000, public, immutable"


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, which serves the files of the frontend's build beside those of /static/."""

    def __init__(self, get_response: object = None) -> None:
        super().__init__(get_response)
        # In DEBUG the folder is looked at again for every request, and may come later.
        if self.autorefresh or settings.FRONTEND_BUILD.is_dir():
            self.add_files(settings.FRONTEND_BUILD)

    def candidate_paths_for_url(self, url: str) -> Iterator[str]:
        """Yield where a file of this path may lie; in DEBUG this is asked for every request."""
        if url != PAGE and not url.startswith("/auth/"):
            yield from super().candidate_paths_for_url(url)

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: object = None) -> None:
        """Leave the page to its view, which knows what goes with it."""
        if url != PAGE:
            super().add_file_to_dictionary(url, path, stat_cache=stat_cache)

    def add_cache_headers(self, headers: Headers, path: str, url: str) -> None:
        """Let a file with a hash in its name be kept for a year."""
        super().add_cache_headers(headers, path, url)
        if url.startswith(ASSETS):
            headers["Cache-Control"] = FOR_A_YEAR


@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    """Answer every path that nobody else has: with the frontend's page for a browser, else 404.

    Which page it is, the frontend's own router finds out. Without a build the start leads to the docs.
    """
    index: Path = settings.FRONTEND_BUILD / PAGE[1:]
    if not index.is_file():
        is_start = request.path_info == "/" and settings.DOCS
        return redirect("docs") if is_start else exceptions.not_found(request)
    if request.method not in ("GET", "HEAD") or _first_part(request) in RESERVED:
        return exceptions.not_found(request)
    response = _show(request, index) if _accepts_html(request) else exceptions.not_found(request)
    patch_vary_headers(response, ["Accept"])
    return response


def _show(request: HttpRequest, index: Path) -> HttpResponse:
    response = _content(request, index)
    # On "not modified" too: a browser puts the headers of that answer in the place of those it kept.
    response.headers["Content-Security-Policy"] = POLICY
    return response


@conditional_page
def _content(request: HttpRequest, index: Path) -> HttpResponse:
    page = index.read_bytes().replace(f'"{ASSETS}'.encode(), f'"{settings.PREFIX}{ASSETS}'.encode())
    return HttpResponse(page, headers={"Cache-Control": "no-cache"})


def _first_part(request: HttpRequest) -> str:
    return request.path_info.split("/", 2)[1]


def _accepts_html(request: HttpRequest) -> bool:
    """Tell whether the client names HTML; ``*/*`` is what programs send."""
    return any((form.main_type, form.sub_type) == ("text", "html") for form in request.accepted_types)
