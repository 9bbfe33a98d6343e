"""What a sign-in asks for: passwords that are not guessed at once, and the codes of django-otp."""

PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
TWO_STEP_APPS = (
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",  # recovery codes
)
ISSUER = "Ad Budget Manager"
"""What an authenticator app calls the entry of this site."""
