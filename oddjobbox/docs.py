"""The schema, the page to read and try it, and the catalogue of errors."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from authentication.core.errors import INPUT_CODES, catalogue

# Swagger UI writes style attributes; its scripts are files of our own.
PAGE_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@cache
def _schema() -> dict[str, Any]:
    """Make the document once per process: it takes a while, and any stranger can ask for it."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


class SchemaView(SpectacularAPIView):
    """OpenAPI 3.1, as YAML or as JSON by what the client accepts."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    content_negotiation_class = DefaultContentNegotiation

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(_schema())


class DocsView(SpectacularSwaggerSplitView):
    """The schema as a page; everything it needs comes from this server."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    content_negotiation_class = DefaultContentNegotiation

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)
        response.headers["Content-Security-Policy"] = PAGE_POLICY
        return response


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    """Show the catalogue of errors; the ``type`` of a problem document points here."""
    context = {"errors": list(catalogue()), "input_codes": INPUT_CODES}
    response = render(request, "authentication/errors.html", context)
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    return response
