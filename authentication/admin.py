"""The admin: accounts, their sessions, and the audit log, which is read-only."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html

from authentication.api.errors import Busy, Throttled
from authentication.api.exceptions import sentence
from authentication.audit import services as audit
from authentication.audit.models import Event, EventType
from authentication.core import clock
from authentication.core.client import Client, client_of
from authentication.emails.models import EmailChange
from authentication.mail import services as mail
from authentication.passwords import mails
from authentication.sessions import services as sessions
from authentication.sessions.models import Session
from authentication.users.credentials import NO_PENDING_EMAIL
from authentication.users.models import User


class LimitedLoginForm(AdminAuthenticationForm):
    """Django's sign-in form, which shows a limit that is reached as an error of the form."""

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except (Throttled, Busy) as error:
            raise ValidationError(sentence(error), code=error.code) from error


# On the class, so that a project's own admin sites have it too.
admin.AdminSite.login_form = LimitedLoginForm

# Lists stop counting here: nobody turns to the hundredth page, and counting millions takes seconds.
COUNTED = 10_000


class BoundedPaginator(Paginator):
    """Pages of the first ten thousand rows. Rows after those are found by a search."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:COUNTED].count())


class Bounded(admin.ModelAdmin):
    """A list that opens as fast with a million rows as with ten, because nothing counts them all."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "email")


@admin.register(User)
class UserAdmin(Bounded, DjangoUserAdmin):
    """Accounts. A new password or a deactivation ends every session of the account."""

    add_form = UserCreationForm
    list_display = ("username", "email", "is_active", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("username", "email")
    # The newest first, by the index of the primary key.
    ordering = ("-pk",)
    readonly_fields = ("email_verified_at", "date_joined", "activity")
    fieldsets = (
        (None, {"fields": ("username", "email", "password")}),
        ("Permissions", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("date_joined", "email_verified_at", "activity")}),
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

    @admin.display(description="Activity")
    def activity(self, user: User) -> str:
        query = {"q": user.username}
        return format_html(
            '<a href="{}">Events</a>, <a href="{}">sessions</a>',
            reverse("admin:authentication_event_changelist", query=query),
            reverse("admin:authentication_session_changelist", query=query),
        )

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the form again, with its error, if another request took the name in the meantime."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError:
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if "email" in form.changed_data:
            # Nobody has followed a link to this address.
            obj.email_verified_at = None
            for name, value in NO_PENDING_EMAIL.items():
                setattr(obj, name, value)
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            # Otherwise an earlier link could undo what staff have corrected.
            EmailChange.objects.filter(user=obj, undone_at=None).update(undone_at=clock.now())

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            user = User.objects.get(pk=id)
            with transaction.atomic():
                audit.record(EventType.PASSWORD_CHANGED, user_id=user.pk, client=client_of(request))
                # Without IP and user agent: those are of a member of staff.
                mail.notify(
                    "password_changed",
                    mails.send_password_changed,
                    Client(),
                    to=user.email,
                    username=user.username,
                )
        return response


class AccountRowsAdmin(Bounded):
    """Rows that belong to accounts, read-only.

    A filter by user would list all of them, and a search for part of a name would read every row, so
    the search is for a whole username or email, which an index finds.
    """

    list_select_related = ("user",)
    # Django shows no search field without this. get_search_results() does the search.
    search_fields = ("user__username",)
    search_help_text = "A whole username or email address."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term:
            return queryset, False
        user = User.objects.find(search_term.strip())
        return (queryset.filter(user=user) if user else queryset.none()), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(AccountRowsAdmin):
    """Events, without a date hierarchy, whose menu of years would read the whole log."""

    list_display = ("at", "event", "user", "ip", "user_agent")
    list_filter = ("event", "at")
    ordering = ("-at", "-pk")
    # The other columns have no index to sort by.
    sortable_by: ClassVar[tuple[str, ...]] = ("at",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Session)
class SessionAdmin(AccountRowsAdmin):
    """Sessions; deleting one ends it."""

    fields = ("user", "created_at", "last_seen_at", "expires_at", "ip", "user_agent")
    list_display = ("user", "created_at", "last_seen_at", "expires_at", "ip", "user_agent")
    ordering = ("-created_at",)

    def delete_model(self, request: HttpRequest, obj: Session) -> None:
        _end(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        for session in queryset:
            _end(request, session)


def _end(request: HttpRequest, session: Session) -> None:
    sessions.end(session_id=session.pk, client=client_of(request), event=EventType.SESSION_ENDED)
