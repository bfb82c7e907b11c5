"""The page as a whole: head, policy, and its sections in the order in which a reader asks for them."""

from __future__ import annotations

import base64
import hashlib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from wasl.invoice.model import Invoice

from ..account import PaymentReceipt, Statement
from ..colour import readable
from ..context import RenderContext
from ..text import check_printable, check_texts
from ..view import build_receipt, build_statement, build_view
from ..view.desk import Desk
from ..view.document import make_desk
from .lines import lines_table, plain_table
from .markup import PagePen, attribute, code, escape, figure, label, linked, rows, second_label, section, terms, value, web_link

_DIRECTION = {"ar": "rtl", "en": "ltr"}


def render_html(invoice: Invoice, *, context: RenderContext, nonce: str | None = None) -> str:
    """One self-contained page: the same arguments give the same text. `nonce` marks its style element for a server's own policy.

    Raises ControlCharacter, TooLongToPrint, LogoRefused, LinkRefused, ColourRefused or QrTooLong.
    """
    check_printable(invoice)
    pen = PagePen(context.language)
    view = build_view(invoice, context, pen, (), embedding=False)
    desk = make_desk(invoice, context, pen)
    return _document(view, desk, lines_table(invoice, view, desk), context, nonce)


def render_statement_html(statement: Statement, *, context: RenderContext, nonce: str | None = None) -> str:
    """The same of a statement of account. Raises StatementDisagrees too."""
    check_texts(statement, "statement", rows=len(statement.rows))
    pen = PagePen(context.language)
    view = build_statement(statement, context, pen, ())
    return _document(view, Desk(context.language, pen, statement.currency, None, False), "", context, nonce)


def render_receipt_html(receipt: PaymentReceipt, *, context: RenderContext, nonce: str | None = None) -> str:
    """The same of a receipt of payment. Raises ReceiptDisagrees too."""
    check_texts(receipt, "receipt", rows=len(receipt.allocations))
    pen = PagePen(context.language)
    view = build_receipt(receipt, context, pen, ())
    return _document(view, Desk(context.language, pen, receipt.currency, None, False), "", context, nonce)


def _document(view: dict[str, Any], desk: Desk, lines: str, context: RenderContext, nonce: str | None) -> str:
    body = "".join((_head(view), _main(view, desk, lines), _foot(view, desk, context)))
    style = _style(readable(context.accent))
    marked = f' nonce="{escape(nonce)}"' if nonce else ""
    return (
        f'<!doctype html>\n<html lang="{context.language}" dir="{_DIRECTION[context.language]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy(context))}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        '<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">\n'
        f"<title>{escape(view['doc_title'])}</title>\n<style{marked}>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def policy(context: RenderContext) -> str:
    """The Content-Security-Policy under which the page works: its own style and pictures inside it, nothing else."""
    digest = hashlib.sha256(_style(readable(context.accent)).encode()).digest()
    return f"default-src 'none'; style-src 'sha256-{base64.b64encode(digest).decode()}'; img-src data:; base-uri 'none'; form-action 'none'"


@cache
def _sheet() -> str:
    """The style sheet without comments and needless space."""
    lines = (files("wasl.render") / "html" / "style.css").read_text("utf-8").splitlines()
    return "".join(line.strip() for line in lines if not line.strip().startswith("/*"))


@lru_cache(maxsize=64)
def _style(accent: str) -> str:
    return f":root{{--brand:{accent}}}{_sheet()}"


def _head(view: dict[str, Any]) -> str:
    seller = view["seller"]
    logo = _logo(view)
    second = f'<span class="l2">{value(seller["second"])}</span>' if seller["second"] else ""
    title = view["title"]
    return (
        f'<header><div class="who">{logo}<p class="seller">{value(seller["name"])}{second}</p></div>'
        f'<div class="what"><h1>{value(title[0])}{second_label(title[1])}</h1><p class="number">{code(view["number"])}</p></div></header>\n'
    )


def _logo(view: dict[str, Any]) -> str:
    if view["logo"] is None:
        return ""
    data = base64.b64encode(view["logo"]["svg"].encode()).decode()
    return f'<img class="logo" src="data:image/svg+xml;base64,{data}" alt="{attribute(view["logo"]["alt"])}">'


def _main(view: dict[str, Any], desk: Desk, lines: str) -> str:
    language = desk.language
    tables = lines + "".join(plain_table(each) for each in view["tables"])
    money = f'<div class="money"><div class="left">{_taxes(view, desk)}{_payment(view, desk)}</div>{_totals(view, desk)}</div>'
    return (
        "<main>\n"
        + "".join(_banner(each, language) for each in view["banners"])
        + _due(view, desk)
        + section("facts", desk.label("facts"), rows([(f["label"], _fact(f), f["bt"]) for f in view["facts"]], language))
        + section("parties", desk.label("parties"), f'<div class="cards">{"".join(_party(p, language) for p in view["parties"])}</div>')
        + section("lines", view["heading"], tables)
        + money
        + section("notes", desk.label("notes"), "".join(_note(n, language) for n in view["notes"]))
        + section("documents", desk.label("documents"), _documents(view, language))
        + section("details", desk.label("details"), rows([(d["label"], code(d["value"]), d["bt"]) for d in view["details"]], language))
        + "</main>\n"
    )


def _banner(banner: dict[str, Any], language: str) -> str:
    originals = "".join(f"<p><b>{code(o['number'])}</b> {value(o['date'])}</p>" for o in banner["originals"])
    texts = "".join(f"<p>{value(t)}</p>" for t in banner["text"])
    head = f"<p>{label(banner['label'])}{terms(banner['bt'], language)}</p>"
    return f'<aside class="banner{" alarm" if banner["alarm"] else ""}">{head}{originals}{texts}</aside>'


def _due(view: dict[str, Any], desk: Desk) -> str:
    """The amount, the day, and what to do about it."""
    due = view["due"]
    day = next((f for f in view["facts"] if f["bt"] == "BT-9"), None)
    until = f'<p class="until">{label(day["label"])}: <b>{value(day["value"])}</b></p>' if day else ""
    words = "".join(f"<p>{value(w)}</p>" for w in view["words"] or ())
    buttons = "".join(_action(a) for a in view["actions"])
    code_image = f'<div class="qr" role="img" aria-label="{attribute(view["labels"]["tax_qr_alt"])}">{view["tax_qr"]}</div>' if view["tax_qr"] else ""
    return (
        f'<div class="due"><div><p class="amount-label">{label(due["label"])}{terms(due["bt"], desk.language)}</p>'
        f'<p class="amount">{value(due["value"])}</p>{until}<div class="words">{words}</div>'
        f"{f'<p class=actions>{buttons}</p>' if buttons else ''}</div>{code_image}</div>\n"
    )


def _action(action: dict[str, Any]) -> str:
    claim = f' <span class="claim">{label(action["code"]["label"])} <b>{code(action["code"]["value"])}</b></span>' if action["code"] else ""
    shown = label(action["title"])
    button = web_link(action["url"], shown, "button strong" if action["strong"] else "button")
    return (button if button is not shown else f'<span class="address">{shown} {code(action["url"])}</span>') + claim


def _fact(fact: dict[str, Any]) -> str:
    second = f'<span class="l2">{value(fact["second"])}</span>' if fact["second"] else ""
    return f"<b>{value(fact['value'])}</b>{second}"


def _party(party: dict[str, Any], language: str) -> str:
    second = f'<p class="l2">{value(party["second"])}{terms(party["second_bt"], language)}</p>' if party["second"] else ""
    lines = "".join(f"<p>{linked(each['text'], value(each['text']))}{terms(each['bt'], language)}</p>" for each in party["lines"])
    ids = rows([(each["label"], code(each["value"]), each["bt"]) for each in party["ids"]], language)
    return (
        f'<div class="card"><h3>{label(party["label"])}</h3><p class="name"><b>{value(party["name"])}</b>{terms(party["bt"], language)}</p>'
        f"{second}{lines}{ids}</div>"
    )


def _totals(view: dict[str, Any], desk: Desk) -> str:
    language = desk.language
    parts: list[str] = []
    for row in view["sums"]:
        more = f'<span class="l2">{value(row["more"])}{terms(row["more_bt"], language)}</span>' if row["more"] else ""
        strong = ' class="strong"' if row["strong"] else ""
        parts.append(f"<div{strong}><dt>{label(row['label'])}{terms(row['bt'], language)}{more}</dt><dd>{figure(row['value'])}</dd></div>")
    due = view["due"]
    parts.append(f'<div class="last"><dt>{label(due["label"])}{terms(due["bt"], language)}</dt><dd>{value(due["value"])}</dd></div>')
    return section("totals", desk.label("totals"), f"<dl>{''.join(parts)}</dl>")


def _taxes(view: dict[str, Any], desk: Desk) -> str:
    taxes = view["taxes"]["rows"]
    if not taxes:
        return ""
    language = desk.language
    heads = (("category", "BT-118 BT-119"), ("base", "BT-116"), ("tax_amount", "BT-117"))
    head = "".join(f'<th scope="col" class="c-{key}">{label(desk.label(key))}{terms(ids, language)}</th>' for key, ids in heads)
    body = "".join(
        f"<tr><td>{value(t['name'][0])} <b>{value(t['rate'])}</b> {code(t['code'])}{second_label(t['name'][1])}"
        f'{_reason(t, language)}</td><td class="f">{code(t["base"])}</td><td class="f">{code(t["amount"])}</td></tr>'
        for t in taxes
    )
    return section("taxes", desk.label("tax_summary"), f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def _reason(tax: dict[str, Any], language: str) -> str:
    return f'<p class="reason">{value(tax["reason"])}{terms("BT-120 BT-121", language)}</p>' if tax["reason"] else ""


def _payment(view: dict[str, Any], desk: Desk) -> str:
    pairs = [(row["label"], code(row["value"]) if row["code"] else value(row["value"]), row["bt"]) for row in view["payment"]]
    return section("payment", desk.label("payment"), rows(pairs, desk.language))


def _note(note: dict[str, Any], language: str) -> str:
    text = "<br>".join(value(each) for each in note["text"])
    return f"<div><h3>{label(note['label'])}{terms(note['bt'], language)}</h3><p>{text}</p></div>"


def _documents(view: dict[str, Any], language: str) -> str:
    items: list[str] = []
    for each in view["documents"]:
        place = f"<p>{web_link(each['url'], code(each['shown']))}{terms('BT-124', language)}</p>" if each["shown"] else ""
        described = f" {value(each['description'])}{terms('BT-123', language)}" if each["description"] else ""
        file = f'<p class="l2">{value(each["file"])}{terms("BT-125 BT-125-1 BT-125-2", language)}</p>' if each["file"] else ""
        state = f'<p class="l2">{label(each["state"])}</p>' if each["state"] else ""
        items.append(f"<li><p><b>{code(each['reference'])}</b>{terms('BT-122', language)}{described}</p>{file}{place}{state}</li>")
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _foot(view: dict[str, Any], desk: Desk, context: RenderContext) -> str:
    own = "".join(f"<p>{value(each)}</p>" for each in view["footer"])
    original = ""
    if context.document_xml is not None:
        original = f"<p>{label(desk.label('original'))}</p><p>{code(view['fingerprint'])}</p>"
    toggle = f'<p class="toggle"><label><input type="checkbox" id="terms"> {label(desk.label("show_terms"))}</label></p>'
    return f"<footer>{own}{original}{toggle if view['due']['bt'] else ''}</footer>"
