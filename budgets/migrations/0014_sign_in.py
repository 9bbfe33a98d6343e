"""Remember who signs in and whose rights change, and which roles demand two-step sign-in."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("budgets", "0013_secrets_of_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="TwoStepRole",
            fields=[
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="two_step",
                        serialize=False,
                        to="auth.group",
                        verbose_name="role",
                    ),
                ),
            ],
            options={
                "verbose_name": "role with two-step sign-in",
                "verbose_name_plural": "roles with two-step sign-in",
                "ordering": ["group"],
            },
        ),
        migrations.CreateModel(
            name="AccessEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signed_in", "Signed in"),
                            ("signed_out", "Signed out"),
                            ("wrong_password", "Did not get in: wrong name or password"),
                            ("wrong_code", "Did not get in: wrong code after the right password"),
                            ("locked", "Locked out for a while"),
                            ("unlocked", "Lock-out lifted"),
                            ("user_added", "User added"),
                            ("user_renamed", "User renamed"),
                            ("user_deleted", "User deleted"),
                            ("activated", "Activated"),
                            ("deactivated", "Deactivated"),
                            ("staff_given", "Allowed to sign in here"),
                            ("staff_taken", "No longer allowed to sign in here"),
                            ("superuser_given", "Made a superuser"),
                            ("superuser_taken", "No longer a superuser"),
                            ("password_changed", "Password changed"),
                            ("roles_given", "Given a role"),
                            ("roles_taken", "Lost a role"),
                            ("permissions_given", "Given permissions"),
                            ("permissions_taken", "Lost permissions"),
                            ("brands_given", "Given brands"),
                            ("brands_taken", "Lost brands"),
                            ("two_step_on", "Two-step sign-in switched on"),
                            ("two_step_off", "Two-step sign-in switched off"),
                            ("two_step_reset", "Two-step sign-in reset by an owner"),
                            ("codes_made", "New recovery codes made"),
                            ("code_used", "Signed in with a recovery code"),
                            ("two_step_required", "Two-step sign-in required"),
                            ("two_step_optional", "Two-step sign-in no longer required"),
                            ("key_made", "API key made"),
                            ("key_changed", "API key changed"),
                            ("key_revoked", "API key revoked"),
                            ("key_deleted", "API key deleted"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                (
                    "who",
                    models.CharField(blank=True, default="", max_length=150, verbose_name="who"),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="The user, role or API key it is about.",
                        max_length=150,
                        verbose_name="name",
                    ),
                ),
                (
                    "address",
                    models.CharField(blank=True, default="", max_length=50, verbose_name="address"),
                ),
                (
                    "detail",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="detail"),
                ),
                ("times", models.PositiveIntegerField(default=1, verbose_name="times")),
                (
                    "is_counted",
                    models.BooleanField(
                        default=False,
                        help_text="A failure that no success and no owner has forgiven.",
                    ),
                ),
            ],
            options={
                "verbose_name": "access event",
                "verbose_name_plural": "access events",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="access_event_newest_first"),
                    models.Index(fields=["name", "-at"], name="access_event_by_name"),
                    models.Index(fields=["address", "-at"], name="access_event_by_address"),
                ],
            },
        ),
    ]
