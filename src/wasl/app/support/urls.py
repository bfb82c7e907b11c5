"""Addresses of the support application that are no page."""

from __future__ import annotations

from django.urls import path

from wasl.app.support.threads import hook

urlpatterns = [path("hooks/mail", hook.hook, name="mail-hook")]
