"""Links by which people choose a password: made, counted, and sent by mail."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from budgets.admin.base.admin import request_time
from budgets.models import PasswordLink

logger = logging.getLogger(__name__)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_AN_HOUR = 3
"""So many links one person is sent in an hour, however often somebody asks for them."""

# One thread, which an ending process waits for: somebody who asks for a link is answered as soon,
# and in the same words, whether there is somebody to send it to or not.
MAILER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mailer")


def has_mail() -> bool:
    return bool(settings.EMAIL_HOST)


def good_until(made_at: datetime) -> datetime:
    return made_at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def make_link(request: HttpRequest, user: User, *, by: Any) -> str:
    """Return a new link, good for one password, and note that it was made.

    Its host is that of the request, which Django lets in only where `ALLOWED_HOSTS` names it.
    """
    now = request_time(request)
    # However often strangers ask, little is kept.
    user.password_links.filter(made_by=None, made_at__lt=now - DAY).delete()
    PasswordLink.objects.create(user=user, made_by=by, made_at=now)
    uid, token = (
        urlsafe_base64_encode(force_bytes(user.pk)),
        default_token_generator.make_token(user),
    )
    return request.build_absolute_uri(reverse("password_reset_confirm", args=[uid, token]))


def was_sent_enough(user: User, *, now: datetime) -> bool:
    """Say whether the person was sent so many links lately that another would be a nuisance."""
    lately = user.password_links.filter(made_by=None, made_at__gt=now - HOUR)
    return lately.count() >= MOST_AN_HOUR


def message_for(
    request: HttpRequest, user: User, link: str, *, is_invitation: bool = False
) -> EmailMessage:
    """Return the mail that brings somebody their link."""
    if not is_invitation:
        subject = _("Choose a new password for Ad Budget Manager")
        return letter("new_password", subject, request, user, link)
    by: Any = request.user
    subject = _("You are invited to Ad Budget Manager")
    return letter(
        "invitation", subject, request, user, link, by=by.get_full_name() or by.get_username()
    )


def letter(
    name: str, subject: str, request: HttpRequest, user: User, link: str, **more: Any
) -> EmailMessage:
    until = good_until(request_time(request))
    context = {"user": user, "link": link, "until": until, "site": request.get_host(), **more}
    text = render_to_string(f"budgets/people/mail/{name}.txt", context)
    return EmailMessage(subject, text, to=[user.email])


def send(message: EmailMessage) -> bool:
    """Send a mail, outside of any transaction; say whether a server took it."""
    try:
        message.send()
    except (OSError, UnicodeError) as error:  # of SMTP, too; or an address no mail can have
        logger.warning("A mail to %s could not be sent: %s", ", ".join(message.to), error)
        return False
    return True


def send_later(message: EmailMessage) -> None:
    MAILER.submit(send, message)
