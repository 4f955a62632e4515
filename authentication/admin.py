"""What staff see and may do: accounts, their sessions, and the audit log to read."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from authentication.audit import services as audit
from authentication.audit.events import EventType
from authentication.audit.models import Event
from authentication.core.requests import client_of
from authentication.sessions import services as sessions
from authentication.sessions.models import Session
from authentication.users.models import User


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "email")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Accounts. A new password, or deactivation, ends every session of the account."""

    add_form = UserCreationForm
    list_display = ("username", "email", "is_active", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("username", "email")
    ordering = ("-date_joined",)
    readonly_fields = ("email_verified_at", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "email", "password")}),
        ("Permissions", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("date_joined", "email_verified_at")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "email", "usable_password", "password1", "password2"),
            },
        ),
    )

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the form again, with its error, when another request took the name meanwhile."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError:
            return super().changeform_view(request, *args, **kwargs)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            audit.record(EventType.PASSWORD_CHANGED, user_id=int(id), client=client_of(request))
        return response


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to look at: what happened is not edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "event", "user", "ip", "user_agent")
    list_filter = ("event", "at")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__email", "ip")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """Sessions; deleting one ends it."""

    fields = ("user", "created_at", "last_seen_at", "expires_at", "ip", "user_agent")
    list_display = ("user", "created_at", "last_seen_at", "expires_at", "ip", "user_agent")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__email", "ip")
    ordering = ("-created_at",)

    def delete_model(self, request: HttpRequest, obj: Session) -> None:
        _end(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        for session in queryset:
            _end(request, session)


def _end(request: HttpRequest, session: Session) -> None:
    sessions.end(session_id=session.pk, client=client_of(request), event=EventType.SESSION_ENDED)
