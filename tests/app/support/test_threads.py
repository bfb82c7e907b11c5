"""Mail that joins conversations: signed addresses, what is new in a mail, senders, loops, floods, twice the same, other tenants."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import zipfile
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest

pytestmark = pytest.mark.django_db
BUYER = "buyer@example.com"


@pytest.fixture(autouse=True)
def heard(settings: Any) -> None:
    settings.CONFIG = dataclasses.replace(settings.CONFIG, mail_from="wasl@wasl.example", mail_hook_secret="old,new")


@pytest.fixture(autouse=True)
def by_day() -> Any:
    """A Wednesday noon: no notice waits for the end of the night."""
    from wasl.app import clock

    with clock.frozen(datetime(2026, 11, 25, 9, tzinfo=UTC)) as moving:
        yield moving


@pytest.fixture
def talk(by_day: Any, issued: Any, payer: Any, worker: Any) -> Any:
    """A question that was answered."""
    from wasl.app.support.conversations import answer, ask

    asked = ask(issued, line="1", reason="question", text="Which hours?", by=payer, key="q")
    by_day.forward(minutes=2)
    return answer(issued.organisation_id, asked.pk, text="Ten, see the list", actor=worker, key="a")


@pytest.fixture
def address(talk: Any) -> str:
    from wasl.app.support.threads.address import address_for

    return address_for(talk, BUYER)


def mail(to: str, text: str = "Thank you, that is clear.", sender: str = BUYER, **fields: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = sender, to, "Re: x", fields.pop("ref", f"<{uuid4()}@example.com>")
    for name, value in fields.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def receive(message: EmailMessage | bytes) -> str:
    from wasl.app.delivery.inbound import take

    return take(message if isinstance(message, bytes) else message.as_bytes())


def said(talk: Any) -> list[Any]:
    from wasl.app.support.conversations import thread

    return thread(talk)[2:]


def again(talk: Any) -> Any:
    return type(talk).objects.for_org(talk.organisation_id).get(pk=talk.pk)


def test_a_reply_joins_its_conversation_once_and_its_original_is_kept(talk: Any, address: str) -> None:
    from wasl.app import fsck
    from wasl.app.support.models import MailIn

    sent = mail(address, "Thank you, that is clear.\n\nOn Fri, 27 Nov 2026 at 10:00, Seller <wasl@wasl.example> wrote:\n> Ten, see the list\n")
    assert (receive(sent), receive(sent)) == ("reply", "known reply")

    (entry,) = said(talk)
    assert (entry.text, entry.author, entry.channel, entry.is_stranger) == ("Thank you, that is clear.", BUYER, "mail", False)
    assert again(talk).state == "open"
    assert bytes(MailIn.objects.for_org(talk.organisation_id).get().data) == sent.as_bytes()
    assert fsck.run(("conversation-acts", "conversation-states", "conversation-files")) == []


def test_the_address_is_short_signed_and_nobodys_when_one_letter_differs(talk: Any, address: str) -> None:
    from wasl.app.support.threads.address import address_for, row_of

    assert len(address.partition("@")[0]) <= 64 and address_for(talk, BUYER.upper()) == address
    assert row_of(address.upper()) is not None
    local, _, domain = address.partition("@")
    for place in (7, 20, 33, -1):
        letters = list(local)
        letters[place] = "a" if letters[place] != "a" else "b"
        assert row_of("".join(letters) + "@" + domain) is None
    assert row_of(f"{local}@elsewhere.example") is None and row_of(f"x{address}") is None


def test_t64_an_address_of_another_tenants_row_with_our_mark_is_refused(talk: Any, address: str, make_org: Any, make_invoice: Any, actor: Any) -> None:
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.issue import issue
    from wasl.app.support.conversations import Payer, ask
    from wasl.app.support.threads.address import address_for

    other = make_org(slug="elsewhere")
    foreign = ask(
        find_invoice(other, issue(other, make_invoice(), actor=actor).invoice_id), reason="question", text="x", by=Payer(BUYER), key="k"
    )
    theirs = address_for(foreign, BUYER)
    cut = len("wasl+r") + 26
    mixed = theirs[:cut] + address[cut:]  # their row under the mark that was made for ours

    assert receive(mail(mixed)) == "not a report" and said(talk) == [] == said(foreign)[1:]
    assert receive(mail(theirs)) == "reply" and said(talk) == []


def test_another_sender_is_shown_as_such_and_never_taken_for_the_payer(talk: Any, address: str, worker: Any) -> None:
    from wasl.app.notices.models import Notice
    from wasl.app.support.conversations import answer, resolve

    assert receive(mail(address, "I answer for my colleague", sender="Layla <layla@elsewhere.example>")) == "reply"
    (entry,) = said(talk)
    assert (entry.author, entry.sender, entry.is_stranger) == ("", "layla@elsewhere.example", True)

    answer(talk.organisation_id, talk.pk, text="Good", actor=worker, key="b")
    told = set(Notice.objects.for_org(talk.organisation_id).filter(kind="question").values_list("email", flat=True))
    assert told == {BUYER}
    resolve(talk.organisation_id, talk.pk, by=worker, outcome="explained", key="c")
    type(talk).objects.for_org(talk.organisation_id).filter(pk=talk.pk).update(kind="dispute", reason="price")
    receive(mail(address, "We still disagree", sender="layla@elsewhere.example"))
    assert (again(talk).state, again(talk).kind) == ("open", "question")
    for forged in (f"{BUYER}, other@example.com", ""):
        receive(mail(address, "x", sender=forged) if forged else mail(address, "x", sender="nobody"))
    assert not [each for each in said(talk) if each.author == BUYER]


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation)"},
        {"Precedence": "bulk"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<x.example>"},
        {"Return_Path": "<>"},
        {"sender": "mailer-daemon@example.com"},
        {"sender": "wasl+x@wasl.example"},
        {"ref": "<0192f0c1a2b34c5d8e9f0a1b2c3d4e5f@wasl.example>"},
    ],
)
def test_what_no_person_wrote_joins_nothing_and_is_not_answered(talk: Any, address: str, fields: dict[str, str], mailoutbox: Any) -> None:
    assert receive(mail(address, "I am away", **fields)) == "automatic"

    assert said(talk) == [] and mailoutbox == []


def test_no_is_the_word_of_a_person(talk: Any, address: str) -> None:
    assert receive(mail(address, Auto_Submitted="no")) == "reply"


def test_t57_an_address_that_the_invoice_was_taken_back_from_is_believed_and_told_nothing(
    talk: Any, address: str, issued: Any, actor: Any, worker: Any
) -> None:
    """T57: the mail is still in that mailbox, and its reply address with it."""
    from wasl.app.invoicing.links import make_link, resolve, revoke
    from wasl.app.invoicing.models import Link
    from wasl.app.notices.models import Notice
    from wasl.app.support.conversations import answer

    revoke(issued.organisation_id, resolve(make_link(issued, Link.MAIL, BUYER)).id, actor=actor)
    before = Notice.objects.for_org(issued.organisation_id).count()
    assert receive(mail(address, "And the bank details, please?")) == "reply"
    answer(issued.organisation_id, talk.pk, text="Who asks?", actor=worker, key="b")

    assert said(talk)[0].is_stranger and Notice.objects.for_org(issued.organisation_id).count() == before


def test_t98_a_flood_in_somebody_elses_name_silences_nobody(talk: Any, address: str, issued: Any, payer: Any, by_day: Any) -> None:
    """T98: who holds one reply address and forges a sender must not use up that sender's mails to every other seller."""
    from wasl.app.support.threads.address import address_for

    forged = address_for(talk, "thief@example.com")
    results = [receive(mail(forged, f"note {n}", sender=f"forged{n % 3}@example.com" if n % 2 else BUYER)) for n in range(23)]
    assert results.count("reply") == 20 and set(results[20:]) == {"too many"}
    by_day.forward(minutes=10)  # the conversation's own limit is over by then

    assert receive(mail(address, "This is me.")) == "reply"


def test_t98_a_flood_of_mails_ends_in_one_kind_answer(talk: Any, address: str, mailoutbox: Any) -> None:
    results = [receive(mail(address, f"number {number}")) for number in range(24)]

    assert results.count("reply") == 20 and set(results[20:]) == {"too many"}
    assert len(said(talk)) == 20 and len(mailoutbox) == 1
    assert (mailoutbox[0].to, mailoutbox[0].extra_headers["Auto-Submitted"]) == ([BUYER], "auto-replied")


def test_an_old_address_expires_kindly_and_strangers_hear_nothing(talk: Any, address: str, mailoutbox: Any) -> None:
    from wasl.app import clock
    from wasl.app.support.threads.address import address_for

    with clock.frozen(clock.now() + timedelta(days=181)):
        assert receive(mail(address, sender="layla@elsewhere.example")) == "expired" and mailoutbox == []
        assert receive(mail(address)) == "expired" == receive(mail(address))
        (told,) = mailoutbox
        assert "/questions" in told.body and said(talk) == []
        address_for(talk, BUYER)  # the next mail of the conversation carries it again
        assert receive(mail(address)) == "reply"


def test_files_come_through_the_same_door_and_the_rest_stays_in_the_original(talk: Any, address: str, picture: Any) -> None:
    sent = mail(address, "The photo, and a ZIP")
    sent.add_attachment(picture(), maintype="application", subtype="octet-stream", filename="../../etc/photo.exe")
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("../../escape.txt", b"0" * 50_000_000)
    sent.add_attachment(bomb.getvalue(), maintype="image", subtype="jpeg", filename="t95.jpg")
    sent.add_attachment(b"<svg onload=alert(1)>", maintype="image", subtype="svg+xml", filename="x.svg")
    sent.add_attachment(mail("x@example.com"))

    assert receive(sent) == "reply"
    (entry,) = said(talk)
    assert [file.media_type for file in entry.files] == ["image/jpeg"] and (entry.files_left, entry.has_original) == (3, True)


def test_a_mail_without_new_words_or_only_a_photo_is_no_loss(talk: Any, address: str, picture: Any) -> None:
    sent = mail(address, "\n")
    sent.add_attachment(picture(), maintype="image", subtype="jpeg", filename="p.jpg")
    assert receive(sent) == "reply" and receive(mail(address, "> only what we wrote\n")) == "reply"

    first, second = said(talk)
    assert (first.text, len(first.files), second.text) == ("", 1, "> only what we wrote")


@pytest.mark.parametrize("kind", ["nested", "wide", "long field", "huge"])
def test_monstrous_mails_are_not_opened(talk: Any, address: str, kind: str, mailoutbox: Any) -> None:
    head = f"From: {BUYER}\r\nTo: {address}\r\nMessage-ID: <m@example.com>\r\nMIME-Version: 1.0\r\n".encode()
    if kind == "nested":
        levels = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000))
        data = head + levels
    elif kind == "wide":
        data = head + b"\r\n" + b"a\n" * 1_300_000
    elif kind == "long field":
        data = head + b'Content-Type: text/plain; x="' + b";" * 3_000_000 + b'"\r\n\r\nx'
    else:
        data = head + b"\r\n" + b"a" * (25 * 1024 * 1024)

    assert receive(data) == "too large" and said(talk) == [] and len(mailoutbox) == 1


def test_the_hook_takes_signed_mail_alone(talk: Any, address: str, client: Any, settings: Any) -> None:
    from wasl.app import clock

    body = mail(address).as_bytes()
    now = int(clock.now().timestamp())

    def post(body: bytes, secret: str = "new", at: int = now, head: str | None = None) -> int:
        mark = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        signed = {"HTTP_WASL_SIGNATURE": f"t={at},v1={mark}" if head is None else head}
        return client.post("/hooks/mail", body, content_type="message/rfc822", **signed).status_code

    assert [post(body, secret="guess"), post(body, at=now - 301), post(body, at=now + 301), post(body, head=""), post(body, head="t=1,v1=é")] == [400] * 5
    assert said(talk) == []
    assert [post(body), post(body, secret="old")] == [200, 200] and len(said(talk)) == 1
    assert client.get("/hooks/mail").status_code == 405
    settings.CONFIG = dataclasses.replace(settings.CONFIG, mail_hook_secret="")
    assert post(body) == 404


def letters(talk: Any) -> list[Any]:
    """The mails of this conversation's notices as they are composed, oldest first."""
    from email import message_from_bytes, policy

    from wasl.app.delivery.models import Delivery
    from wasl.app.delivery.outgoing import kind_of
    from wasl.app.notices.told import tell_due

    tell_due()
    rows = Delivery.objects.for_org(talk.organisation_id).filter(kind="question").order_by("id")
    return [message_from_bytes(kind_of(row).compose(row), policy=policy.default) for row in rows]


def test_the_mail_of_an_answer_carries_it_and_what_is_written_above_it_comes_back(talk: Any, worker: Any) -> None:
    from wasl.app.support.conversations import answer

    (first,) = letters(talk)
    text, html = (first.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Ten, see the list" in text and "Ten, see the list" in html and text.startswith("##-")
    to = first["Reply-To"].addresses[0].addr_spec
    quoted = "\n".join(f"> {line}" for line in text.splitlines())
    back = mail(to, f"شكرًا، وصلت.\n\nفي الجمعة، 27 نوفمبر 2026 كتب البائع\n<wasl@wasl.example>:\n\n{quoted}", In_Reply_To=first["Message-ID"])
    assert receive(back) == "reply" and said(talk)[0].text == "شكرًا، وصلت."

    answer(talk.organisation_id, talk.pk, text="Good", actor=worker, key="b")
    second = letters(talk)[1]
    assert second["In-Reply-To"] == back["Message-ID"] and second["Reply-To"] == first["Reply-To"]
    assert [first["Message-ID"], back["Message-ID"]] == second["References"].split()[-2:]


def test_what_was_read_on_the_page_is_not_mailed_and_who_is_there_is_waited_for(talk: Any) -> None:
    from wasl.app import clock
    from wasl.app.delivery.models import Delivery
    from wasl.app.notices.letters import ask
    from wasl.app.support.conversations import seen

    letters(talk)
    row = Delivery.objects.for_org(talk.organisation_id).get(kind="question")
    assert ask(row).later is not None
    seen(talk.organisation_id, talk.pk, side="payer", upto=again(talk).last_at)
    assert ask(row).drop == "read" and clock.now()


def test_erasing_an_invoice_takes_its_mails_and_addresses(talk: Any, address: str) -> None:
    from wasl.app.support.erase import erase_conversations
    from wasl.app.support.models import MailIn

    receive(mail(address))
    erase_conversations(talk.organisation_id, talk.invoice_id)

    assert MailIn.objects.for_org(talk.organisation_id).count() == 0 and receive(mail(address)) == "not a report"


def sent_with(row: Any) -> Any:
    """A mail of ours as it is composed now."""
    from email import message_from_bytes, policy

    from wasl.app.delivery.outgoing import kind_of

    return message_from_bytes(kind_of(row).compose(row), policy=policy.default)


@pytest.fixture
def posted(issued: Any) -> Any:
    """The invoice itself, on its way to its buyer."""
    from wasl.app.delivery.send import deliver

    return deliver(issued, recipient=BUYER)


def test_a_reply_to_the_invoice_opens_its_thread_and_the_next_one_joins_it(issued: Any, posted: Any) -> None:
    from wasl.app import fsck
    from wasl.app.support.conversations import conversation_of, thread
    from wasl.app.support.models import MailIn

    letter = sent_with(posted)
    address = letter["Reply-To"].addresses[0].addr_spec
    assert address.startswith("wasl+i") and len(address.partition("@")[0]) <= 64
    first = mail(address, "The order number is missing.\n\nOn Wed, 25 Nov 2026 at 12:00, Seller wrote:\n> Your invoice\n")
    assert (receive(first), receive(first), receive(mail(address, "It is 4711."))) == ("reply", "known reply", "reply")

    talk = conversation_of(issued)
    assert (talk.state, talk.kind, talk.reason) == ("open", "question", "question")
    assert [(each.act, each.text, each.author, each.channel) for each in thread(talk)] == [
        ("asked", "The order number is missing.", BUYER, "mail"), ("said", "It is 4711.", BUYER, "mail"),
    ]  # fmt: skip
    assert MailIn.objects.for_org(issued.organisation_id).filter(conversation_id=talk.pk).count() == 2
    assert fsck.run(("conversation-acts", "conversation-states", "conversation-files")) == []


def test_a_reply_to_a_reminder_joins_the_thread_of_its_invoice_and_a_settled_one_becomes_a_new_question(
    talk: Any, issued: Any, posted: Any, worker: Any, by_day: Any
) -> None:
    from wasl.app.delivery.send import deliver
    from wasl.app.notices.models import Notice
    from wasl.app.support.conversations import conversation_of, resolve, thread

    row = deliver(issued, recipient=BUYER, kind="overdue", key="overdue")
    Notice.objects.create(
        organisation_id=issued.organisation_id, invoice_id=issued.pk, email=BUYER, language="en", kind="overdue", step="1", delivery_id=row.pk,
        due_at=by_day(),
    )  # fmt: skip
    letter = sent_with(row)
    address = letter["Reply-To"].addresses[0].addr_spec
    assert "A question? Reply to this message." in letter.get_body(("plain",)).get_content() or "رد على هذه الرسالة" in letter.as_string()
    assert receive(mail(address, "We pay on Sunday.")) == "reply"
    whole = conversation_of(issued)
    assert whole.pk != talk.pk and [each.text for each in thread(whole)] == ["We pay on Sunday."]  # `talk` is about a line of it

    by_day.forward(minutes=2)
    resolve(issued.organisation_id, whole.pk, by=worker, outcome="explained", key="done")
    by_day.forward(minutes=2)
    assert receive(mail(address, "And one thing more")) == "reply"
    assert (again(whole).state, again(whole).kind, thread(whole)[-1].act) == ("open", "question", "asked")


def test_what_machines_answer_to_an_invoice_opens_nothing(issued: Any, posted: Any, mailoutbox: Any) -> None:
    from wasl.app.support.conversations import conversation_of

    address = sent_with(posted)["Reply-To"].addresses[0].addr_spec
    for fields in ({"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"Return_Path": "<>"}, {"sender": "mailer-daemon@example.com"}):
        assert receive(mail(address, "I am away", **fields)) == "automatic"

    assert conversation_of(issued) is None and mailoutbox == []


def test_t64_the_address_of_an_invoice_is_signed_for_one_mail_of_one_organisation(
    issued: Any, posted: Any, make_org: Any, make_invoice: Any, actor: Any
) -> None:
    from wasl.app.delivery.models import Delivery
    from wasl.app.delivery.send import deliver
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.issue import issue
    from wasl.app.support.conversations import conversation_of
    from wasl.app.support.threads.invoices import answers_to

    ours = answers_to(posted)
    other = make_org(slug="elsewhere")
    foreign = find_invoice(other, issue(other, make_invoice(), actor=actor).invoice_id)
    theirs = answers_to(deliver(foreign, recipient=BUYER))
    cut = len("wasl+i") + 26
    assert receive(mail(theirs[:cut] + ours[cut:])) == "not a report"
    assert receive(mail("wasl+r" + ours.removeprefix("wasl+i"))) == "not a report"  # nor does it pass for a conversation's
    assert receive(mail(ours, sender="layla@elsewhere.example")) == "reply"  # it was passed on: shown as such, believed nothing
    assert (conversation_of(issued).payer_read_at, conversation_of(foreign)) == (None, None)

    Delivery.objects.for_org(issued.organisation_id).filter(pk=posted.pk).update(recipient="")  # erased
    assert receive(mail(ours)) == "not a report"


def test_an_installation_that_hears_no_mail_leaves_replies_to_the_seller(posted: Any, settings: Any) -> None:
    settings.CONFIG = dataclasses.replace(settings.CONFIG, mail_hook_secret="", imap_url="")
    letter = sent_with(posted)

    assert "+i" not in str(letter["Reply-To"] or "")
