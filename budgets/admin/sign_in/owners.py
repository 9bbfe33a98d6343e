"""The owners' page about signing in: who must use two steps, who lost a phone, who is locked."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from budgets.access.owners import may_touch
from budgets.access.roles import OWNER
from budgets.admin.base.admin import ROWS_A_PAGE, request_time
from budgets.models import AccessKind, TwoStepRole
from budgets.operations.access_record import record_access
from budgets.operations.sign_in.bounds import lift, locks
from budgets.operations.sign_in.two_step import remove
from core.requests.addresses import is_forwarded_by_unknown

for_owners = permission_required("budgets.change_twosteprole", raise_exception=True)

WITH_DEVICE = Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True))


@for_owners
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Show roles, people with two-step sign-in and what is locked."""
    with_device = User.objects.filter(WITH_DEVICE).order_by("username")
    context = {
        **admin.site.each_context(request),
        "title": _("Signing in"),
        "roles": roles(),
        "owner_role": OWNER,
        "people": with_device[:ROWS_A_PAGE],
        "is_behind_unknown_proxy": is_forwarded_by_unknown(request),
        "locks": locks(now=request_time(request), most=ROWS_A_PAGE),
    }
    return TemplateResponse(request, "budgets/sign_in/owners.html", context)


def roles() -> Any:
    """Return every role, how many people have it and how many of them use two steps."""
    mine = Q(user__is_active=True, user__is_staff=True)
    device = Q(user__totpdevice__confirmed=True)
    return Group.objects.order_by("name").annotate(
        people=Count("user", filter=mine, distinct=True),
        protected=Count("user", filter=mine & device, distinct=True),
        demands=Exists(TwoStepRole.objects.filter(group=OuterRef("pk"))),
    )


@require_POST
@for_owners
def demand_two_step(request: HttpRequest) -> HttpResponse:
    """Demand two-step sign-in of the roles that are ticked, and of no other."""
    ticked = set(request.POST.getlist("role"))
    for group in Group.objects.order_by("pk"):  # a handful of roles, each change recorded
        if str(group.pk) in ticked:
            TwoStepRole.objects.get_or_create(group=group)
        else:
            TwoStepRole.objects.filter(group=group).delete()
    messages.success(request, _("Saved. It holds from the next page that anybody opens."))
    return redirect("sign_in")


@require_POST
@for_owners
def reset_two_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lost phone off somebody's sign-in; their password alone lets them in again."""
    user = get_object_or_404(User, pk=pk)
    if not may_touch(request.user, user):
        raise PermissionDenied
    if remove(user, AccessKind.TWO_STEP_RESET):
        words = _("Two-step sign-in of “%(name)s” is reset: they sign in with their password.")
        messages.success(request, words % {"name": user.get_username()})
    return redirect("sign_in")


@require_POST
@for_owners
def lift_lock(request: HttpRequest) -> HttpResponse:
    """Let somebody, or an address, try again at once."""
    name, address = request.POST.get("name", ""), request.POST.get("address", "")
    if lift(now=request_time(request), name=name, address=address):
        record_access(AccessKind.UNLOCKED, name, detail=address)
        messages.success(request, _("Lifted: they may try again at once."))
    return redirect("sign_in")
