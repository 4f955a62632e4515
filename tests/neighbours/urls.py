"""A project that adds an app, and mounts the admin and the API elsewhere."""

from django.contrib import admin
from django.urls import include, path

from authentication.api import exceptions
from oddjobbox import docs, health

urlpatterns = [
    path("p/", include("tests.neighbours.probe")),
    path("api/v1/auth/", include("authentication.urls")),
    path("backoffice/", admin.site.urls),
    path("ops/live", health.live),
    path("docs/errors", docs.errors, name="docs-errors"),
]

handler400 = exceptions.bad_request
handler403 = exceptions.permission_denied
handler404 = exceptions.not_found
handler500 = exceptions.server_error
