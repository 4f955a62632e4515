"""The words of the audit log."""

from django.db import models


class EventType(models.TextChoices):
    """A past participle for what was done, ``_failed`` behind what was only tried."""

    REGISTERED = "registered", "Registered"
    SIGNED_IN = "signed_in", "Signed in"
    SIGN_IN_FAILED = "sign_in_failed", "Sign-in failed"
    SIGN_INS_LIMITED = "sign_ins_limited", "Too many failed sign-ins"
    SIGNED_OUT = "signed_out", "Signed out"
    SESSION_ENDED = "session_ended", "Session ended"
    REFRESHED_LATE = "refreshed_late", "Refreshed late"
    REFRESH_REUSED = "refresh_reused", "Refresh token reused"
    PASSWORD_CHANGED = "password_changed", "Password changed"
    PASSWORD_RESET = "password_reset", "Password reset"
    EMAIL_VERIFIED = "email_verified", "Address verified"
    EMAIL_CHANGE_REQUESTED = "email_change_requested", "Change of address requested"
    EMAIL_CHANGED = "email_changed", "Address changed"
    EMAIL_CHANGE_UNDONE = "email_change_undone", "Change of address undone"
    RENAMED = "renamed", "Renamed"
    ACCOUNT_DELETED = "account_deleted", "Account deleted"
