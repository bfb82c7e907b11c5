"""The payer's addresses. Tokens are 43 characters of base64url; anything else is answered like an unknown one."""

from __future__ import annotations

from django.urls import include, path

from wasl.app.portal import account_changed, mine, remind, verify, views
from wasl.app.portal.account import claims
from wasl.app.portal.pay import transfer
from wasl.app.portal.viewer import routes

urlpatterns = [
    *routes("", views.invoice, "payer"),
    path("i/<str:token>/opened", views.opened, name="payer-opened"),
    path("i/<str:token>/again", views.again, name="payer-again"),
    path("i/<str:token>/keep", claims.keep, name="payer-keep"),
    path("", include("wasl.app.portal.pay.urls")),
    *routes("/pdf", views.download, "payer-pdf", kind="pdf"),
    *routes("/xml", views.download, "payer-xml", kind="xml"),
    *routes("/seal", views.download, "payer-seal", kind="xades"),
    *routes("/proof", views.download, "payer-proof", kind="proof"),
    path("", include("wasl.app.portal.chat.urls")),
    path("", include("wasl.app.portal.questions.urls")),
    path("", include("wasl.app.portal.callback.urls")),
    path("", include("wasl.app.portal.story")),
    *routes("/all", views.everything, "payer-zip"),
    *routes("/calendar", views.calendar, "payer-calendar"),
    *routes("/not-mine", mine.not_mine, "payer-not-mine"),
    *routes("/remind", remind.remind, "payer-remind"),
    path("v/<str:token>", verify.verify, name="verify"),
    path("account-change/<str:token>", account_changed.stop, name="account-change-stop"),
    *routes("/transfer", transfer.transfer, "payer-transfer"),
    path("help/", include("wasl.app.portal.help.urls")),
    path("", include("wasl.app.portal.help.payer_urls")),
    path("practice/", include("wasl.app.portal.practice.urls")),
    path("", include("wasl.app.portal.preferences.urls")),
    path("inbox/notices", include("wasl.app.portal.notices.urls")),
    path("inbox/", include("wasl.app.portal.account.urls")),
    path("inbox/", include("wasl.app.portal.search.urls")),
    path("inbox/", include("wasl.app.portal.inbox.urls")),
]
