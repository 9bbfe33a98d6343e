"""Which address opens which door."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from budgets.admin.activity import activity_csv, activity_page
from budgets.admin.base.holidays import holidays_of_country
from budgets.admin.quick_search import quick_search
from budgets.health import healthz

lazy_static = lazy(static, str)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/activity/", admin.site.admin_view(activity_page), name="activity"),
    path("admin/activity/csv/", admin.site.admin_view(activity_csv), name="activity_csv"),
    path("admin/holidays/", admin.site.admin_view(holidays_of_country), name="holidays"),
    path("admin/", include("budgets.admin.sign_in.urls")),  # its sign-in stands before Django's
    path("admin/", include("budgets.admin.people.password_reset")),
    path("admin/", include("budgets.admin.recurring_tasks")),
    path("admin/search/", admin.site.admin_view(quick_search), name="quick_search"),
    path("admin/", admin.site.urls),
    path("api/", include("budgets.api.urls")),
    path("healthz", healthz, name="healthz"),
    # Browsers ask for it wherever a page does not name its own.
    path("favicon.ico", RedirectView.as_view(url=lazy_static("budgets/favicon.svg"))),
]

handler400 = "budgets.api.http.fallbacks.bad_request"
handler500 = "budgets.api.http.fallbacks.server_error"
