"""The page of an invoice: complete without a script, inert whatever the invoice says, every value in its own direction."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import marks
import msgspec
import pdf_samples as samples
import pytest
from test_text import HOSTILE, SCRIPTS, filled

from wasl.invoice.model import Contact, Invoice, Party, SupportingDocument
from wasl.render.html import policy, render_html
from wasl.render.text import ControlCharacter

VOID = frozenset({"meta", "img", "br", "input"})


class Page(HTMLParser):
    """What a browser makes of it: elements with their attributes, texts with the elements around them."""

    def __init__(self, source: str):
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, list[str]]] = []
        self.wrong: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        if tag in ("path", "rect", "circle"):
            self.stack.pop()
        elif not self.stack or self.stack.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data):
        if data.strip():
            self.texts.append((data, list(self.stack)))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page_of(invoice: Invoice, **changes) -> Page:
    return Page(render_html(invoice, context=samples.context(**changes)))


EVIL = [*HOSTILE, "<img src=x onerror=alert(1)>", '"><script>alert(1)</script>', "' onmouseover='alert(1)", "</style><script>x</script>", "https://x.example/?<b>", "data:text/html,x", "&lt;script&gt;"]


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("text", EVIL)
def test_t38_t39_hostile_text_in_every_field_is_text(text, language):
    invoice = msgspec.structs.replace(filled(Invoice, text), currency=text, type_code="380")

    page = page_of(invoice, language=language, footer=text, terms=text, seller_name_other=text)

    assert {name for name, _ in page.elements} <= ALLOWED
    assert [a for _, a in page.elements if any(n.startswith("on") or n == "style" for n in a)] == []
    assert all(a["href"].startswith(("https://", "mailto:")) for a in page.all("a"))
    assert len(page.all("style")) == 1
    assert any(" ".join(text.split()) in " ".join(shown.split()) for shown, _ in page.texts)
    assert page.wrong == []


ALLOWED = frozenset(
    ["html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "aside", "div", "p", "span", "bdi", "b", "i", "br", "h1", "h2", "h3", "dl", "dt", "dd", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "a", "img", "input", "label", "svg", "g", "path", "rect", "circle"]
)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_value_stands_in_an_isolate_of_its_own(language):
    """No text of the invoice outside <bdi>, so that none of it moves its neighbours."""
    page = page_of(marks.filled(), language=language)

    loose = [text for text, around in page.texts if re.search(r"X[A-K]+Z", text) and "bdi" not in around and around[-1] != "title"]
    assert loose == []


def test_the_policy_names_the_one_style_and_allows_nothing_else():
    context = samples.context(accent="#123456")
    source = render_html(samples.invoice(1), context=context)

    style = re.search(r"<style>(.*?)</style>", source, re.DOTALL)[1]
    assert f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}" in policy(context)
    assert policy(context).startswith("default-src 'none';")
    assert policy(context).replace("'", "&#x27;") in source
    assert "url(" not in style
    assert "@import" not in style


def test_a_server_may_mark_the_style_with_its_nonce():
    assert '<style nonce="abc">' in render_html(samples.invoice(1), context=samples.context(), nonce="abc")


def test_nothing_is_fetched_and_nothing_runs():
    page = page_of(marks.filled())

    assert page.all("script") == page.all("link") == page.all("iframe") == []
    assert all(a["src"].startswith("data:image/svg+xml;base64,") for a in page.all("img"))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_it_is_built_for_those_who_listen(language):
    page = page_of(marks.filled(), language=language)

    (root,) = page.all("html")
    assert root == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert all(a.get("scope") == "col" for a in page.all("th"))
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["aria-labelledby"] for a in page.all("section")} <= set(ids)
    assert all(a.get("alt") for a in page.all("img"))
    assert {a.get("lang") for a in page.all("bdi")} >= {None, "en" if language == "ar" else "ar"}


def test_the_same_invoice_gives_the_same_page():
    assert len({render_html(samples.invoice(3), context=samples.context()) for _ in range(2)}) == 1


@pytest.mark.parametrize(
    ("location", "linked"),
    [
        ("https://example.com/a?b=1&c=2", True),
        ("http://example.com/", False),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("https://user:pw@example.com/", False),
        ("https://exa mple.com/", False),
        ("https://[::1", False),
        ("//example.com/", False),
        ("ftp://example.com/", False),
    ],
)
def test_t38_only_https_addresses_are_links(location, linked):
    invoice = msgspec.structs.replace(samples.english(1), supporting_documents=(SupportingDocument(reference="R", location=location),))

    page = page_of(invoice, pay_url=None, verify_url=None)

    assert [a["href"] for a in page.all("a")] == ([location] if linked else [])
    assert any(location in text for text, _ in page.texts)


@pytest.mark.parametrize(("email", "linked"), [("a.b@x.example", True), ("a@b", False), ("a@x.example?cc=b@c.example", False), ("javascript:x@y.example", False)])
def test_t38_only_plain_addresses_are_mail_links(email, linked):
    invoice = msgspec.structs.replace(samples.english(1), seller=Party(name="S", contact=Contact(email=email)))

    page = page_of(invoice, pay_url=None, verify_url=None)

    assert [a["href"] for a in page.all("a")] == ([f"mailto:{email}"] if linked else [])


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_there_as_it_was_written(script):
    """Browsers bring fonts of their own: nothing is marked, nothing is broken, only overrides are gone."""
    text = " ".join(SCRIPTS[script].split())

    page = page_of(msgspec.structs.replace(samples.english(1), buyer=Party(name=text)))

    shown = {found for found, _ in page.texts}
    assert "◻" not in "".join(shown)
    assert script in ("bidi-marks", "unknown") or text in shown


def test_direction_overrides_are_dropped():
    page = page_of(msgspec.structs.replace(samples.english(1), buyer=Party(name="100\u202e001\u202c")))

    assert any(text == "100001" for text, _ in page.texts)


def test_a_control_character_is_refused_by_name():
    with pytest.raises(ControlCharacter, match=r"buyer\.name"):
        page_of(msgspec.structs.replace(samples.english(1), buyer=Party(name="a\x07")))


def test_an_empty_invoice_is_a_page():
    assert len(page_of(Invoice(), document_xml=None).all("h1")) == 1


def test_the_lines_say_on_a_phone_what_their_columns_are():
    page = page_of(samples.jordanian())

    cells = [a for a in page.all("td") if a.get("role") == "cell"]
    assert len(cells) == 3 * 7
    assert all(a["data-l"] and a["data-bt"] for a in cells)


def test_a_page_speaks_of_files_as_they_are_there():
    """A PDF carries the safe files; a page does not."""
    invoice = msgspec.structs.replace(samples.english(1), supporting_documents=(SupportingDocument(reference="R", content=b"a", mime_code="text/csv"),))

    source = render_html(invoice, context=replace(samples.context(), language="en"))

    assert "in the electronic invoice" in source
    assert "in this file" not in source
