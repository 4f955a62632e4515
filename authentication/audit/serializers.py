"""What people are told about what happened to their account."""

from typing import Any, ClassVar

from rest_framework import serializers

from authentication.audit.models import Event
from authentication.core.client import device_name


class EventSerializer(serializers.ModelSerializer[Event]):
    title = serializers.CharField(source="get_event_display", help_text="The event in words.")
    device = serializers.SerializerMethodField(help_text="The user agent in words.")

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = ["id", "event", "title", "at", "ip", "device", "user_agent"]
        read_only_fields = fields

    def get_device(self, event: Event) -> str:
        return device_name(event.user_agent)


class EventPageSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="Where the older events are.")
    previous = serializers.URLField(allow_null=True, help_text="Where the newer events are.")
    results = EventSerializer(many=True)
