"""The PDF beside WeasyPrint: the same texts, fonts, QR codes, attachments and PDF/A-3a, in the same run.

    python bench/pdf.py [--json] [--rounds N]

Every round renders another invoice number, so no cache of whole documents helps. Both sides keep what a server keeps
warm: Typst its compiler and fonts, WeasyPrint its font configuration and parsed style sheet. WeasyPrint gets the texts
ready made (Wasl's own view of the invoice, not counted), so the ratio is a lower bound.
"""

from __future__ import annotations

import argparse
import html
import json
import logging
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "render"))
import pdf_samples as samples

from wasl.invoice.model import Invoice
from wasl.render import render_pdf
from wasl.render.fonts import font_directories
from wasl.render.html import render_html
from wasl.render.text import Pen
from wasl.render.typesetter import families
from wasl.render.view import build_view

ONE_PAGE_MS_MAX = 40.0
THOUSAND_LINES_MS_MAX = 1200.0
HTML_MS_MAX = 3.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=30)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)  # WeasyPrint names every property it does not know
    results = [measured(lines, arguments.rounds if lines < 100 else max(3, arguments.rounds // 10)) for lines in (1, 10, 1000)]
    results.append(html_page(arguments.rounds * 10))
    for result in results:
        print(json.dumps(result) if arguments.json else shown(result))
    return 0 if all(r["within"] for r in results) else 1


def measured(lines: int, rounds: int) -> dict[str, Any]:
    base = samples.invoice(lines)
    peer = WeasyPrint()
    ours, cpu = milliseconds(lambda n: render_pdf(numbered(base, n), context=samples.context()).data, rounds)
    pages = [page(numbered(base, n)) for n in range(rounds + 1)]
    theirs, _ = milliseconds(lambda n: peer.render(pages[n]), max(2, rounds // 6) if lines < 100 else 1, warm=lines < 100)
    limit = THOUSAND_LINES_MS_MAX if lines == 1000 else ONE_PAGE_MS_MAX
    return {
        "name": f"pdf/{lines}-lines",
        "wasl_ms": ours,
        "wasl_cpu_ms": cpu,
        "weasyprint_ms": theirs,
        "ratio": round(theirs / ours, 1),
        "limit_ms": limit,
        "within": ours <= limit,
        "rounds": rounds,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }


def html_page(rounds: int) -> dict[str, Any]:
    """The HTML view of ten lines. No peer draws one of any invoice in Python; the limit is our own."""
    base = samples.invoice(10)
    ours, cpu = milliseconds(lambda n: render_html(numbered(base, n), context=samples.context()).encode(), rounds)
    return {
        "name": "html/10-lines", "wasl_ms": ours, "wasl_cpu_ms": cpu, "limit_ms": HTML_MS_MAX, "within": ours <= HTML_MS_MAX,
        "rounds": rounds, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def milliseconds(render: Callable[[int], bytes], rounds: int, *, warm: bool = True) -> tuple[float, float]:
    """p50 of a render by the clock and in CPU time (on a busy machine they differ), after one to warm up."""
    if warm:
        render(0)
    clock: list[float] = []
    cpu: list[float] = []
    for n in range(1, rounds + 1):
        start, used = time.perf_counter(), time.process_time()
        render(n)
        clock.append(time.perf_counter() - start)
        cpu.append(time.process_time() - used)
    return round(statistics.median(clock) * 1000, 1), round(statistics.median(cpu) * 1000, 1)


def numbered(base: Invoice, n: int) -> Invoice:
    """The same invoice under another number."""
    return msgspec.structs.replace(base, number=f"INV-2026-{n:06d}")


class WeasyPrint:
    """The same document in HTML: same blocks, same texts, same fonts, right to left."""

    def __init__(self) -> None:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration

        self.module = weasyprint
        self.fonts = FontConfiguration()
        self.style = weasyprint.CSS(string=stylesheet(), font_config=self.fonts)

    def render(self, document: str) -> bytes:
        files = [
            self.module.Attachment(string=content, name=name, relationship=relation)
            for name, content, relation in (("invoice.xml", samples.XML, "Alternative"), ("invoice.xml.xades", samples.XADES, "Supplement"))
        ]
        html_document = self.module.HTML(string=document)
        return html_document.write_pdf(stylesheets=[self.style], font_config=self.fonts, pdf_variant="pdf/a-3a", attachments=files)


def stylesheet() -> str:
    folder = font_directories()[0]
    faces = "".join(
        f"@font-face{{font-family:Plex;font-weight:{weight};src:url('{(folder / f'IBMPlexSansArabic-{name}.ttf').as_uri()}')}}"
        for weight, name in ((400, "Regular"), (600, "SemiBold"))
    )
    return (
        faces + "@page{size:A4;margin:14mm 16mm;@bottom-right{content:'صفحة ' counter(page) ' من ' counter(pages);font:7pt Plex}}"
        "body{font:9pt Plex;color:#12211f;direction:rtl}h1{font-size:19pt;color:#0b4f4a;margin:0}.two{display:flex;gap:8pt}"
        ".card{flex:1;background:#f5f7f6;border-radius:6pt;padding:10pt}table{width:100%;border-collapse:collapse;margin-top:12pt}"
        "th{background:#0b4f4a;color:#fff;padding:4pt;text-align:right}td{padding:4pt}"
        "i{color:#54655f;font-size:7pt;font-style:normal}.lines tr:nth-child(even) td{background:#f5f7f6}"
        ".tax svg{width:98pt;height:98pt}small{color:#54655f;display:block;font-size:7pt}svg{width:68pt;height:68pt}"
        ".n{direction:ltr;text-align:right;font-variant-numeric:tabular-nums}"
    )


def page(invoice: Invoice) -> str:
    """The view of the invoice as HTML, written by hand so that no template engine is measured."""
    v = build_view(invoice, samples.context(), Pen("ar"), families())
    rows = "".join(
        f"<tr><td>{r['no']}<td>{t(r['name'])}{''.join(f'<small>{t(m)}</small>' for m in r['more'])}<td>{r['quantity'] or ''} {t(r['unit'])}"
        f"<td class=n>{r['price']}<td>{r['tax']}<td class=n><b>{r['amount']}</b></tr>"
        for r in v["lines"]
    )
    heads = "".join(f"<th>{both(v['labels'][key])}" for key in ("no", "description", "quantity", "price", "tax", "amount"))
    taxes = "".join(f"<tr><td>{both(r['name'])} {r['rate']}<td class=n>{r['base']}<td class=n>{r['amount']}</tr>" for r in v["taxes"]["rows"])
    sums = "".join(f"<tr><td>{both(r['label'])}<td class=n>{r['value']}</tr>" for r in v["sums"])
    payment = "".join(f"<tr><td>{both(r['label'])}<td>{t(r['value'])}</tr>" for r in v["payment"])
    link = "<div class=card>{}{}{}<a href='{}'>{}</a></div>"
    facts = "".join(f"<div>{both(f['label'])}<b>{t(f['value'])}</b><small>{t(f['second'])}</small></div>" for f in v["facts"])
    actions = "".join(link.format(a["qr"], both(a["title"]), both(a["hint"]), a["url"], a["shown"]) for a in v["actions"])
    return (
        f"<html lang=ar dir=rtl><title>{html.escape(v['doc_title'])}</title><body>"
        f"<div class=two>{v['logo']['svg']}<h1>{t(v['seller']['name'])}</h1><h1>{both(v['title'])}</h1></div><hr>"
        f"<div class=two>{''.join(map(party, v['parties']))}<div class=tax>{v['tax_qr']}</div></div><div class=two>{facts}</div>"
        f"<table class=lines><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        f"<div class=two><div class=card><table>{taxes}</table><table>{payment}</table></div>"
        f"<div class=card><table>{sums}</table><h1>{both(v['due']['label'])} {t(v['due']['value'])}</h1></div></div>"
        f"<p>{'<br>'.join(map(t, v['words']))}</p><div class=two>{actions}</div><small>{'<br>'.join(map(t, v['statement']))}</small></body></html>"
    )


def party(card: dict[str, Any]) -> str:
    lines = "<br>".join(t(each["text"]) for each in card["lines"])
    ids = "<br>".join(f"{both(i['label'])} <b>{t(i['value'])}</b>" for i in card["ids"])
    return f"<div class=card>{both(card['label'])}<br><b>{t(card['name'])}</b><small>{t(card['second'])}</small>{lines}<br>{ids}</div>"


def t(value: Any) -> str:
    """A prepared text as HTML."""
    if value is None:
        return ""
    return html.escape(value) if isinstance(value, str) else f"<bdi lang={value['l']}>{html.escape(value['s'])}</bdi>"


def both(pair: list[Any]) -> str:
    return f"{t(pair[0])} <i>{t(pair[1])}</i>"


def shown(r: dict[str, Any]) -> str:
    verdict = "ok" if r["within"] else "OVER"
    peer = f"  weasyprint {r['weasyprint_ms']:.1f} ms  {r['ratio']}x" if "ratio" in r else ""
    return (
        f"{r['name']:<16} wasl {r['wasl_ms']:.1f} ms (cpu {r['wasl_cpu_ms']:.1f}){peer}  "
        f"limit {r['limit_ms']:.0f} ms {verdict}  n={r['rounds']} cores={r['cores']} load={r['load']}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
