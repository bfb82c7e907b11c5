"""The PDF beside WeasyPrint: the same invoice, the same fonts, comparable pages, in the same run.

    python bench/pdf.py [--json] [--rounds N]

Every round renders another invoice (numbers and amounts differ), so no cache of whole documents helps. Both sides keep
what a server keeps warm: Typst its compiler and fonts, WeasyPrint its font configuration and parsed style sheet. Wasl's
side writes PDF/A-3a with tags, two attachments and three QR codes; WeasyPrint's side gets the lighter page (one QR code
less, plain PDF), so the ratio is a lower bound.
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

from wasl.invoice.display import format_amount
from wasl.invoice.model import Invoice
from wasl.invoice.plurals import counted
from wasl.render import qr, render_pdf
from wasl.render.fonts import font_directories

ONE_PAGE_MS_MAX = 40.0
THOUSAND_LINES_MS_MAX = 1200.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=30)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)  # WeasyPrint names every property it does not know
    results = [measured(lines, arguments.rounds if lines < 100 else max(3, arguments.rounds // 10)) for lines in (1, 10, 1000)]
    for result in results:
        print(json.dumps(result) if arguments.json else shown(result))
    return 0 if all(r["within"] for r in results) else 1


def measured(lines: int, rounds: int) -> dict[str, Any]:
    base = samples.invoice(lines)
    peer = WeasyPrint()
    ours, cpu = milliseconds(lambda n: render_pdf(numbered(base, n), context=samples.context()).data, rounds)
    theirs, _ = milliseconds(lambda n: peer.render(numbered(base, n)), max(2, rounds // 6 if lines < 100 else 1))
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


def milliseconds(render: Callable[[int], bytes], rounds: int) -> tuple[float, float]:
    """p50 of a render by the clock and in CPU time (on a busy machine they differ), after one to warm up."""
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
    """The comparable page in HTML: same blocks, same table, same fonts, right to left."""

    def __init__(self) -> None:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration

        self.module = weasyprint
        self.fonts = FontConfiguration()
        self.style = weasyprint.CSS(string=stylesheet(), font_config=self.fonts)

    def render(self, invoice: Invoice) -> bytes:
        document = self.module.HTML(string=page(invoice))
        return document.write_pdf(stylesheets=[self.style], font_config=self.fonts)


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
        "th{background:#0b4f4a;color:#fff;padding:4pt;text-align:right}td{padding:4pt}tr:nth-child(even) td{background:#f5f7f6}"
        "small{color:#54655f;display:block;font-size:7pt}svg{width:68pt;height:68pt}"
        ".n{direction:ltr;text-align:right;font-variant-numeric:tabular-nums}"
    )


def page(invoice: Invoice) -> str:
    """The invoice as HTML, written by hand so that no template engine is measured."""
    totals, seller, buyer = invoice.totals, invoice.seller, invoice.buyer
    assert totals and seller and buyer and totals.payable_amount is not None
    context = samples.context()

    def card(label: str, name: str | None, other: str | None, vat: str | None) -> str:
        return f"<div class=card><small>{label}</small><b>{html.escape(name or '')}</b><small>{other}</small><p>{vat}</p></div>"

    rows = "".join(
        f"<tr><td>{n}</td><td>{html.escape(line.item.name or '')}<small>{html.escape(line.item.description or '')}</small></td>"
        f"<td>{counted(line.quantity or 0, line.unit, 'ar')}</td><td class=n>{line.price.net if line.price else ''}</td><td>15٪</td>"
        f"<td class=n><b>{format_amount(line.net_amount or samples.Decimal(0), 'SAR', 'ar', with_currency=False)}</b></td></tr>"
        for n, line in enumerate(invoice.lines, 1)
        if line.item
    )
    cards = card("البائع", seller.name, seller.trading_name, seller.vat_identifier)
    cards += card("المشتري", buyer.name, buyer.trading_name, buyer.vat_identifier)
    due = format_amount(totals.payable_amount, "SAR", "ar")
    return (
        f"<html lang=ar dir=rtl><title>{invoice.number}</title><body><div class=two><div><h1>{html.escape(seller.name or '')}</h1></div>"
        f"<h1>فاتورة ضريبية</h1></div><hr><div class=two>{cards}</div><p>{invoice.number} · {invoice.issue_date} · {invoice.due_date}</p>"
        f"<table><thead><tr><th>م<th>الوصف<th>الكمية<th>سعر الوحدة<th>الضريبة<th>المبلغ</tr></thead><tbody>{rows}</tbody></table>"
        f"<div class=two><div class=card>{totals.tax_exclusive_amount}<br>{totals.tax_amount}<br><h1>{due}</h1></div>"
        f"<div class=card>{qr(context.pay_url or '')}<p>{context.pay_url}</p></div>"
        f"<div class=card>{qr(context.verify_url or '')}</div></div></body></html>"
    )


def shown(r: dict[str, Any]) -> str:
    verdict = "ok" if r["within"] else "OVER"
    return (
        f"{r['name']:<16} wasl {r['wasl_ms']:.1f} ms (cpu {r['wasl_cpu_ms']:.1f})  weasyprint {r['weasyprint_ms']:.1f} ms  {r['ratio']}x  "
        f"limit {r['limit_ms']:.0f} ms {verdict}  n={r['rounds']} cores={r['cores']} load={r['load']}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
