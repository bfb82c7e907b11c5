"""T40-T42: nothing that somebody is called can steer a mail, name another sender, or name a file that does harm."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from wasl.app import clock
from wasl.app.delivery.models import Delivery
from wasl.app.delivery.send import deliver, send_due, send_now
from wasl.app.invoicing.errors import BadPattern
from wasl.app.invoicing.find import find_invoice
from wasl.app.invoicing.issue import issue
from wasl.app.invoicing.numbers import check_pattern
from wasl.seal.errors import CertificateSubject

pytestmark = pytest.mark.django_db
THIEF = "thief@evil.example"
BREAKS = {"crlf": "\r\n", "lf": "\n", "cr": "\r", "crlf-fold": "\r\n ", "nel": "\u0085", "ls": "\u2028", "ps": "\u2029", "vt": "\x0b", "nul": "\0"}


def issued_by(org: Any, make_invoice: Any, actor: Any, **buyer: Any) -> Any:
    import msgspec

    source = make_invoice(email="nadir@y.example")
    source = msgspec.structs.replace(source, buyer=msgspec.structs.replace(source.buyer, **buyer))
    return find_invoice(org, issue(org, source, actor=actor).invoice_id)


@pytest.mark.parametrize("where", ["seller", "buyer"])
@pytest.mark.parametrize("name", BREAKS)
def test_t40_a_line_break_in_a_name_never_becomes_a_header(
    mail: Any, make_org: Any, make_invoice: Any, actor: Any, proven: Any, where: str, name: str
) -> None:
    """Refused at issue where no document can hold it, else when the mail is made; either way nobody else gets one."""
    from wasl.app.invoicing.errors import TextUnusable

    injected = f"Sanad{BREAKS[name]}Bcc: {THIEF}{BREAKS[name]}X-Evil: 1"
    org = make_org()
    if where == "seller" and name != "nul":  # PostgreSQL itself keeps no NUL
        if name not in ("nel", "ls", "ps"):
            with pytest.raises(CertificateSubject):
                make_org(name_en=injected, name_ar=injected)
        org.name_en = org.name_ar = injected  # renamed later
        org.save()
    try:
        invoice = issued_by(org, make_invoice, actor, **({"name": injected} if where == "buyer" else {}))
    except TextUnusable:
        assert name in ("nel", "vt", "nul")
        return
    proven()
    with clock.frozen(clock.now()) as moment:
        delivery = deliver(invoice)
        for _ in range(12):
            send_due()
            moment.forward(hours=13)

    assert mail.messages(THIEF) == []
    for kept in mail.messages():
        message = mail.read(kept["uid"])
        assert "Bcc" not in message and "X-Evil" not in message
    delivery.refresh_from_db(from_queryset=Delivery.objects.for_org(org))
    assert delivery.state != Delivery.QUEUED, "the seller is told that it did not go, or it went without harm"


@pytest.mark.parametrize(
    "name",
    [
        f"Evil <{THIEF}>", f"<{THIEF}>", THIEF, f"a@b.example, {THIEF}", f'"x" <{THIEF}>,', f"\\\" <{THIEF}>", f"=?utf-8?q?x?= <{THIEF}>",
        f"=?utf-8?b?PHRoaWVmQGV2aWwuZXhhbXBsZT4=?= {THIEF}", f"سند <{THIEF}>", f"a ;{THIEF}:", f"(comment) {THIEF}", f"\u202e<{THIEF}>", "=?utf-8?q?=0d=0aBcc:_x?=",
    ],
)  # fmt: skip
def test_t41_whatever_a_party_is_called_the_addresses_stay_ours(mail: Any, make_org: Any, make_invoice: Any, actor: Any, proven: Any, name: str) -> None:
    org = make_org(name_en=name, name_ar=name)
    invoice = issued_by(org, make_invoice, actor, name=name)
    proven()
    send_now(deliver(invoice))

    (arrived,) = mail.messages("nadir@y.example")
    message = message_from_bytes(mail.source(arrived["uid"]), policy=policy.default)
    assert isinstance(message, EmailMessage)
    addresses: dict[str, list[Address]] = {field: list(message[field].addresses) for field in ("From", "To", "Reply-To")}
    found = {field: [address.addr_spec for address in each] for field, each in addresses.items()}
    (replies,) = found.pop("Reply-To")
    assert found == {"From": ["wasl@wasl.example"], "To": ["nadir@y.example"]} and replies.startswith("wasl+i") and replies.endswith("@wasl.example")
    assert mail.messages(THIEF) == [] and "Bcc" not in message


PATTERNS = ["../../{000000}", "{000000}\0", "{000000}\r\nX: y", 'a"; filename="b{000000}', "{000000}\u202egpj.exe", "inv oice{000000}", "فاتورة-{000000}", "{000000};x", "a\\{000000}"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_t42_a_number_that_would_make_a_bad_file_name_is_refused_or_made_safe(mail: Any, make_org: Any, make_invoice: Any, actor: Any, proven: Any, pattern: str) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link, Series
    from wasl.app.invoicing.numbers import open_series

    org = make_org()
    try:
        check_pattern(pattern)
    except BadPattern:
        with pytest.raises(BadPattern):
            open_series(org, kind=Series.INVOICE, code="evil", pattern=pattern, actor=actor)
        return
    open_series(org, kind=Series.INVOICE, code="evil", pattern=pattern, actor=actor)
    invoice = find_invoice(org, issue(org, make_invoice(email="nadir@y.example"), series="evil", actor=actor).invoice_id)
    proven()
    send_now(deliver(invoice))

    names = [part.get_filename() for part in mail.read(mail.messages("nadir@y.example")[0]["uid"]).iter_attachments()]
    token = make_link(invoice, Link.MAIL, "nadir@y.example")
    for kind in ("pdf", "xml", "seal", "proof"):
        header = Client().get(f"/i/{token}/{kind}")["Content-Disposition"]
        found = re.fullmatch(r'attachment; filename="([^"\\\r\n]+)"', header)
        assert found is not None, header
        names.append(found[1])
    assert len(names) == 7
    for name in names:
        assert "/" not in name and "\\" not in name and not name.startswith(".") and name.isascii() and name.isprintable(), name


@pytest.mark.parametrize("filename", ["../../x.xml", "a\0b.xml", "x\u202egpj.exe", 'x"; y=".xml', "a\r\nb.xml", "/etc/passwd", "con.xml", "C:\\x.xml"])
def test_t42_the_name_of_a_supporting_document_never_becomes_a_path(make_org: Any, make_invoice: Any, actor: Any, filename: str, tmp_path: Any) -> None:
    """BT-125-2 comes from the file; our own names are made from the number alone."""
    from wasl.app.invoicing.errors import TextUnusable
    from wasl.app.invoicing.pdf import pdf_for
    from wasl.cli.issue import write_files
    from wasl.formats.pdf import attachments
    from wasl.invoice.model import SupportingDocument

    org = make_org()
    document = SupportingDocument(reference="1", filename=filename, mime_code="application/pdf", content=b"%PDF-1.4")
    try:
        row = find_invoice(org, issue(org, make_invoice(supporting_documents=(document,)), actor=actor).invoice_id)
    except TextUnusable:
        assert "\0" in filename
        return
    import wasl.cli.issue as command

    before = command.PROOF_SECONDS_MAX
    command.wait_for_proof.__defaults__ = (0.0,)
    try:
        written = write_files(row, tmp_path / "out")
    finally:
        command.wait_for_proof.__defaults__ = (before,)
    assert {path.parent for path in written} == {tmp_path / "out"} and all(path.name.startswith(row.number) for path in written)
    assert sorted(path.name for path in tmp_path.rglob("*")) == sorted(["out", *(path.name for path in written)])
    assert {attachment.name for attachment in attachments(pdf_for(row))} == {"invoice.xml", "invoice.xml.xades"}
