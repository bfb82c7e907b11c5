"""The mail itself: what it says in both languages, what hangs on it, and what can never get into it (T38, T40-T42, T45)."""

from __future__ import annotations

import hashlib
import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from typing import Any

import pytest

from wasl.app.delivery.address import checked_address, encoded, mailbox, safe_filename
from wasl.app.delivery.errors import BadAddress, ControlInHeader, NoRecipient
from wasl.app.delivery.models import Message
from wasl.app.delivery.returnpath import delivery_of, return_path
from wasl.app.delivery.send import deliver, send_now
from wasl.app.invoicing.find import sealed_xml
from wasl.app.invoicing.pdf import pdf_for
from wasl.app.proofs.prove import proof_for

NAMES = {"name_ar": "شركة سند للتقنية", "name_en": "Sanad Technology"}


@pytest.fixture
def org(make_org: Any) -> Any:
    return make_org(**NAMES)


@pytest.fixture
def sent(mail: Any, issue_to: Any, proven: Any) -> Any:
    """One Arabic mail that has arrived: (delivery, invoice, message)."""
    invoice = issue_to("nadir@y.example")
    proven()
    delivery = send_now(deliver(invoice, language="ar"))
    return delivery, invoice, mail.read()


def test_amount_and_date_come_first_in_both_languages(sent: Any) -> None:
    _delivery, invoice, message = sent
    text, html = message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()

    assert message["Subject"] == f"فاتورة {invoice.number} من شركة سند للتقنية: 242.00 €، تستحق 31 يناير 2030"
    for body in (text, html):
        assert "242.00" in body and "31 January 2030" in body and "31 يناير 2030" in body and "بند واحد" in body
    assert '<html lang="ar" dir="rtl">' in html and 'lang="en" dir="ltr"' in html


def test_english_first_has_a_short_arabic_part(mail: Any, issue_to: Any, proven: Any) -> None:
    invoice = issue_to("emma@y.example")
    proven()
    send_now(deliver(invoice, language="en"))

    message = mail.read()

    assert message["Subject"] == f"Invoice {invoice.number} from Sanad Technology: EUR 242.00, due 31 January 2030"
    assert "بالعربية:" in message.get_body(("plain",)).get_content()


def decoded(source: bytes, name: str) -> str:
    """A header as RFC 2047 reads it; the newer parser of `email` doubles a space between encoded words in names."""
    raw = message_from_bytes(source, policy=policy.compat32)[name]
    return str(make_header(decode_header(raw)))


def test_sender_replies_and_envelope(mail: Any, sent: Any) -> None:
    delivery, invoice, message = sent

    assert decoded(mail.source(), "From") == "شركة سند للتقنية عبر وصل <wasl@wasl.example>"
    assert message["Reply-To"].addresses[0].addr_spec.startswith("wasl+i")  # a reply joins the invoice's conversation
    assert message["Reply-To"].addresses[0].display_name == invoice.organisation.name_in("ar")
    (arrived,) = mail.messages("nadir@y.example")
    assert message["Message-ID"] == delivery.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert len(mail.messages("wasl@wasl.example")) <= 1 and arrived["recipient"] == "nadir@y.example"


def test_files_are_the_kept_ones_byte_for_byte(sent: Any) -> None:
    _delivery, invoice, message = sent
    files = {part.get_filename(): part.get_content() for part in message.iter_attachments()}

    name = invoice.number
    assert files == {f"{name}.pdf": pdf_for(invoice), f"{name}.xml": sealed_xml(invoice), f"{name}.tlog-proof": proof_for(invoice)}


def test_nothing_in_it_comes_from_elsewhere(sent: Any) -> None:
    html = sent[2].get_body(("html",)).get_content()

    assert re.findall(r'<img src="([^"]+)"', html) == ["cid:pay-code@wasl"] and html.count("<img") == 1, "it comes with the mail: nothing is fetched"
    assert "<script" not in html and "url(" not in html and "<link" not in html
    assert "prefers-color-scheme: dark" in html


def test_bytes_are_kept_before_the_first_try(mail: Any, sent: Any) -> None:
    delivery = sent[0]

    kept = Message.objects.for_org(delivery.organisation_id).get(pk=delivery.pk)

    assert bytes(kept.data) == mail.source() and bytes(kept.sha256) == hashlib.sha256(mail.source()).digest()


def test_one_link_for_each_recipient(mail: Any, issue_to: Any, proven: Any) -> None:
    invoice = issue_to("nadir@y.example")
    proven()
    for address in ("nadir@y.example", "boss@y.example"):
        send_now(deliver(invoice, recipient=address))

    links = {line for m in mail.messages() if m["recipient"].endswith("@y.example") for line in body_lines(mail, m["uid"]) if "/i/" in line and "not-mine" not in line}

    assert len(links) == 2


def body_lines(mail: Any, uid: int) -> list[str]:
    return mail.read(uid).get_body(("plain",)).get_content().splitlines()


@pytest.mark.django_db
def test_no_address_no_mail(issue_to: Any) -> None:
    with pytest.raises(NoRecipient):
        deliver(issue_to(""))


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{7*7}}", "%(amount)s"])
def test_t38_t39_markup_in_a_name_stays_text(mail: Any, make_org: Any, make_invoice: Any, actor: Any, proven: Any, evil: str) -> None:
    """T38, T39"""
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.models import Invoice

    org = make_org(name_en=f"Books {evil}", name_ar=f"كتب {evil}")
    invoice = Invoice.objects.for_org(org).get(pk=issue(org, make_invoice(email="nadir@y.example"), actor=actor).invoice_id)
    proven()
    delivery = send_now(deliver(invoice))

    message = mail.read()
    html = message.get_body(("html",)).get_content()
    assert delivery.state == "handed_over" and evil in str(message["Subject"])
    assert "<script" not in html and "<img src=x" not in html and html.count("<img") == 1 and "Books 49" not in html


@pytest.mark.parametrize("text", ["Sanad\r\nBcc: all@y.example", "Sanad\nX: y", "a\rb", "a\0b", "a\u2028b", "a\x7fb", "a\x85b"])
def test_t40_a_line_break_in_a_header_is_refused(text: str) -> None:
    """T40"""
    with pytest.raises(ControlInHeader):
        mailbox(text, "a@b.example", "name")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Evil <ceo@bank.example>", '"Evil <ceo@bank.example>"\r\n <a@b.example>'),
        ('Quote " and \\', '"Quote \\" and \\\\"\r\n <a@b.example>'),
        ("Comma, Inc.", '"Comma, Inc."\r\n <a@b.example>'),
        ("turn\u202eelpmaxe", '"turnelpmaxe"\r\n <a@b.example>'),
        ("", "a@b.example"),
    ],
)
def test_t41_a_name_cannot_become_an_address(name: str, written: str) -> None:
    """T41"""
    assert mailbox(name, "a@b.example", "name") == written


@pytest.mark.parametrize(
    "text", ["شركة سند للتقنية المتقدمة والحلول الرقمية المتكاملة عبر وصل " * 3, "a b " * 60, "قصير", "mixed نص and text 2026 " * 5]
)
def test_long_header_text_comes_back_with_every_space(text: str) -> None:
    folded = encoded(text, 9)

    assert folded.isascii() and all(len(line) <= 78 for line in ("x" * 9 + folded).split("\r\n"))
    assert str(make_header(decode_header(folded.replace("\r\n", "\n")))).split() == text.split()


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nRCPT TO:<c@d.example>", "a@b.example> NOTIFY=NEVER", "a b@c.example", "@b.example", "a@", "a@b..example", "a@-b.example",
        "a@b.example,c@d.example", '"a b"@c.example', "a@[127.0.0.1]", "نادر@y.example", "a" * 65 + "@b.example", "a@" + "b" * 64 + ".example", "a\0@b.example",
        ".a@b.example", "a..b@c.example", "<a@b.example>",
    ],
)  # fmt: skip
def test_t45_a_command_in_an_address_is_refused(address: str) -> None:
    """T45"""
    with pytest.raises(BadAddress):
        checked_address(address)


def test_an_arabic_domain_goes_out_in_ascii() -> None:
    assert checked_address(" nadir@مثال.example ") == "nadir@xn--mgbh0fb.example"


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("../../etc/passwd", "etc-passwd.pdf"),
        ("INV/2026/7", "INV-2026-7.pdf"),
        ("a\0b", "a-b.pdf"),
        ("invoice\u202efdp.exe", "invoice-fdp.exe.pdf"),
        ('x"; filename="y', "x-filename-y.pdf"),
        ("con", "invoice-con.pdf"),
        ("...", "invoice.pdf"),
        ("فاتورة 7", "فاتورة-7.pdf"),
        ("n" * 300, "n" * 100 + ".pdf"),
    ],
)
def test_t42_file_names_are_made_safe(stem: str, name: str) -> None:
    """T42"""
    assert safe_filename(stem, "pdf") == name


@pytest.mark.django_db
def test_return_address_is_ours_or_nobodys(issue_to: Any, mail: Any) -> None:
    delivery = deliver(issue_to("nadir@y.example"))
    path = delivery.return_path
    local, _, domain = path.partition("@")

    assert path == return_path(delivery.pk) and len(local) <= 64
    assert delivery_of(path) == delivery_of(path.upper()) == delivery.pk
    forged = [
        path[:-20] + "a" + path[-19:],
        path.replace("+", "-"),
        f"{local[:-1]}@{domain}",
        f"wasl@{domain}",
        f"{local}@evil.example",
        "",
        "wasl+@wasl.example",
    ]
    assert [delivery_of(one) for one in forged] == [None] * len(forged)


def test_the_pay_code_of_a_mail_opens_the_pay_page_and_nothing_private(sent: Any) -> None:
    """The picture is read back as a telephone would; a mail about a credit note has none."""
    import io

    import zxingcpp
    from PIL import Image

    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    _delivery, invoice, message = sent
    (picture,) = [part for part in message.walk() if part["Content-ID"] == "<pay-code@wasl>"]
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.get_content())).convert("L"))

    assert code.text.endswith(f"/i/{make_link(invoice, Link.PDF)}")
    assert len(picture.get_content()) < 2_000 and 'alt="' in message.get_body(("html",)).get_content()
