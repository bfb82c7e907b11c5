"""Devices, taking everything away, and being forgotten."""

from __future__ import annotations

import io
import zipfile

import orjson
import pytest
from django.db import connection
from django.test import Client

from wasl.app import fsck
from wasl.app.invoicing.models import Invoice
from wasl.app.tenancy.models import Payer, PayerAct, PayerAddress, PayerSeat, Person

pytestmark = pytest.mark.django_db
ACCOUNT = "/inbox/account/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"


@pytest.fixture
def lies(door, issued):
    door.enter("buyer@example.com")
    return door


@pytest.mark.parametrize(
    ("agent", "words"),
    [(PHONE, "Safari on iPhone"), (EDGE, "Edge on Windows"), ("", "A device that does not say what it is"), ("<script>alert(1)</script>", "A device that does not say what it is")],
)  # fmt: skip
def test_a_device_is_said_in_words(agent, words):
    from django.utils.translation import override

    from wasl.app.portal.account.devices import words_of

    with override("en"):
        assert words_of(agent) == words


def test_devices_are_listed_without_their_place_and_signed_out_one_by_one(lies):
    phone = type(lies)(lies.outbox)
    phone.client = Client(HTTP_USER_AGENT=PHONE, REMOTE_ADDR="203.0.113.77")
    phone.enter("buyer@example.com")
    page = lies.client.get(ACCOUNT + "?lang=en").content.decode()
    assert "Safari on iPhone" in page and "203.0.113.77" not in page
    person = Person.objects.get()
    assert set(person.usersession_set.values_list("ip", flat=True)) == {"::"}, "where somebody is is not kept"
    lies.client.post(f"{ACCOUNT}devices/{person.usersession_set.get(user_agent=PHONE).pk}")
    assert phone.client.get(ACCOUNT).status_code == 302 and lies.client.get(ACCOUNT).status_code == 200


def test_t61_every_other_device_is_signed_out_and_this_one_stays(lies):
    others = [type(lies)(lies.outbox) for _ in range(2)]
    for other in others:
        other.enter("buyer@example.com")
    key = lies.client.session.session_key
    lies.client.post(ACCOUNT + "devices/others")
    assert [other.client.get(ACCOUNT).status_code for other in others] == [302, 302]
    assert lies.client.get(ACCOUNT).status_code == 200 and lies.client.session.session_key != key


def test_t61_signing_out_ends_the_session_for_a_stolen_cookie_too(lies):
    stolen = Client()
    stolen.cookies["wasl_session"] = lies.client.cookies["wasl_session"].value
    assert stolen.get(ACCOUNT).status_code == 200
    lies.client.post("/inbox/leave")
    assert stolen.get(ACCOUNT).status_code == 302


def test_everything_is_taken_away_as_one_zip(lies, issued):
    response = lies.client.post(ACCOUNT + "export")
    assert response.streaming and response["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    me = orjson.loads(archive.read("me.json"))
    assert me["person"]["email"] == "buyer@example.com" and me["addresses"][0]["email"] == "buyer@example.com" and me["devices"]
    names = [name for name in archive.namelist() if name.startswith("invoices/")]
    assert sorted(name.rpartition(".")[2] for name in names) == ["xades", "xml"] and issued.number.encode() in archive.read(names[-1])


def spoken(issued, text="The order number is missing."):
    """A question by mail with its original, and a call that was asked for."""
    from wasl.app import clock
    from wasl.app.support.conversations import Payer, ask
    from wasl.app.support.models import CallBack, MailIn, Message
    from wasl.app.support.threads.address import address_for

    talk = ask(issued, reason="question", text=text, by=Payer("buyer@example.com", Message.MAIL), key="q")
    message = Message.objects.for_org(issued.organisation_id).get(conversation_id=talk.pk)
    MailIn.objects.create(
        organisation_id=issued.organisation_id, id=message.pk, conversation_id=talk.pk, invoice_id=issued.pk, message_id=message.pk,
        sender="buyer@example.com", size=3, sha256=b"x", data=b"From: Buyer <buyer@example.com>\r\nX-Originating-IP: 203.0.113.9\r\n\r\nHi",
    )  # fmt: skip
    CallBack.objects.create(
        organisation_id=issued.organisation_id, invoice_id=issued.pk, slot_from=clock.now(), slot_until=clock.now(), phone="+32999888777",
        email="buyer@example.com", about="the number", key="k",
    )  # fmt: skip
    address_for(talk, "buyer@example.com")
    return talk


class Forgetful:
    """A gateway that is told to forget."""

    name, features = "bank", frozenset({"save"})

    def __init__(self):
        self.forgotten = []

    def forget(self, token):
        self.forgotten.append(token)


def kept_card(issued, payer):
    """A saved method with automatic payment agreed on it."""
    from wasl.app.payments.autopay import agree
    from wasl.app.payments.models import SavedMethod

    method = SavedMethod.objects.create(
        organisation_id=issued.organisation_id, payer_id=payer.pk, driver="bank", token="tok_geheim", family="card", brand="visa", last4="4242",
    )  # fmt: skip
    agree(payer, issued.organisation, method, notice_days=3, limit=500_00)
    return method


def test_calls_mails_and_means_to_pay_are_taken_away_without_what_could_be_charged(lies, issued):
    spoken(issued)
    kept_card(issued, Payer.objects.get())
    archive = zipfile.ZipFile(io.BytesIO(b"".join(lies.client.post(ACCOUNT + "export").streaming_content)))

    me = orjson.loads(archive.read("me.json"))
    told, money = me["conversations"], me["payments"]
    assert [entry["text"] for entry in told["written"]] == ["The order number is missing."] and told["calls"][0]["phone"] == "+32999888777"
    assert b"X-Originating-IP" in archive.read(told["mails"][0]["file"])
    assert [method["last4"] for method in money["saved_methods"]] == ["4242"] == [each["last4"] for each in money["automatic_payments"]]
    assert money["automatic_payments"][0]["limit"] == 500_00 and b"tok_geheim" not in archive.read("me.json")


def everywhere(*needles: str) -> set[str]:
    """The tables that hold one of the texts, in any column."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE ' + " OR ".join(["lower(t::text) LIKE %s"] * len(needles)),
                [f"%{needle}%" for needle in needles],
            )
            found |= {table} if cursor.fetchone()[0] else set()
            for needle in needles:  # bytes show as hexadecimal
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{needle.encode().hex()}%"])
                found |= {table} if cursor.fetchone()[0] else set()
    return found


SELLERS_OWN = {
    "invoicing_invoicetext", "invoicing_document", "invoicing_link", "events_eventdetail", "notices_watch", "notices_notice", "archive_entry",
    "support_messagebody",
}  # fmt: skip


def erase(door) -> str:
    door.client.post(ACCOUNT + "erase")
    return door.client.post(ACCOUNT + "erase", {"code": door.code()}).content.decode()


def test_t117_an_erased_reader_is_in_no_table_but_the_sellers_own(lies, issued, org, owner, actor):
    from wasl.app.invoicing.erase import erase as erase_invoice
    from wasl.app.notices.preferences import Preferences, save
    from wasl.app.payments import saved
    from wasl.app.payments.drivers.registry import placed
    from wasl.app.payments.models import Mandate
    from wasl.app.portal.account.tasks import tidy
    from wasl.app.support.models import CallBack

    lies.client.post(ACCOUNT + "details", {"name": "Lieselotte Geheim", "phone": "+32999888777"})
    lies.client.post(ACCOUNT + "addresses", {"email": "home@example.com"})
    lies.client.post(ACCOUNT + "addresses/code", {"code": lies.code()})
    lies.client.post(ACCOUNT + "people/open", {"company": "Geheim Ltd"})
    save("buyer@example.com", Preferences(hijri=True))
    spoken(issued, "Geheim")
    kept_card(issued, Payer.objects.get(kind="own"))
    texts = ("buyer@example.com", "home@example.com", "geheim", "999888777")
    assert everywhere(*texts) >= {"tenancy_payer", "tenancy_person", "account_emailaddress", "tenancy_payeraddress", "notices_preference"}

    assert "مُحي حسابك" in erase(lies)
    lies.post_waiting()
    tidy(0)
    with placed(gateway := Forgetful()):
        assert saved.forget_removed() == 1 and gateway.forgotten == ["tok_geheim"]
    assert Mandate._base_manager.get().ended_at and CallBack._base_manager.get().state == "cancelled"
    connection.cursor().execute("DELETE FROM django_session")
    assert everywhere(*texts) <= SELLERS_OWN, (
        "what the law asks the seller to keep"
    )
    assert lies.client.get(ACCOUNT).status_code == 302 and not Payer.objects.exists() and not PayerAddress.objects.exists()
    assert PayerAct.objects.filter(act="account.erase").count() == 1 and fsck.run(["audit"]) == []
    assert lies.outbox[-1].to == ["buyer@example.com"], "the last mail"

    erase_invoice(org, issued.pk, ground="request", actor=actor)
    assert everywhere(*texts) == set(), "and once the seller erases, nowhere at all"


def test_who_comes_back_after_being_erased_begins_anew(lies, issued):
    erase(lies)
    lies.enter("buyer@example.com")
    assert [row.pk for row in Invoice.objects.for_payer(PayerAddress.objects.get().payer)] == [issued.pk]
    assert Person.objects.filter(is_active=True).count() == 1


def test_an_inbox_that_others_use_is_not_left_without_an_owner(lies, make_person):
    lies.client.post(ACCOUNT + "people/open", {"company": "Leuven Lab"})
    payer = Payer.objects.get(kind=Payer.COMPANY)
    PayerSeat.objects.create(payer=payer, person=make_person(), role="pay")
    assert "Leuven Lab" in lies.client.get(ACCOUNT + "erase").content.decode()
    assert (
        lies.client.post(ACCOUNT + "erase", {"code": "12345678"}).status_code == 409
        and Person.objects.filter(email="buyer@example.com", is_active=True).exists()
    )


def test_a_sellers_clerk_keeps_the_desk(lies, org, actor):
    from wasl.app.tenancy.organisations import add_member

    person = Person.objects.get()
    add_member(org, person, "clerk", actor=actor)
    erase(lies)
    person.refresh_from_db()
    assert person.is_active and person.email == "buyer@example.com" and not PayerSeat.objects.exists()


def test_a_wrong_code_erases_nothing(lies):
    lies.client.post(ACCOUNT + "erase")
    wrong = str((int(lies.code()) + 1) % 10**8).zfill(8)
    assert lies.client.post(ACCOUNT + "erase", {"code": wrong}).status_code == 422 and PayerAddress.objects.exists()


def test_t5_an_act_that_was_edited_on_disk_is_found(lies):
    lies.client.post(ACCOUNT + "details", {"name": "Lies"})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE tenancy_payeract SET act = 'inbox.open' WHERE act = 'details.save'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert len(fsck.run(["audit"])) == 1
