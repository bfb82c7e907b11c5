"""Signing in to the inbox, and the account pages: `/inbox/enter...`, `/inbox/join...`, `/inbox/account/...`."""

from __future__ import annotations

from django.urls import path

from wasl.app.portal.account import addresses, claims, data, details, devices, enter, page, passkeys, people

urlpatterns = [
    path("enter", enter.enter, name="inbox-enter"),
    path("enter/code", enter.code, name="inbox-code"),
    path("enter/again", enter.again, name="inbox-again"),
    path("enter/passkey", passkeys.enter, name="inbox-passkey"),
    path("enter/passkey/begin", passkeys.begin_enter, name="inbox-passkey-begin"),
    path("leave", enter.leave, name="inbox-leave"),
    path("switch", enter.switch, name="inbox-switch"),
    path("join", people.join, name="inbox-join"),
    path("join/later", people.decline, name="inbox-join-later"),
    path("join/<str:token>", people.invitation, name="inbox-invitation"),
    path("claim", claims.claim, name="inbox-claim"),
    path("claim/ask", claims.ask_seller, name="inbox-claim-ask"),
    path("kept", claims.kept, name="inbox-kept"),
    path("account/", page.account, name="inbox-account"),
    path("account/details", details.save, name="inbox-details"),
    path("account/details/ask", details.ask, name="inbox-details-ask"),
    path("account/addresses", addresses.add, name="inbox-address-add"),
    path("account/addresses/code", addresses.prove, name="inbox-address-code"),
    path("account/addresses/<uuid:address_id>/primary", addresses.primary, name="inbox-address-primary"),
    path("account/addresses/<uuid:address_id>/remove", addresses.remove, name="inbox-address-remove"),
    path("account/addresses/<uuid:address_id>/keep", addresses.keep, name="inbox-address-keep"),
    path("account/addresses/<uuid:address_id>/move", addresses.move, name="inbox-address-move"),
    path("account/people/open", people.create, name="inbox-open"),
    path("account/people/invite", people.invite, name="inbox-invite"),
    path("account/people/leave", people.leave, name="inbox-quit"),
    path("account/people/invitations/<uuid:invite_id>/withdraw", people.withdraw, name="inbox-invite-withdraw"),
    path("account/people/<uuid:person_id>/role", people.role, name="inbox-role"),
    path("account/people/<uuid:person_id>/remove", people.remove, name="inbox-person-remove"),
    path("account/passkeys/begin", passkeys.begin_add, name="inbox-passkey-add-begin"),
    path("account/passkeys", passkeys.add, name="inbox-passkey-add"),
    path("account/passkeys/<int:key_id>/rename", passkeys.rename, name="inbox-passkey-rename"),
    path("account/passkeys/<int:key_id>/remove", passkeys.remove, name="inbox-passkey-remove"),
    path("account/devices/others", devices.end_others, name="inbox-devices-end"),
    path("account/devices/<int:session_id>", devices.end, name="inbox-device-end"),
    path("account/export", data.export, name="inbox-export"),
    path("account/erase", data.erase, name="inbox-erase"),
]
