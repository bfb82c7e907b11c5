"""Owners connect payment gateways; nobody sees a key again, and nobody else finds the pages."""

from __future__ import annotations

import httpx
import pytest
from django.test import Client

from wasl.app.payments.accounts import GatewayAccount
from wasl.app.payments.drivers import registry, wire
from wasl.app.payments.drivers.port import KeyRefused
from wasl.app.tenancy.models import AuditEntry

KEY, SECRET = "sk_test_51a_secret_of_sanad", "whsec_first_of_sanad"
FORM = {"key": KEY, "secret": SECRET, "mode": "test", "families": ["card", "apple_pay"]}
PAGE = "/console/sanad/gateways"


@pytest.fixture
def gateway(monkeypatch):
    """Every gateway answers with what the test puts here."""
    answer = {"status": 200, "value": {"object": "list", "data": []}, "keys": []}

    def handle(request: httpx.Request) -> httpx.Response:
        answer["keys"].append(request.headers.get("Authorization", ""))
        return httpx.Response(answer["status"], json=answer["value"])

    client = httpx.Client(transport=httpx.MockTransport(handle))
    monkeypatch.setattr(wire, "client", lambda: client)
    registry._made.cache_clear()
    yield answer
    registry._made.cache_clear()


@pytest.mark.django_db
def test_connect_check_change_rotate_retire_switch(desk, org, gateway):
    empty = desk.get(PAGE).content.decode()
    assert "لا بوابة دفع بعد" in empty and f"/hooks/stripe/{org.pk}" not in empty
    assert f"/hooks/stripe/{org.pk}" in desk.get(f"{PAGE}/stripe").content.decode()

    assert desk.post(f"{PAGE}/stripe", FORM).status_code == 302
    page = desk.get(PAGE).content.decode()
    assert gateway["keys"] == [f"Bearer {KEY}"]
    assert f"/hooks/stripe/{org.pk}" in page and KEY not in page and SECRET not in page and KEY[-4:] in page
    assert registry.driver(org, "stripe").secrets == (SECRET,)

    assert desk.post(f"{PAGE}/stripe/secret", {"secret": "whsec_second_of_sanad"}).status_code == 302
    assert registry.driver(org, "stripe").secrets == ("whsec_second_of_sanad", SECRET)
    assert "سرّان للإشعارات صالحان معًا" in desk.get(PAGE).content.decode()
    desk.post(f"{PAGE}/stripe/act", {"act": "retire"})
    assert registry.driver(org, "stripe").secrets == ("whsec_second_of_sanad",)

    desk.post(f"{PAGE}/stripe/act", {"act": "off"})
    assert "stripe" not in [offer.driver for offer in registry.offered(org, "SAR")]
    assert registry.driver(org, "stripe").name == "stripe", "old payments are still asked about"
    desk.post(f"{PAGE}/stripe/act", {"act": "on"})
    assert "stripe" in [offer.driver for offer in registry.offered(org, "SAR")]

    acts = set(AuditEntry.objects.for_org(org).filter(object_type="gateway").values_list("act", flat=True))
    assert acts == {"gateway.connect", "gateway.check", "gateway.rotate", "gateway.retire", "gateway.off", "gateway.on"}
    assert not any("secret_of" in str(body) for body in AuditEntry.objects.for_org(org).values_list("body", flat=True))


@pytest.mark.django_db
def test_a_key_that_the_gateway_refuses_is_said_and_kept_for_mending(desk, org, gateway):
    gateway["status"], gateway["value"] = 401, {"error": {"type": "invalid_request_error"}}

    page = desk.post(f"{PAGE}/stripe", FORM, follow=True).content.decode()

    assert "لا تقبل المفتاح" in page and "تحتاج إليك" in page
    with pytest.raises(KeyRefused):
        registry.driver(org, "stripe").find("pay-1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("driver", "change"),
    [
        ("stripe", {"key": "pk_test_51a_public_key"}),
        ("stripe", {"key": "sk_test_51a with space"}),
        ("stripe", {"key": "an-other-gateways-key"}),
        ("stripe", {"key": "4111111111111111"}),
        ("stripe", {"secret": "short"}),
        ("stripe", {"key": ""}),
        ("paytabs", {"key": "SXXXXXXXXX-XXXXXXXXXX-XXXX", "profile": "https://evil.example", "region": "SA"}),
        ("paytabs", {"key": "SXXXXXXXXX-XXXXXXXXXX-XXXX", "profile": "100001", "region": "http://169.254.169.254"}),
        ("paytabs", {"key": "SXXXXXXXXX-XXXXXXXXXX-XXXX", "profile": "", "region": "SA"}),
    ],
)
def test_t47_what_is_no_key_and_what_is_an_address_is_refused_and_not_shown_back(desk, org, gateway, driver, change):
    """T47"""
    answer = desk.post(f"{PAGE}/{driver}", FORM | change)

    assert answer.status_code == 422
    typed = change.get("key", FORM["key"])
    assert not typed or f'value="{typed}"' not in answer.content.decode()
    assert not GatewayAccount.objects.for_org(org).exists() and gateway["keys"] == []


@pytest.mark.django_db
def test_t53_only_owners_of_this_seller_find_the_pages(desk, clerk_desk, org, gateway, make_person):
    """T53"""
    desk.post(f"{PAGE}/stripe", FORM)
    stranger = Client()
    stranger.force_login(make_person("stranger@example.com"), backend="wasl.app.tenancy.signin.PasswordBackend")
    for path in (PAGE, f"{PAGE}/stripe", f"{PAGE}/stripe/secret"):
        assert clerk_desk.get(path).status_code == 403
        assert stranger.get(path).status_code == 404
        assert Client().get(path).status_code == 302
    for client, code in ((clerk_desk, 403), (stranger, 404)):
        assert client.post(f"{PAGE}/stripe/act", {"act": "off"}).status_code == code
        assert client.post(f"{PAGE}/stripe", FORM).status_code == code
    assert GatewayAccount.objects.for_org(org).get().is_active
    assert "بوابات الدفع" not in clerk_desk.get("/console/sanad/").content.decode()


@pytest.mark.django_db
def test_what_is_not_there_is_not_there(desk, org, gateway):
    for path in (f"{PAGE}/evil", f"{PAGE}/bank", f"{PAGE}/stripe/secret", f"{PAGE}/tap/secret"):
        assert desk.get(path).status_code == 404, path
    assert desk.post(f"{PAGE}/stripe/act", {"act": "check"}).status_code == 404
    assert desk.post(f"{PAGE}/stripe/act", {"act": "anything"}).status_code == 404


@pytest.mark.django_db
def test_t63_checks_are_limited_because_they_ask_another_machine(desk, org, gateway):
    """T63"""
    desk.post(f"{PAGE}/stripe", FORM)
    codes = [desk.post(f"{PAGE}/stripe/act", {"act": "check"}).status_code for _ in range(12)]
    assert codes[-1] == 429 and len(gateway["keys"]) == 10


@pytest.mark.django_db
def test_t10_a_row_of_another_place_does_not_open(desk, org, gateway):
    """T10: a key wrapped for one row, column or organisation opens nowhere else."""
    from wasl.seal.errors import SecretUnreadable

    desk.post(f"{PAGE}/stripe", FORM)
    row = GatewayAccount.objects.for_org(org).get()
    assert KEY.encode() not in bytes(row.key_wrapped) and SECRET.encode() not in bytes(row.secrets_wrapped)
    row.key_wrapped, row.secrets_wrapped = row.secrets_wrapped, row.key_wrapped
    with pytest.raises(SecretUnreadable):
        row.opened()


@pytest.mark.django_db
def test_another_account_takes_the_old_ones_secret_away(desk, org, gateway):
    desk.post(f"{PAGE}/stripe", FORM)
    desk.post(f"{PAGE}/stripe", FORM | {"key": "sk_live_51a_secret_of_sanad", "secret": "whsec_live_of_sanad", "mode": "live"})
    assert registry.driver(org, "stripe").secrets == ("whsec_live_of_sanad",)
