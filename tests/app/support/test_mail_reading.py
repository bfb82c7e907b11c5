"""What is new in a mail, and HTML, charsets and encodings made text."""

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest

from wasl.app.support.threads.parse import decoded, headers, read, words
from wasl.app.support.threads.plain import plain
from wasl.app.support.threads.quotes import new_in


@pytest.mark.parametrize(
    "below",
    [
        "On Thu, 26 Nov 2026 at 10:21, Reem Ali <reem@sanad.example> wrote:\n> old\n> > older",
        "On Thu, 26 Nov 2026 at 10:21, Reem Ali of the accounts department\n<reem@sanad.example> wrote:\n\n> old",
        "في الخميس، 26 نوفمبر 2026 في 10:21 ص، كتب ريم علي <reem@sanad.example>:\n> قديم",
        "\u200fبتاريخ ٢٦\u200f/١١\u200f/٢٠٢٦ ١٠:٢١ كتبت ريم:\n> قديم",
        "-----Original Message-----\nFrom: Reem\nSent: Thursday\nTo: me\nold",
        "________________________________\nFrom: Reem <r@x>\nSent: Thursday, 26 November 2026\nTo: me\nSubject: x\n\nold",
        "من: ريم <r@x>\nتاريخ الإرسال: الخميس\nإلى: أنا\nالموضوع: س\n\nقديم",
        "Le jeu. 26 nov. 2026 à 10:21, Reem <reem@x> a écrit :\n> vieux".replace(" :", ":"),
        "##- اكتب ردّك فوق هذا السطر · Write your answer above this line -##\nold",
        "26 Kasım 2026 tarihinde Reem <wasl@x> şunu yazdı:\n\n> ##- Write your answer above this line -##\n> old",
        "-- \nNader Aziz\n+966 50 123 4567",
        "Sent from my iPhone",
        "أُرسل من هاتفي",
        "> everything\n> that was said",
    ],
)
def test_the_thread_below_and_the_signature_are_cut(below: str) -> None:
    assert new_in(f"Yes, we agree.\nPlease go on: today.\n\n{below}\n") == "Yes, we agree.\nPlease go on: today."


@pytest.mark.parametrize(
    "text",
    [
        "He wrote: 3 boxes came\nand more text follows",
        "From: our side nothing is open\nthank you",
        "كتب لي المحاسب: 5 صناديق\nوهذا رأيي",
        "> only\n> quotes",
        "-- \nonly a signature",
        "1.\n--\n",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert new_in(text).split() == text.strip().removesuffix("--").split()


def test_html_becomes_text_that_says_what_a_reader_saw() -> None:
    markup = """<html><head><style>p{color:red}</style><title>no</title></head><body><p>Hello <b>you</b>,</p><ul><li>one</li><li>two</li></ul>
    <script>alert(1)</script><p style="display: none">hidden</p><div style="font-size:0px">ghost</div><!-- comment -->
    <p>Pay <a href="https://evil.example/x">https://good.example</a> or <a href="javascript:alert(1)">here</a></p>&lt;b&gt;
    <div class="gmail_quote">On Monday wrote: <blockquote type="cite">old</blockquote></div></body></html>"""

    said = plain(markup)
    assert said == "Hello you,\n\n• one\n• two\n\nPay https://good.example <https://evil.example/x> or here\n\n<b>"
    assert "old" in plain(markup, with_quotes=True)
    assert plain("<p>نعم</p><div id='divRplyFwdMsg'>From: x</div><p>old</p>") == "نعم"


@pytest.mark.parametrize("markup", ["", "\x00", "<" * 5000, "<div>" * 100_000 + "deep", "<a href='" + "x" * 200_000, "&#0;&#xd800;&bogus;", "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;"])
def test_html_of_an_enemy_is_only_text_and_takes_no_time(markup: str) -> None:
    began = time.monotonic()
    plain(markup)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("شكرًا لكم".encode("cp1256"), "windows-1256", "شكرًا لكم"),
        ("شكرا لكم".encode("iso8859-6"), "ISO-8859-6", "شكرا لكم"),
        ("شكرًا".encode(), "x-unknown", "شكرًا"),
        ("شكرا لكم".encode("cp1256"), "", "شكرا لكم"),
        ("شكرا لكم".encode("cp1256"), "utf-8", "شكرا لكم"),
        ("déjà".encode("latin1"), "", "déjà"),
        (b"plain", "zip", "plain"),
        (b"plain", "unicode_escape", "plain"),
    ],
)
def test_charsets_are_those_of_mail_and_nothing_else(data: bytes, charset: str, text: str) -> None:
    assert decoded(data, charset) == text


def test_encoded_headers_and_bodies() -> None:
    assert words("=?windows-1256?B?4dHj?= x =?bogus?Q?a?=") == "لرم x a" or "x" in words("=?windows-1256?B?4dHj?= x =?bogus?Q?a?=")
    for cte in ("base64", "quoted-printable", "8bit"):
        made = EmailMessage()
        made["From"], made["Message-ID"] = "A <A@Example.com>", "<x@y>\r\n Bcc: z" if False else "<x@y>"
        made.set_content("السلام عليكم\u202e\x07 ورحمة الله\n", cte=cte)
        found = read(headers(made.as_bytes()))
        assert (found.text, found.senders, found.message_ref) == ("السلام عليكم ورحمة الله", ["a@example.com"], "<x@y>")


def test_format_flowed_is_joined_and_alternatives_are_one() -> None:
    raw = b"From: a@b.example\r\nContent-Type: text/plain; format=flowed\r\n\r\nThis is one \r\nsentence.\r\nAnd another.\r\n"
    assert read(headers(raw)).text == "This is one sentence.\nAnd another."
    both = EmailMessage()
    both["From"] = "a@b.example"
    both.set_content("As text")
    both.add_alternative("<p>As HTML</p>", subtype="html")
    assert read(headers(both.as_bytes())).text == "As text"
    only = EmailMessage()
    only["From"] = "a@b.example"
    only.set_content("<p>As <b>HTML</b></p>", subtype="html")
    assert read(headers(only.as_bytes())).text == "As HTML"
