"""Preferences: what is chosen holds, what it means is said before and after, and a save can be taken back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from wasl.app.notices import kinds
from wasl.app.notices.preferences import Preferences, preferences_of

pytestmark = pytest.mark.django_db
WHO = "buyer@example.com"
FORM = {
    "act": "save", "language": "en", "digits": "latn", "theme": "auto", "time_zone": "Asia/Riyadh", "country": "SA", "schedule": "own",
    "day": ["7", "1"], "digest": "off", "quiet": "1", "quiet_from": "22:00", "quiet_until": "07:00", "skip_weekends": "1",
    "shown": ["email", "portal", "ics"], "on-due_soon": ["email"], "on-paid": ["email", "portal"],
}  # fmt: skip


def page(token: str) -> str:
    return f"/i/{token}/preferences"


def text(response: Any) -> str:
    return re.sub(r"[\u2066-\u2069]", "", response.content.decode())


def test_a_link_holder_chooses_without_an_account_and_every_choice_is_kept(token: str) -> None:
    response = Client().post(page(token), FORM)

    kept = preferences_of(WHO)
    assert response.status_code == 302
    assert kept.reminder_days == (7, 1) and kept.time_zone == "Asia/Riyadh" and kept.country == "SA"
    assert kept.quiet_from.hour == 22 and kept.quiet_until.hour == 7 and kept.skip_weekends and not kept.skip_holidays
    assert kept.on(kinds.DUE_SOON) - {"push"} == {"email"} and kept.on(kinds.PAID) - {"push"} == {"email", "portal"} and kept.on(kinds.OVERDUE) <= {"push"}


def test_what_must_come_stays_on_whatever_the_form_says(token: str) -> None:
    Client().post(page(token), FORM)

    kept = preferences_of(WHO)
    assert "email" in kept.on(kinds.NEW) and "email" in kept.on(kinds.LEGAL)


def test_a_channel_that_the_page_did_not_show_keeps_what_it_was(token: str) -> None:
    Client().post(page(token), FORM | {"shown": ["email"]})

    assert preferences_of(WHO).on(kinds.OVERDUE) == {"push", "portal"}


def test_the_page_says_what_will_happen_and_a_preview_keeps_nothing(token: str) -> None:
    client = Client()
    tried = client.post(page(token), FORM | {"act": "preview"}, HTTP_ACCEPT_LANGUAGE="en")

    assert "7 days before and 1 day before" in text(tried) and "Not saved yet" in text(tried)
    assert preferences_of(WHO) == Preferences()


def test_while_choosing_only_the_words_are_asked_for(token: str) -> None:
    tried = Client().post(page(token), FORM | {"act": "preview"}, headers={"HX-Request": "true"})

    assert tried.content.decode().lstrip().startswith('<ul class="prefs__words">')


def test_the_next_reminder_moves_with_the_choice(token: str, issued: Any) -> None:
    from wasl.app.delivery.send import deliver
    from wasl.app.notices.preview import coming

    deliver(issued, recipient=WHO)
    Client().post(page(token), FORM | {"day": ["3"], "skip_weekends": ""})
    (before,) = coming(WHO)
    Client().post(page(token), FORM | {"day": ["5"], "skip_weekends": ""})
    (after,) = coming(WHO)

    assert (before.day, after.day) == (issued.due_date - timedelta(days=3), issued.due_date - timedelta(days=5))


def test_a_save_can_be_undone_once_it_is_seen(token: str) -> None:
    client = Client()
    saved = client.post(page(token), FORM)
    shown = client.get(saved["Location"])
    was = re.search(r'name="was" value="([^"]+)"', shown.content.decode()).group(1)  # type: ignore[union-attr]

    client.post(page(token), {"act": "undo", "was": was})

    assert preferences_of(WHO) == Preferences()


@pytest.mark.parametrize("was", ["", "x", "a:b:c"])
def test_a_forged_way_back_changes_nothing(token: str, was: str) -> None:
    Client().post(page(token), FORM)
    response = Client().post(page(token), {"act": "undo", "was": was})

    assert response.status_code == 422 and preferences_of(WHO).reminder_days == (7, 1)


def test_t54_the_way_back_of_another_address_is_refused(token: str, issued: Any) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    other = Client()
    theirs = other.get(other.post(page(make_link(issued, Link.MAIL, "other@example.com")), FORM)["Location"])
    was = re.search(r'name="was" value="([^"]+)"', theirs.content.decode()).group(1)  # type: ignore[union-attr]

    assert Client().post(page(token), {"act": "undo", "was": was}).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"digits": "roman"}, {"theme": "pink"}, {"time_zone": "../../etc/passwd"}, {"country": "sa"}, {"digest": "hourly"}, {"day": ["999"]},
        {"day": ["٣"]}, {"quiet_from": "9:00"}, {"quiet_from": "09:30"}, {"language": "fr"}, {"day": ["-1"]},
    ],
    ids=str,
)  # fmt: skip
def test_what_no_control_of_ours_sends_is_refused_and_nothing_is_kept(token: str, wrong: dict[str, Any]) -> None:
    response = Client().post(page(token), FORM | wrong)

    assert response.status_code == 422 and preferences_of(WHO) == Preferences()


def test_figures_and_colours_change_in_this_browser_at_once(token: str) -> None:
    client = Client()
    client.post(page(token), FORM | {"language": "ar", "digits": "arab", "theme": "dark", "hijri": "1"})

    shown = client.get(f"/i/{token}").content.decode()
    assert 'data-theme="dark"' in shown and 'lang="ar"' in shown and re.search("[٠-٩]", shown) and "هـ" in shown


def test_the_code_printed_on_the_document_opens_no_preferences(issued: Any) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    assert Client().get(page(make_link(issued, Link.PDF))).status_code == 404


@pytest.fixture
def seated(make_person: Any, issued: Any) -> Any:
    """Somebody signed in whose inbox has two addresses and the invoice."""
    from wasl.app.tenancy.models import PayerGrant
    from wasl.app.tenancy.models_payers import PayerAddress
    from wasl.app.tenancy.payers import own_inbox

    person = make_person(WHO)
    inbox = own_inbox(person)
    for email in (WHO, "second@example.com"):
        PayerAddress.objects.create(payer=inbox.payer, person=person, email=email)
    PayerGrant.objects.create(payer=inbox.payer, organisation_id=issued.organisation_id, invoice_id=issued.pk)
    client = Client()
    client.force_login(person, backend="wasl.app.tenancy.signin.PasswordBackend")
    return client


def test_each_address_of_an_inbox_has_its_own_and_no_other_address_is_reached(seated: Any) -> None:
    seated.post("/inbox/preferences?address=second%40example.com", FORM)

    assert preferences_of("second@example.com").reminder_days == (7, 1) and preferences_of(WHO).reminder_days is None
    assert seated.get("/inbox/preferences?address=stranger%40example.com").status_code == 404
    assert seated.post("/inbox/preferences?address=stranger%40example.com", FORM).status_code == 404
    assert preferences_of("stranger@example.com") == Preferences()


def test_in_a_company_s_inbox_only_owners_decide_what_it_hears(seated: Any) -> None:
    from wasl.app.tenancy.models_payers import Payer, PayerSeat

    Payer.objects.update(kind=Payer.COMPANY)
    PayerSeat.objects.update(role="view")
    seated.post("/inbox/preferences", FORM)

    assert preferences_of(WHO) == Preferences()


def test_a_notice_comes_here_counts_as_new_and_is_read_by_an_act(seated: Any, issued: Any) -> None:
    from wasl.app import clock
    from wasl.app.notices.models import Notice

    for step, email in (("a", WHO), ("b", "stranger@example.com")):
        Notice(
            organisation_id=issued.organisation_id, invoice_id=issued.pk, email=email, language="en", kind="paid", step=step, state=Notice.SENT,
            due_at=clock.now(), channels=["portal"],
        ).save(force_insert=True)  # fmt: skip

    first = seated.get("/inbox/notices?lang=en")
    again = seated.get("/inbox/notices")
    assert "Your payment arrived" in text(first) and text(first).count("told__row--new") == 1 and "told__row--new" in text(again)
    seated.post("/inbox/notices")
    assert "told__row--new" not in text(seated.get("/inbox/notices"))


# The public point and the secret of RFC 8291, appendix A
KEYS = {"p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "auth": "BTBZMqHH6r4Tts7J_aSIgg"}


def test_a_device_is_put_on_and_taken_off_and_the_words_follow(token: str) -> None:
    from wasl.app.notices.push.subscriptions import subscriptions_of

    client, devices = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}), page(token) + "/devices"
    assert "by e-mail, on your devices" not in text(client.get(page(token), {"lang": "en"}))
    saved = client.post(devices, {"do": "save", "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/x", **KEYS})
    (device,) = subscriptions_of(WHO)

    shown = text(client.get(page(token), {"lang": "en"}))
    assert saved.status_code == 302 and "Firefox" in device.label and "by e-mail, on your devices" in shown and device.label in shown
    assert client.post(devices, {"do": "remove", "id": str(device.pk)}).status_code == 302 and subscriptions_of(WHO) == []


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1/x", "https://169.254.169.254/x", "https://localhost/x", "file:///etc/passwd", ""])
def test_t47_a_device_that_points_inward_is_refused_in_words(token: str, endpoint: str) -> None:
    from wasl.app.notices.push.subscriptions import subscriptions_of

    refused = Client().post(page(token) + "/devices", {"do": "save", "endpoint": endpoint, **KEYS}, HTTP_ACCEPT_LANGUAGE="en")

    assert refused.status_code in (400, 409, 422) and "This device was not added" in text(refused) and subscriptions_of(WHO) == []


def test_t54_nobody_takes_off_the_device_of_another_address(token: str, issued: Any) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link
    from wasl.app.notices.push.subscriptions import save_subscription, subscriptions_of

    theirs = save_subscription("other@example.com", endpoint="https://updates.push.services.mozilla.com/wpush/v2/y", **KEYS)
    assert make_link(issued, Link.MAIL, "other@example.com") != token
    for gone in (str(theirs.pk), "x", ""):
        assert Client().post(page(token) + "/devices", {"do": "remove", "id": gone}).status_code == 404
    assert len(subscriptions_of("other@example.com")) == 1


def test_the_page_is_light(token: str) -> None:
    for lang in ("ar", "en"):
        assert len(Client().get(page(token), {"lang": lang}).content) <= 40_000
