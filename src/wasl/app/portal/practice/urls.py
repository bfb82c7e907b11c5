"""Addresses of practice. They share nothing with `/i/` and `/v/`: a token of one is unknown to the other."""

from __future__ import annotations

from django.urls import path

from wasl.app.portal.practice import views

urlpatterns = [
    path("", views.begin, name="practice"),
    path("<str:token>", views.invoice, name="practice-invoice"),
    path("<str:token>/ask", views.ask, name="practice-ask"),
    path("<str:token>/verify", views.verify, name="practice-verify"),
    path("<str:token>/pay", views.pay, name="practice-pay"),
    path("<str:token>/status", views.status, name="practice-status"),
    path("<str:token>/remove", views.remove, name="practice-remove"),
]
