"""The response bodies of the audit log, as users see it."""

from typing import Any, ClassVar

from rest_framework import serializers

from authentication.api.parsers import UTCField
from authentication.audit.models import Event
from authentication.core.client import device_name


class EventSerializer(serializers.ModelSerializer[Event]):
    at = UTCField(read_only=True)
    title = serializers.CharField(source="get_event_display", help_text="A readable form of the event.")
    device = serializers.SerializerMethodField(help_text="A readable form of the user agent.")

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = ["id", "event", "title", "at", "ip", "device", "user_agent"]
        read_only_fields = fields

    def get_device(self, event: Event) -> str:
        return device_name(event.user_agent)


class EventPageSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="The page of older events.")
    previous = serializers.URLField(allow_null=True, help_text="The page of newer events.")
    results = EventSerializer(many=True)
