"""Addresses of the help centre: public, in both languages, without a sign-in."""

from __future__ import annotations

from django.urls import path

from wasl.app.portal.help import views

urlpatterns = [
    path("", views.index, name="help"),
    path("<slug:slug>", views.article, name="help-article"),
]
