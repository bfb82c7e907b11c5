"""A mail's bytes from its fields, its two bodies and its files: one place for every kind."""

from __future__ import annotations

from collections.abc import Iterable
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO

# ASCII headers and 7-bit bodies whatever the next hop can do; lines far below the 998 octets of RFC 5322
POLICY = SMTP.clone(cte_type="7bit", max_line_length=78)
Attachment = tuple[str, str, bytes]  # name, type, data


def mail_bytes(
    fields: Iterable[tuple[str, str]], *, text: str, html: str, attachments: Iterable[Attachment] = (), pictures: Iterable[Attachment] = ()
) -> bytes:
    """The whole message. Fields are ready for a header (delivery.address made them); empty ones are left out. `pictures` are
    shown inside the HTML, which names them `cid:NAME`: they come with the mail, so no program asks before it shows them."""
    message = EmailMessage(policy=POLICY)
    message.set_content(text, cte="base64")
    message.add_alternative(html, subtype="html", cte="base64")
    body = message.get_body(("html",))
    for name, kind, data in pictures:
        main, _, sub = kind.partition("/")
        body.add_related(data, maintype=main, subtype=sub, cid=f"<{name}>", disposition="inline")  # type: ignore[union-attr]
    for name, kind, data in attachments:
        main, _, sub = kind.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    out = BytesIO()
    BytesGenerator(out, policy=POLICY).flatten(message)
    return "".join(f"{name}: {value}\r\n" for name, value in fields if value).encode("ascii") + out.getvalue()
