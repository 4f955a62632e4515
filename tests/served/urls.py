"""Views as another app may have them, beside the project's own."""

import time
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from oddjobbox.urls import urlpatterns as own


class Count(APIView):
    """Return how many fields arrived."""

    authentication_classes = permission_classes = ()

    def post(self, request: Request) -> Response:
        return Response({"fields": len(request.data)})


@csrf_exempt
def size(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.body)))


@csrf_exempt
def refuse(request: HttpRequest, status: int) -> HttpResponse:
    """Return an error and leave the body unread."""
    return HttpResponse("" if status == 204 else "No.", status=status)


@csrf_exempt
def echo(request: HttpRequest) -> StreamingHttpResponse:
    """Return the body while it is still arriving."""
    return StreamingHttpResponse(iter(lambda: request.read(1000), b""))


def stream(request: HttpRequest) -> StreamingHttpResponse:
    def parts() -> Iterator[str]:
        for number in range(3):
            time.sleep(0.01)
            yield f"{number}\n"

    return StreamingHttpResponse(parts())


urlpatterns = [
    path("app/count", Count.as_view()),
    path("app/size", size),
    path("app/refuse/<int:status>", refuse),
    path("app/echo", echo),
    path("app/stream", stream),
    *own,
]
handler400 = "authentication.api.exceptions.bad_request"
handler403 = "authentication.api.exceptions.permission_denied"
handler404 = "authentication.api.exceptions.not_found"
handler500 = "authentication.api.exceptions.server_error"
