"""Signing in to the inbox, and the account pages: `/inbox/enter...`, `/inbox/account/...`."""

from __future__ import annotations

from django.urls import path

from wasl.app.portal.account import enter

urlpatterns = [
    path("enter", enter.enter, name="inbox-enter"),
    path("enter/code", enter.code, name="inbox-code"),
    path("leave", enter.leave, name="inbox-leave"),
    path("switch", enter.switch, name="inbox-switch"),
]
