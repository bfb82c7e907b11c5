"""The payer's addresses. Tokens are 43 characters of base64url; anything else is answered like an unknown one."""

from __future__ import annotations

from django.urls import path

from wasl.app.portal import verify, views

urlpatterns = [
    path("i/<str:token>", views.invoice, name="payer"),
    path("i/<str:token>/opened", views.opened, name="payer-opened"),
    path("i/<str:token>/pay", views.pay, name="payer-pay"),
    path("i/<str:token>/again", views.again, name="payer-again"),
    path("i/<str:token>/pdf", views.download, {"kind": "pdf"}, name="payer-pdf"),
    path("i/<str:token>/xml", views.download, {"kind": "xml"}, name="payer-xml"),
    path("i/<str:token>/seal", views.download, {"kind": "xades"}, name="payer-seal"),
    path("i/<str:token>/proof", views.download, {"kind": "proof"}, name="payer-proof"),
    path("v/<str:token>", verify.verify, name="verify"),
]
