"""The limit above which a refund needs two people: lowered at once, raised only by two owners, or after a day where there is one."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from wasl.app import clock
from wasl.app.payments.terms import LimitMoved, OwnLimit, approval_limit, approve_limit, change_settings, stop_limit
from wasl.app.tenancy.actor import Actor
from wasl.app.tenancy.organisations import add_member

pytestmark = pytest.mark.django_db
HERE = "/console/sanad/payments/refunds/limit"


@pytest.fixture
def second(org: Any, make_person: Any, actor: Any) -> Any:
    """Another owner's browser."""
    from django.test import Client

    person = make_person(name="Huda")
    add_member(org, person, "owner", actor=actor)
    client = Client()
    client.force_login(person, backend="wasl.app.tenancy.signin.PasswordBackend")
    return client


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_an_owner_cannot_raise_the_limit_refund_alone_and_put_it_back(desk: Any, second: Any, org: Any, owner: Any, mailoutbox: Any) -> None:
    from wasl.app.payments.refunds import needs_approval
    from wasl.app.portal.limit_changed import send

    desk.post(HERE, {"limit": "200"})
    assert approval_limit(org, "SAR") == 200_00
    for higher in ("100000", ""):
        desk.post(HERE, {"limit": higher})
        assert approval_limit(org, "SAR") == 200_00 and needs_approval(org.pk, 500_00, "SAR")
    assert "It waits for another owner" in words(desk.get(f"{HERE}?lang=en"))
    with pytest.raises(OwnLimit):
        approve_limit(org, seen=None, actor=Actor.of(owner))
    assert "no limit at all" in words(second.get(f"{HERE}?lang=en"))
    second.post(HERE, {"act": "approve", "seen": "10000000"})
    assert approval_limit(org, "SAR") == 200_00, "it was another figure that they saw"

    second.post(HERE, {"act": "approve", "seen": ""})

    assert approval_limit(org, "SAR") is None
    said = {"by": Actor.of(owner).label, "was": 200_00, "wanted": None, "counts_at": ""}
    assert send(org.pk, "refund-limit-asked", said) >= 2
    assert owner.email in [address for mail in mailoutbox for address in mail.to] and "200" in mailoutbox[0].body


def test_a_lower_limit_counts_at_once_and_ends_what_was_asked_for(desk: Any, second: Any, org: Any, owner: Any) -> None:
    change_settings(org, actor=Actor.of(owner), refund_approval_above=200_00)
    change_settings(org, actor=Actor.of(owner), refund_approval_above=900_00)
    change_settings(org, actor=Actor.of(owner), refund_approval_above=100_00)

    assert approval_limit(org, "SAR") == 100_00
    with pytest.raises(LimitMoved):
        stop_limit(org, actor=Actor.of(owner))


def test_a_single_owner_waits_a_day_and_may_stop_it(desk: Any, org: Any, owner: Any) -> None:
    change_settings(org, actor=Actor.of(owner), refund_approval_above=200_00)
    desk.post(HERE, {"limit": "900"})
    assert approval_limit(org, "SAR") == 200_00 and "It counts from" in words(desk.get(f"{HERE}?lang=en"))
    desk.post(HERE, {"act": "stop"})
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert approval_limit(org, "SAR") == 200_00

    change_settings(org, actor=Actor.of(owner), refund_approval_above=None)
    with clock.frozen(clock.now() + timedelta(hours=23)):
        assert approval_limit(org, "SAR") == 200_00
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert approval_limit(org, "SAR") is None
        change_settings(org, actor=Actor.of(owner), refund_approval_above=50_00)
        assert approval_limit(org, "SAR") == 50_00
