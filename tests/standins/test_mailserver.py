"""The local mail server: as strict as a real next hop, and every fault on demand."""

from __future__ import annotations

import imaplib
import smtplib
import time
from email import message_from_bytes, policy
from email.message import EmailMessage

import httpx
import pytest

Ports = dict[str, int]
SENDER = "bounce+abc@wasl.example"


def letter(**change: str) -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    fields = {"From": "a@wasl.example", "To": "b@y.example", "Subject": "Invoice", "Date": "Mon, 23 Nov 2026 10:00:00 +0000"}
    for name, value in (fields | {"Message-ID": "<1.2@wasl.example>"} | {k.replace("_", "-"): v for k, v in change.items()}).items():
        if value:
            message[name] = value
    message.set_content("text")
    message.add_alternative("<html><head></head><body><script>1</script><p>html</p></body></html>", subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="INV-1.pdf")
    return message.as_bytes()


LETTER = letter()


def send(ports: Ports, recipient: str, data: bytes | None = None, options: tuple[str, ...] = ()) -> None:
    with smtplib.SMTP("127.0.0.1", ports["smtp"], timeout=10) as smtp:
        smtp.sendmail(SENDER, [recipient], LETTER if data is None else data, rcpt_options=options)


def listed(ports: Ports) -> list[dict[str, object]]:
    return httpx.get(f"http://127.0.0.1:{ports['http']}/api/messages").json()


def inbox(ports: Ports, user: str) -> imaplib.IMAP4:
    imap = imaplib.IMAP4("127.0.0.1", ports["imap"])
    imap.login(user, "a word")
    imap.select("INBOX")
    return imap


def wait_for_report(ports: Ports) -> EmailMessage:
    imap = inbox(ports, "bounce@wasl.example")
    for _ in range(50):
        imap.noop()
        uids = imap.uid("SEARCH", "UNSEEN")[1][0].split()
        if uids:
            data = imap.uid("FETCH", uids[0].decode(), "(RFC822)")[1][0][1]
            assert imap.uid("SEARCH", "UNSEEN")[1][0].split() == []
            imap.logout()
            return message_from_bytes(data, policy=policy.default)
        time.sleep(0.1)
    raise AssertionError("no report came")


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (letter().replace(b"Subject: Invoice\r\n", b"Subject: Invoice\nX: y\r\n"), b"2.3.8"),
        (letter(Message_ID=""), b"Message-ID is missing"),
        (letter(Date=""), b"Date is missing"),
        (letter().replace(b"Invoice", "فاتورة".encode()), b"SMTPUTF8"),
        (letter().replace(b"Invoice", b"x" * 1200), b"2.1.1"),
        (letter().replace(b"Subject: Invoice", b"Subject: one\r\nSubject: two"), b"more than once"),
        (letter().replace(b"<1.2@wasl.example>", b"no brackets"), b"3.6.4"),
    ],
    ids=["bare-lf", "no-message-id", "no-date", "raw-arabic-header", "long-line", "two-subjects", "bad-message-id"],
)
def test_malformed_mail_is_refused_with_its_rule(mail: Ports, broken: bytes, rule: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", mail["smtp"]) as smtp:
        smtp.ehlo()
        smtp.mail(SENDER)
        smtp.rcpt("b@y.example")
        smtp.putcmd("data")
        smtp.getreply()
        smtp.send(broken.rstrip(b"\r\n") + b"\r\n.\r\n")
        code, answer = smtp.getreply()

    assert code in (500, 550) and (rule in answer or code == 500)
    assert listed(mail) == []


def test_accepted_mail_is_kept_byte_for_byte(mail: Ports) -> None:
    send(mail, "Nadir@Y.example")

    (stored,) = listed(mail)
    imap = inbox(mail, "nadir@y.example")
    assert imap.uid("FETCH", str(stored["uid"]), "(BODY.PEEK[])")[1][0][1] == LETTER


def test_defer_twice_then_accept(mail: Ports) -> None:
    for _ in range(2):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(mail, "x+defer2@y.example")
        assert refused.value.recipients["x+defer2@y.example"][0] == 451

    send(mail, "x+defer2@y.example")

    assert len(listed(mail)) == 1


def test_reject_says_550(mail: Ports) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(mail, "x+reject@y.example")

    assert refused.value.recipients["x+reject@y.example"][0] == 550


def test_dies_after_data_yet_has_the_message_and_counts_the_retry(mail: Ports) -> None:
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send(mail, "x+dieafterdata@y.example")
    assert [m["copies"] for m in listed(mail)] == [1]

    send(mail, "x+dieafterdata@y.example")

    assert [(m["copies"], m["differing"]) for m in listed(mail)] == [(2, 0)]


@pytest.mark.parametrize(("tag", "action"), [("bounce", "failed"), ("latebounce", "failed"), ("dsn", "delivered")])
def test_report_reaches_the_return_path(mail: Ports, tag: str, action: str) -> None:
    send(mail, f"x+{tag}@y.example")

    report = wait_for_report(mail)
    assert report.get_content_type() == "multipart/report"
    assert report["To"] == SENDER
    status = next(part for part in report.walk() if part.get_content_type() == "message/delivery-status")
    assert f"Action: {action}" in status.as_string()
    assert "<1.2@wasl.example>" in report.as_string()


def test_notify_success_is_honoured(mail: Ports) -> None:
    send(mail, "y@y.example", options=("NOTIFY=SUCCESS,FAILURE",))

    assert "Action: delivered" in wait_for_report(mail).as_string()


def test_wrong_imap_password_is_refused(mail: Ports) -> None:
    imap = imaplib.IMAP4("127.0.0.1", mail["imap"])

    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
        imap.login("a@b.example", "guess")


def test_html_is_shown_in_a_sandbox_and_attachments_download(mail: Ports) -> None:
    send(mail, "y@y.example")
    web = httpx.Client(base_url=f"http://127.0.0.1:{mail['http']}")

    page = web.get("/m/1?lang=ar")
    html = web.get("/m/1/html")
    pdf = web.get("/m/1/a/0")

    assert 'dir="rtl"' in page.text and "sandbox=" in page.text and "<script>" not in page.text
    assert "sandbox" in html.headers["Content-Security-Policy"] and "default-src 'none'" in html.headers["Content-Security-Policy"]
    assert pdf.content == b"%PDF-1.7" and "INV-1.pdf" in pdf.headers["Content-Disposition"]
    assert web.get("/m/99").status_code == 404


def test_control_sets_a_fault_for_any_address(mail: Ports) -> None:
    control = httpx.Client(base_url=f"http://127.0.0.1:{mail['http']}/control")
    assert control.post("/behaviour", json={"recipient": "y@y.example", "behaviour": "nonsense"}).status_code == 422
    control.post("/behaviour", json={"recipient": "y@y.example", "behaviour": "reject", "times": 1})

    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(mail, "y@y.example")
    send(mail, "y@y.example")

    assert len(listed(mail)) == 1
