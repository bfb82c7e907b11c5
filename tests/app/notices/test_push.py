"""Web push against a service that checks the signature and opens the message as a browser would; and endpoints that point inward."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from wasl.app.notices.errors import BadSubscription, TooManySubscriptions
from wasl.app.notices.models import Push, PushSubscription
from wasl.app.notices.push import outward, vapid
from wasl.app.notices.push.send import push_due
from wasl.app.notices.push.subscriptions import DEVICES_MAX, remove_subscription, save_subscription, subscriptions_of
from wasl.standins.process import running

pytestmark = pytest.mark.django_db
ADDRESS = "nadir@y.example"


@pytest.fixture(scope="module")
def service() -> Iterator[httpx.Client]:
    with running("wasl.standins.pushserver", "--port", "0") as ports, httpx.Client(base_url=f"http://127.0.0.1:{ports['http']}") as client:
        yield client


@pytest.fixture
def browser(service: httpx.Client, settings: Any) -> Callable[..., dict[str, Any]]:
    """A browser that allowed notifications; saved for ADDRESS."""

    def allow(email: str = ADDRESS) -> dict[str, Any]:
        settings.CONFIG = dataclasses.replace(settings.CONFIG, push_hosts=service.base_url.netloc.decode())
        given = service.post("/control/subscribe", json={"applicationServerKey": vapid.public_key()}).json()
        save_subscription(email, endpoint=given["endpoint"], **given["keys"], language="ar", label="Firefox")
        return given

    return allow


def got(service: httpx.Client, given: dict[str, Any]) -> list[dict[str, Any]]:
    return service.get("/api/messages", params={"id": given["id"]}).json()


@pytest.fixture
def due(now: Any, send_invoice: Any, work: Any) -> Callable[[], Any]:
    """A reminder is due, and its pushes are queued."""

    def make() -> Any:
        row = send_invoice()
        work()
        now.set(now.moment.fromisoformat("2026-12-20T06:00+00:00"))
        work()
        return row

    return make


def test_a_reminder_reaches_the_browser_and_tells_a_locked_screen_nothing(browser: Any, service: Any, due: Any) -> None:
    given = browser()
    row = due()
    assert push_due() == 1 and push_due() == 0

    (message,) = got(service, given)
    shown = json.loads(message["text"])
    assert shown["title"] == "شركة سند للتقنية" and shown["body"] == "فاتورة تستحق الأربعاء 23 ديسمبر 2026." and shown["dir"] == "rtl"
    assert "/i/" in shown["url"] and row.number not in message["text"] and "242" not in shown["body"] and "Lies" not in message["text"]
    assert message["claims"]["aud"] == str(service.base_url).rstrip("/")


@pytest.mark.parametrize(("fault", "state", "copies"), [("500", "deferred", 0), ("429", "deferred", 0), ("dieafterdata", "unknown", 1)])
def test_what_failed_is_tried_again_and_a_second_copy_replaces_the_first(
    fault: str, state: str, copies: int, browser: Any, service: Any, due: Any, now: Any
) -> None:
    given = browser()
    row = due()
    service.post("/control/behaviour", json={"id": given["id"], "behaviour": fault})
    assert push_due() == 0
    assert Push.objects.for_org(row.organisation_id).get().state == state and len(got(service, given)) == copies
    now.forward(minutes=2)
    assert push_due() == 1 and len(got(service, given)) == 1


@pytest.mark.parametrize("fault", ["404", "410"])
def test_a_browser_that_is_gone_is_forgotten(fault: str, browser: Any, service: Any, due: Any) -> None:
    given = browser()
    due()
    service.post("/control/behaviour", json={"id": given["id"], "behaviour": fault})
    assert push_due() == 0 and subscriptions_of(ADDRESS) == []


def test_t49_a_redirect_is_not_followed(browser: Any, service: Any, due: Any) -> None:
    given = browser()
    row = due()
    service.post("/control/behaviour", json={"id": given["id"], "behaviour": "redirect"})
    assert push_due() == 0 and Push.objects.for_org(row.organisation_id).get().state == "dropped"


def test_what_was_paid_in_between_wakes_nobody(browser: Any, service: Any, due: Any, pay: Any) -> None:
    given = browser()
    row = due()
    pay(row)
    assert push_due() == 0 and got(service, given) == []


INWARD = [
    "http://push.example.com/x", "https://127.0.0.1/x", "https://[::1]/x", "https://169.254.169.254/latest", "https://10.0.0.8/x", "https://[::ffff:127.0.0.1]/",
    "https://0/x", "https://2130706433/x", "https://0x7f.1/x", "https://user@push.example.com/x", "https://push.example.com:8443/x", "file:///etc/passwd",
    "gopher://push.example.com/x", "data:text/plain,x", "https://localhost/x", "https://router.local/x", "https://intranet/x", "https://１２７.0.0.1/x",
    "https://push.example.com/\r\nX: y", "https://push.example.com/" + "a" * 1000, "https://a.internal./x",
]  # fmt: skip


@pytest.mark.parametrize("url", INWARD)
def test_t47_t50_an_endpoint_that_points_inward_is_refused(url: str, settings: Any) -> None:
    settings.CONFIG = dataclasses.replace(settings.CONFIG, push_hosts="")
    with pytest.raises(BadSubscription):
        outward.checked_endpoint(url)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "::1", "fe80::1%eth0",
                                     "fc00::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1"])  # fmt: skip
def test_t48_a_public_name_that_leads_inward_is_not_connected_to(address: str, monkeypatch: Any) -> None:
    assert not outward.is_public(address) and outward.is_public("93.184.216.34")
    monkeypatch.setattr(outward.socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", (address, 443))])
    with pytest.raises(OSError):
        outward.public_addresses("push.example.com", 443)


def test_t48_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: Any) -> None:
    """DNS rebinding: the name is asked once, and the answer is pinned."""
    asked, dialled = [], []
    monkeypatch.setattr(outward.socket, "getaddrinfo", lambda host, *_a, **_k: asked.append(host) or [(2, 1, 6, "", ("93.184.216.34", 443))])
    monkeypatch.setattr(outward.httpcore.SyncBackend, "connect_tcp", lambda _self, host, *_a: dialled.append(host) or (_ for _ in ()).throw(OSError()))
    with pytest.raises(OSError):
        outward._Pinned().connect_tcp("push.example.com", 443)
    assert asked == ["push.example.com"] and dialled == ["93.184.216.34"]


def test_keys_that_are_none_and_too_many_devices_are_refused(browser: Any, settings: Any) -> None:
    first = browser()
    good = {"endpoint": first["endpoint"], **first["keys"]}
    for wrong in ({"p256dh": "AAAA"}, {"auth": "x"}, {"p256dh": base64.urlsafe_b64encode(b"\x04" + b"\x01" * 64).decode()}):
        with pytest.raises(BadSubscription):
            save_subscription(ADDRESS, **{**good, **wrong})
    assert save_subscription(ADDRESS, **good).pk == subscriptions_of(ADDRESS)[0].pk
    for _ in range(DEVICES_MAX - 1):
        browser()
    with pytest.raises(TooManySubscriptions):
        browser()
    row = subscriptions_of(ADDRESS)[0]
    assert not remove_subscription("thief@y.example", row.pk) and remove_subscription(ADDRESS, row.pk)
    assert PushSubscription.objects.count() == DEVICES_MAX - 1


def test_the_encryption_is_that_of_the_rfcs_own_example() -> None:
    """RFC 8291, appendix A: the stand-in opens the RFC's message, so what it opens of ours is encrypted as the RFC has it."""
    from cryptography.hazmat.primitives.asymmetric import ec

    from wasl.standins.pushserver.service import Browser, opened, unb64

    private = ec.derive_private_key(int.from_bytes(unb64("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")), ec.SECP256R1())
    browser = Browser("x", "", private, unb64("BTBZMqHH6r4Tts7J_aSIgg"))
    body = unb64(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert opened(browser, body) == b"When I grow up, I want to be a watermelon"
