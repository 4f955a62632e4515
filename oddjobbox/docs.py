"""The OpenAPI document, a page to read and try it, and the list of errors."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authentication.api.errors import INPUT_CODES, catalogue
from authentication.api.exceptions import API_POLICY, handle
from authentication.api.schema.responses import header
from oddjobbox.health import read_only

# Swagger UI writes style attributes; its scripts are files of this server.
PAGE_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

# The header of Django's never_cache.
NEVER_CACHE = "max-age=0, no-cache, no-store, must-revalidate, private"
HEALTH = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "string", "const": "ok"}},
}


def add_health(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Describe the health checks, which drf-spectacular does not find because they are not DRF views."""
    live = _health("live", "Check the process")
    ready = _health("ready", "Check the process and its database")
    ready["responses"]["503"] = {"$ref": "#/components/responses/Unavailable"}
    result["paths"] |= {"/health/live": {"get": live}, "/health/ready": {"get": ready}}
    return result


def _health(operation_id: str, summary: str) -> dict[str, Any]:
    text = "Whether the response may be cached."
    success = {
        "description": "OK.",
        "content": {"application/json": {"schema": HEALTH, "examples": {"Ok": {"value": {"status": "ok"}}}}},
        "headers": {"Cache-Control": header(text, {"type": "string", "const": NEVER_CACHE})},
    }
    return {
        "operationId": operation_id,
        "tags": ["Health"],
        "summary": summary,
        "description": "Accepts any `Host` and is never cached.",
        "security": [{}],
        "responses": {"200": success},
    }


@lru_cache(maxsize=4)
def _schema(prefix: str) -> dict[str, Any]:
    """Generate the document once, because it takes a while and anyone may request it."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    if prefix == "/":
        return schema
    text = schema["info"]["description"].replace("(/docs/", f"({prefix}docs/")
    info = {**schema["info"], "description": text}
    return {**schema, "info": info, "servers": [{"url": prefix.rstrip("/")}]}


class Public(APIView):
    """A page for anyone, in the format that the client accepts; its errors are JSON."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    versioning_class = None
    content_negotiation_class = DefaultContentNegotiation

    def get_exception_handler(self) -> Any:
        """Return this project's exception handler, whatever the setting names."""
        return handle

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        final: Response = super().finalize_response(request, response, *args, **kwargs)
        if final.exception:
            final.accepted_renderer = JSONRenderer()
            final.accepted_media_type = JSONRenderer.media_type
        final.headers.setdefault("Content-Security-Policy", API_POLICY)
        return final


class SchemaView(Public, SpectacularAPIView):
    """The OpenAPI 3.1 document, as YAML or JSON."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(_schema(get_script_prefix()))


class DocsView(Public, SpectacularSwaggerSplitView):
    """The document as a page; everything the page needs comes from this server."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)
        response.headers["Content-Security-Policy"] = PAGE_POLICY
        return response


@read_only
def errors(request: HttpRequest) -> HttpResponse:
    """Show the list of errors; the ``type`` of a problem document links to it."""
    context = {"errors": list(catalogue()), "input_codes": INPUT_CODES}
    response = render(request, "authentication/errors.html", context)
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    return response
