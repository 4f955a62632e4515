"""Parsers and fields of this API, which read bodies strictly and write times in UTC."""

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import IO, Any

from django.utils.http import parse_header_parameters
from rest_framework import parsers, serializers
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from authentication.api import problems
from authentication.api.errors import ParseError, UnsupportedMediaType

Context = Mapping[str, Any] | None

# Deeper than any body that is meant; the interpreter's own limit varies with the stack.
MAX_DEPTH = 32
TOO_DEEP = "The body is nested too deeply."


def _media_type(content_type: str | None) -> tuple[str, dict[str, str]]:
    try:
        return parse_header_parameters(content_type or "")
    except ValueError:
        return "", {}


def _in_utf8(content_type: str | None, context: Context) -> dict[str, Any]:
    """Refuse a declared charset other than UTF-8, which JSON is always in (RFC 8259 §8.1)."""
    charset = _media_type(content_type)[1].get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType("Only UTF-8 is supported.")
    return {**(context or {}), "encoding": "utf-8"}


def _is_too_deep(data: Any) -> bool:
    """Return whether lists and objects are nested more than 32 levels deep, looking level by level."""
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _parts(outer) if isinstance(inner, (dict, list))]
        if not level:
            return False
    return True


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


class JSONParser(parsers.JSONParser):
    """DRF's parser, without the ways past it that end as a 500."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Context = None) -> Any:
        context = _in_utf8(media_type, parser_context)
        try:
            data = super().parse(stream, media_type, context)
        except RecursionError as error:
            raise ParseError(TOO_DEEP) from error
        if _is_too_deep(data):
            raise ParseError(TOO_DEEP)
        return data


class FormParser(parsers.FormParser):
    """DRF's parser for urlencoded forms, in UTF-8 only."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Context = None) -> Any:
        return super().parse(stream, media_type, _in_utf8(media_type, parser_context))


class JSONOnly(BaseContentNegotiation):
    """Choose the parser of exactly the declared media type; our views do not negotiate a renderer."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        media_type = _media_type(request.content_type)[0]
        return next((parser for parser in parsers if parser.media_type == media_type), None)


class ProblemNegotiation(DefaultContentNegotiation):
    """DRF's content negotiation; a client that accepts problem documents only is served in JSON."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        try:
            selected: tuple[BaseRenderer, str] = super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable:
            json = next((renderer for renderer in renderers if renderer.format == "json"), None)
            if json is None or not problems.is_wanted(request):
                raise
            return json, str(json.media_type)
        return selected


class TextField(serializers.CharField):
    """A CharField that accepts strings only, not numbers or booleans."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class PasswordField(TextField):
    """A password, which is never trimmed and never returned."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("write_only", True)
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)


class UTCField(serializers.DateTimeField):
    """A time as ``2026-11-23T14:20:00Z``, in UTC whatever the current time zone is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M:%SZ", default_timezone=UTC, **kwargs)
