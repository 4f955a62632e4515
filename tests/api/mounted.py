"""URLs of a project that mounts the app in other places than /auth/."""

from django.urls import include, path, re_path

from oddjobbox.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [
    path("api/v1/auth/", include("authentication.urls")),
    re_path(r"^(?P<version>v1)/auth/", include("authentication.urls")),
    re_path(r"^(v2)/auth/", include("authentication.urls")),
    path("<slug:tenant>/<uuid:request_id>/auth/", include("authentication.urls")),
    path("v3/auth/", include(("authentication.urls", "authentication"), namespace="v3")),
]
