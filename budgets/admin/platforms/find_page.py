"""Find campaigns: what an account has that is not linked, and what each would become."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from budgets.admin.base.admin import message_changes, request_time
from budgets.admin.platforms.connection import ConnectionAdmin
from budgets.cells.identifiers import number_in
from budgets.models import Direction, PlatformAccount
from budgets.operations.database import id_rows
from budgets.operations.platforms.calling import Line
from budgets.operations.platforms.discover import Proposal, adopt, discover, proposals
from budgets.reports.words import local_time, money

ROWS_SHOWN = 200
MAKE_CAMPAIGN = "budgets.add_campaign"
LINK = "budgets.add_linkedcampaign"


class FindAdmin(ConnectionAdmin):
    """An account's page with a button to find its campaigns."""

    actions_detail = ("find_campaigns", *ConnectionAdmin.actions_detail)

    @action(
        description=gettext_lazy("Find campaigns…"),
        permissions=["change"],
        url_path="find-campaigns",
        icon="travel_explore",
    )
    def find_campaigns(self, request: HttpRequest, object_id: str) -> HttpResponse:
        account = self.account_for(request, object_id)
        if request.method == "POST":
            if "look" in request.POST:
                self.look_again(request, account)
            else:
                self.take(request, account)
            return HttpResponseRedirect(request.path)
        found = proposals(account, most=ROWS_SHOWN + 1)
        makes = request.user.has_perm(MAKE_CAMPAIGN)
        at = account.listed_at
        context = {
            "rows": [self.row_in_words(each, account) for each in found[:ROWS_SHOWN]],
            "has_more": len(found) > ROWS_SHOWN,
            "shown": ROWS_SHOWN,
            "makes": makes,
            "links": request.user.has_perm(LINK),
            "listed": local_time(at, account.brand.clock) if at else "",
        }
        title = _("Campaigns of “%(account)s” that are not linked") % {"account": account}
        return self.page(request, account, "budgets/platforms/find.html", title, context)

    def look_again(self, request: HttpRequest, account: PlatformAccount) -> None:
        """Ask the platform now."""
        line = Line.to(account.pk, Direction.CAMPAIGNS, clock=timezone.now, is_asked_for=True)
        if line:
            with line.noting():
                discover(line)
        if line is None or line.exchange.failures:
            text = _("The platform could not be asked: the account's page says why.")
            messages.error(request, text)

    def take(self, request: HttpRequest, account: PlatformAccount) -> None:
        """Link and add what was chosen, or leave it out of the warnings."""
        ids = [pk for pk in map(number_in, request.POST.getlist("found")) if pk is not None]
        if "leave" in request.POST or "watch" in request.POST:
            rows = account.found.filter(pk__in=id_rows(ids))
            told = rows.update(is_left_out="leave" in request.POST)
            text = ngettext("%(n)s campaign noted.", "%(n)s campaigns noted.", told)
            messages.success(request, text % {"n": told})
            return
        if not request.user.has_perm(LINK):
            return
        chosen = [each for each in proposals(account, most=ROWS_SHOWN) if each.found.pk in ids]
        if not request.user.has_perm(MAKE_CAMPAIGN):
            chosen = [each for each in chosen if each.campaign]
        changes = adopt(
            account, chosen, by=request.user, now=request_time(request), clock=timezone.now
        )
        added = sum(each.campaign is None for each in chosen)
        text = _("Linked: %(linked)s; of these new here: %(added)s.")
        messages.success(request, text % {"linked": len(chosen), "added": added})
        message_changes(request, changes)

    def row_in_words(self, each: Proposal, account: PlatformAccount) -> dict[str, Any]:
        found = each.found
        return {
            "found": found,
            "spent": money(found.spent, account.currency) if found.spent else "–",
            "campaign": each.campaign,
            "why": _("same ID") if each.is_by_id else _("same name"),
            "is_chosen": each.campaign is not None and not found.is_left_out,
        }
