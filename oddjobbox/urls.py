"""The API under /auth/, and what stands beside it."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.urls.resolvers import URLPattern, URLResolver
from django.views.decorators.csrf import csrf_exempt

from authentication.api import exceptions
from authentication.tokens.views import JWKSView
from oddjobbox import docs, frontend, health

urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/", include("authentication.urls")),
    re_path(r"^\.well-known/jwks\.json/?$", JWKSView.as_view(), name="jwks"),
    re_path(r"^health/live/?$", health.live, name="health-live"),
    re_path(r"^health/ready/?$", health.ready, name="health-ready"),
    path("admin/", admin.site.urls),
]
if settings.DOCS:
    urlpatterns += [
        re_path(r"^schema/?$", docs.SchemaView.as_view(), name="schema"),
        re_path(r"^docs/?$", docs.DocsView.as_view(), name="docs"),
        re_path(r"^docs/errors/?$", docs.errors, name="docs-errors"),
    ]
# The frontend, or 404 in JSON: in DEBUG as well, where Django's own page for a missing path is HTML.
urlpatterns += [re_path(r"", csrf_exempt(frontend.page))]

handler400 = exceptions.bad_request
handler403 = exceptions.permission_denied
handler404 = exceptions.not_found
handler500 = exceptions.server_error
