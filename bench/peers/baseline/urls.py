"""Bare views with PyJWT and one lookup by primary key."""

import json
import time

import jwt
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

LIFETIME_SECONDS = 24 * 3600


def issue(user: User) -> str:
    claims = {"id": user.pk, "exp": int(time.time()) + LIFETIME_SECONDS}
    return jwt.encode(claims, settings.SECRET_KEY, algorithm="HS256")


def me(request: HttpRequest) -> HttpResponse:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        claims = jwt.decode(token, settings.SECRET_KEY, algorithms=["HS256"])
        user = User.objects.get(pk=claims["id"])
    except (jwt.InvalidTokenError, User.DoesNotExist):
        return JsonResponse({"detail": "Not authenticated."}, status=401)
    return JsonResponse({"id": user.pk, "username": user.username, "email": user.email})


@csrf_exempt
def login(request: HttpRequest) -> HttpResponse:
    body = json.loads(request.body)
    user = User.objects.filter(username=body["username"]).first()
    if user is None or not check_password(body["password"], user.password):
        return JsonResponse({"detail": "Wrong credentials."}, status=400)
    return JsonResponse({"token": issue(user)})


@csrf_exempt
def registration(request: HttpRequest) -> HttpResponse:
    body = json.loads(request.body)
    user = User.objects.create_user(body["username"], body["email"], body["password"])
    return JsonResponse({"token": issue(user)}, status=201)


urlpatterns = [path("me", me), path("login", login), path("registration", registration)]
