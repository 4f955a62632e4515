"""Parts that the WSGI and the ASGI application share."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ReadableContentType:
    """A request that ignores a Content-Type that Django cannot parse, instead of failing with 500."""

    content_type: str | None
    content_params: dict[str, str] | None

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except ValueError:
            self.content_type, self.content_params = "", {}


class WithLength:
    """A handler whose responses say how long they are, unless they are streamed.

    Without a length, servers send chunks, and HTTP/1.0 clients cannot keep their connection.
    """

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = super().get_response(request)  # type: ignore[misc]
        return _with_length(request, response)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = await super().get_response_async(request)  # type: ignore[misc]
        return _with_length(request, response)


def _with_length(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    # RFC 9110 §8.6: never with 1xx and 204; with 304 it would be the length of what is not sent.
    if response.streaming or response.status_code in (204, 304) or response.status_code < 200:
        return response
    response.headers.setdefault("Content-Length", str(len(response.content)))  # type: ignore[attr-defined]
    if request.method == "HEAD":
        response.content = b""  # type: ignore[attr-defined]
    return response
