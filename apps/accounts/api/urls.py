"""Addresses of accounts, under /api/v1/."""

from django.urls import path

from .views.addresses import AddressesView, AddressView
from .views.auth import LoginView, LogoutView, RefreshView, RegisterView
from .views.me import MeView, PasswordView
from .views.password_reset import RequestResetView, ResetPasswordView
from .views.sessions import SessionsView, SessionView

urlpatterns = [
    path("auth/register/", RegisterView.as_view(), name="register"),
    path("auth/login/", LoginView.as_view(), name="login"),
    path("auth/refresh/", RefreshView.as_view(), name="refresh"),
    path("auth/logout/", LogoutView.as_view(), name="logout"),
    path("auth/sessions/", SessionsView.as_view(), name="sessions"),
    path("auth/sessions/<uuid:session_id>/", SessionView.as_view(), name="session"),
    path("auth/password-reset/", RequestResetView.as_view(), name="password-reset"),
    path("auth/password-reset/confirm/", ResetPasswordView.as_view(), name="password-reset-confirm"),
    path("me/", MeView.as_view(), name="me"),
    path("me/password/", PasswordView.as_view(), name="my-password"),
    path("me/addresses/", AddressesView.as_view(), name="my-addresses"),
    path("me/addresses/<uuid:address_id>/", AddressView.as_view(), name="my-address"),
]
