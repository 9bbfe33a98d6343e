"""What an owner does about somebody's access: invite, invite again, withdraw, a new password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from budgets.admin.base.admin import request_time
from budgets.admin.people import links
from budgets.admin.people.states import waits_for_invitation


class AccessAdmin(ModelAdmin):
    """Makes links by which people choose a password, and mails them or shows them once."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/link/", view(self.link_view), name="auth_user_link"),
            path("<int:pk>/withdraw/", view(self.withdraw_view), name="auth_user_withdraw"),
        ]
        return [*own, *super().get_urls()]

    def link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Invite somebody again, or let them choose a new password."""
        user = self.person_to_edit(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not user.is_active:
            messages.error(request, _("Who may not sign in needs no password."))
            return HttpResponseRedirect(page_of(user))
        return self.hand_over(request, user, is_by_mail="show" not in request.POST)

    def hand_over(
        self, request: HttpRequest, user: User, *, is_by_mail: bool = True
    ) -> HttpResponse:
        """Mail a link; show it once where no mail was sent. In no transaction: mail takes time."""
        is_invitation = waits_for_invitation(user)
        link = links.make_link(request, user, by=request.user)
        said = "Made a link for an invitation." if is_invitation else "Made a link for a password."
        self.log_change(request, user, said)
        if is_by_mail and links.has_mail() and user.email:
            if links.send(links.message_for(request, user, link, is_invitation=is_invitation)):
                text = _("An invitation was sent to %(email)s.")
                if not is_invitation:
                    text = _("A link for a new password was sent to %(email)s.")
                messages.success(request, text % {"email": user.email})
                return HttpResponseRedirect(page_of(user))
            why = _(
                "The mail to %(email)s could not be sent. Look at the mail settings (EMAIL_HOST). "
            )
            why %= {"email": user.email}
        elif is_by_mail and links.has_mail():
            why = _("They have no e-mail address. ")
        elif is_by_mail:
            why = _("No mail server is set (EMAIL_HOST), so nothing was sent. ")
        else:
            why = ""
        return self.shown_once(request, user, link, why=why, is_invitation=is_invitation)

    def shown_once(self, request: HttpRequest, user: User, link: str, **more: Any) -> HttpResponse:
        """Show the link in this one answer: a message would leave it in a cookie or a session."""
        title = (
            _("Invitation of %(name)s") if more["is_invitation"] else _("New password of %(name)s")
        )
        context = {
            **self.admin_site.each_context(request),
            "title": title % {"name": name_of(user)},
            "opts": self.opts,
            "person": user,
            "link": link,
            "until": links.good_until(request_time(request)),
            "back": page_of(user),
            **more,
        }
        response = TemplateResponse(request, "budgets/people/link.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take back an invitation: who never signed in is no person here any more."""
        user = self.person_to_edit(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        # By the password they were read with: who accepts in this moment stays.
        invited = User.objects.filter(pk=user.pk, password=user.password)
        if not waits_for_invitation(user) or not invited.delete()[0]:
            text = _("They have accepted. Untick “May sign in” to end their access.")
            messages.error(request, text)
            return HttpResponseRedirect(page_of(user))
        self.log_deletions(request, [user])
        text = _("The invitation of %(name)s is withdrawn; its links do not work any more.")
        messages.success(request, text % {"name": name_of(user)})
        return HttpResponseRedirect(reverse("admin:auth_user_changelist"))

    def person_to_edit(self, request: HttpRequest, pk: int) -> User:
        """Return somebody whom the person may edit. Raises `PermissionDenied` and `Http404`."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        user: User | None = self.get_object(request, str(pk))
        if user is None:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        return user


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()


def page_of(user: User) -> str:
    return reverse("admin:auth_user_change", args=[user.pk])
