"""A view that returns a constant."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path


def hello(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"hello": "world"})


urlpatterns = [path("me", hello)]
