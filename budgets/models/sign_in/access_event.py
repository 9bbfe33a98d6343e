"""Access events: who came in, who was turned away, and whose rights were changed by whom."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

NAME_LENGTH = 150
DETAIL_LENGTH = 500


class AccessKind(models.TextChoices):
    """What happened."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGNED_OUT = "signed_out", _("Signed out")
    WRONG_PASSWORD = "wrong_password", _("Did not get in: wrong name or password")
    WRONG_CODE = "wrong_code", _("Did not get in: wrong code after the right password")
    LOCKED = "locked", _("Locked out for a while")
    UNLOCKED = "unlocked", _("Lock-out lifted")

    USER_ADDED = "user_added", _("User added")
    USER_RENAMED = "user_renamed", _("User renamed")
    USER_DELETED = "user_deleted", _("User deleted")
    ACTIVATED = "activated", _("Activated")
    DEACTIVATED = "deactivated", _("Deactivated")
    STAFF_GIVEN = "staff_given", _("Allowed to sign in here")
    STAFF_TAKEN = "staff_taken", _("No longer allowed to sign in here")
    SUPERUSER_GIVEN = "superuser_given", _("Made a superuser")
    SUPERUSER_TAKEN = "superuser_taken", _("No longer a superuser")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    ROLES_GIVEN = "roles_given", _("Given a role")
    ROLES_TAKEN = "roles_taken", _("Lost a role")
    PERMISSIONS_GIVEN = "permissions_given", _("Given permissions")
    PERMISSIONS_TAKEN = "permissions_taken", _("Lost permissions")
    BRANDS_GIVEN = "brands_given", _("Given brands")
    BRANDS_TAKEN = "brands_taken", _("Lost brands")
    TWO_STEP_ON = "two_step_on", _("Two-step sign-in switched on")
    TWO_STEP_OFF = "two_step_off", _("Two-step sign-in switched off")
    TWO_STEP_RESET = "two_step_reset", _("Two-step sign-in reset by an owner")
    CODES_MADE = "codes_made", _("New recovery codes made")
    CODE_USED = "code_used", _("Signed in with a recovery code")
    TWO_STEP_REQUIRED = "two_step_required", _("Two-step sign-in required")
    TWO_STEP_OPTIONAL = "two_step_optional", _("Two-step sign-in no longer required")
    KEY_MADE = "key_made", _("API key made")
    KEY_CHANGED = "key_changed", _("API key changed")
    KEY_REVOKED = "key_revoked", _("API key revoked")
    KEY_DELETED = "key_deleted", _("API key deleted")


FAILURES = (AccessKind.WRONG_PASSWORD, AccessKind.WRONG_CODE)
SIGN_INS = (
    AccessKind.SIGNED_IN,
    AccessKind.SIGNED_OUT,
    *FAILURES,
    AccessKind.LOCKED,
    AccessKind.UNLOCKED,
    AccessKind.CODE_USED,
)


class AccessEvent(models.Model):
    """One event, in texts: it outlives the people, roles and keys it tells of.

    Failures of one name from one address within minutes are one row with their number: the same
    rows are what guesses are counted by, so that counting floods no table.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=AccessKind.choices)
    at = models.DateTimeField(_("at"), default=timezone.now)
    who = models.CharField(_("who"), max_length=NAME_LENGTH, default="", blank=True)
    name = models.CharField(
        _("name"), max_length=NAME_LENGTH, help_text=_("The user, role or API key it is about.")
    )
    address = models.CharField(_("address"), max_length=50, default="", blank=True)
    detail = models.CharField(_("detail"), max_length=DETAIL_LENGTH, default="", blank=True)
    times = models.PositiveIntegerField(_("times"), default=1)
    is_counted = models.BooleanField(
        default=False, help_text=_("A failure that no success and no owner has forgiven.")
    )

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("access event")
        verbose_name_plural = _("access events")
        indexes = [
            models.Index(fields=["-at", "-id"], name="access_event_newest_first"),
            models.Index(fields=["name", "-at"], name="access_event_by_name"),
            models.Index(fields=["address", "-at"], name="access_event_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"
