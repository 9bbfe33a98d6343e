"""The addresses of signing in; that of `admin:login` stands before Django's own."""

from django.contrib import admin
from django.urls import path

from budgets.admin.sign_in.entrance import OwnPasswordPage, SignInPage, code_page
from budgets.admin.sign_in.owners import demand_two_step, lift_lock, reset_two_step, sign_in_page
from budgets.admin.sign_in.two_step import set_up_page, two_step_page

inside = admin.site.admin_view

urlpatterns = [
    path("login/", SignInPage.as_view()),
    path("password_change/", inside(OwnPasswordPage.as_view())),
    path("login/code/", code_page, name="sign_in_code"),
    path("two-step/", inside(two_step_page), name="two_step"),
    path("two-step/set-up/", inside(set_up_page), name="two_step_set_up"),
    path("sign-in/", inside(sign_in_page), name="sign_in"),
    path("sign-in/demand/", inside(demand_two_step), name="demand_two_step"),
    path("sign-in/lift/", inside(lift_lock), name="lift_lock"),
    path("sign-in/reset/<int:pk>/", inside(reset_two_step), name="reset_two_step"),
]
