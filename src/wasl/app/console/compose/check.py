"""What the composer says while somebody types: totals, and what the official rules of the seller's profile find.

The document that is checked is the one that would be issued now (`prepare`), with a stand-in for the number.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from wasl.app import clock
from wasl.app.console.compose.form import LINE_PARTS, ComposerForm
from wasl.app.console.compose.marks import field_of, field_of_check
from wasl.app.invoicing.examine import examine
from wasl.app.invoicing.prepare import local_date, prepare
from wasl.app.portal.page import category_name
from wasl.app.ui import format
from wasl.app.ui.counting import ngettext
from wasl.app.ui.i18n import current
from wasl.app.ui.macros import number_cell, percent
from wasl.errors import WaslError
from wasl.formats import ubl, xml
from wasl.invoice.model import Invoice
from wasl.rules.explain import Explanation, explain

PLACEHOLDER = "0"  # the number is given at issue, under the lock
SHOWN_MAX = 12  # more findings than anybody reads at once; the first are the ones to mend first
ZERO = Decimal(0)
_FOLLOWS_FROM_NO_PRICE = re.compile(r"BR-24|BR-27|BR-CO-18|BR-(S|Z|E|AE|IC|G|O|AF|AG)-0?1")


@dataclass(frozen=True)
class Shown:
    """One finding, in the reader's language."""

    severity: str
    where: str
    message: str
    fix: str
    codes: str
    field: str | None


@dataclass(frozen=True)
class Checked:
    invoice: Invoice
    findings: tuple[Shown, ...] = ()
    fatal: int = 0
    hint: str = ""
    rules: int = 0
    milliseconds: str = ""
    amounts: dict[int, Decimal] = field(default_factory=dict)

    @property
    def can_issue(self) -> bool:
        return not self.hint and self.fatal == 0

    @property
    def verdict(self) -> str:
        if self.hint:
            return _("Not checked yet")
        if self.fatal:
            return ngettext("%(num)d point prevents issuing", "%(num)d points prevent issuing", self.fatal)
        return _("Ready to issue")

    @property
    def tone(self) -> str:
        return "off" if self.hint else "late" if self.fatal else "good"

    @property
    def marks(self) -> list[str]:
        return [shown.field for shown in self.findings if shown.field and shown.severity == "fatal"]

    @property
    def in_words(self) -> str:
        payable = self._total("payable_amount")
        return format.in_words(payable, self.invoice.currency or "") if payable else ""

    @property
    def totals(self) -> list[tuple[str | Markup, Markup]]:
        currency = self.invoice.currency or ""
        rows: list[tuple[str | Markup, Markup]] = []
        for sub in self.invoice.tax_breakdown:
            label: str | Markup = category_name(sub.category)
            if sub.category == "S":
                label = Markup(_("Taxable at %(rate)s")) % {"rate": percent(sub.rate or ZERO)}  # noqa: S704
            rows.append((label, number_cell(sub.taxable_amount or ZERO, currency)))
        rows.append((_("VAT"), number_cell(self._total("tax_amount"), currency)))
        return rows

    @property
    def total_last(self) -> tuple[str, Markup]:
        currency = self.invoice.currency or ""
        sign = Markup(' <bdi class="soft small">{}</bdi>').format(format.currency_sign(currency))
        return (_("Amount due"), number_cell(self._total("payable_amount"), currency) + sign)

    def _total(self, name: str) -> Decimal:
        return (getattr(self.invoice.totals, name) if self.invoice.totals else None) or ZERO


def check(org: Any, form: ComposerForm, draft: Invoice) -> Checked:
    """Totals always; findings once there is a customer and a line to speak of. Never raises on what a person can type."""
    try:
        invoice = prepare(org, draft, on=local_date(org, clock.now()), number=PLACEHOLDER).invoice
    except WaslError as error:
        shown = Shown("fatal", _("This document"), error.message(current()), "", " · ".join(filter(None, (error.code, error.term))), None)
        return Checked(draft, (shown,), fatal=1)
    amounts = {row.key: line.net_amount for row, line in zip(form.filled_rows, invoice.lines, strict=True) if line.net_amount is not None}
    if unread := tuple(_unread(form)):  # what the rules would say of a price that nobody could read only hides why
        return Checked(invoice, unread, fatal=len(unread), amounts=amounts)
    if not form.filled_rows or not form["customer"]:
        return Checked(invoice, hint=_("Choose a customer and fill in a line: the official rules are checked while you type."), amounts=amounts)
    began = time.perf_counter()
    document = ubl.write(invoice)
    examination = examine(org, invoice, document)
    spent = time.perf_counter() - began
    findings = without_consequences(_shown(examination, document, invoice, form))
    return Checked(
        invoice, tuple(findings[:SHOWN_MAX]), sum(found.severity == "fatal" for found in findings), rules=examination.report.stats.rules,
        milliseconds=f"{spent * 1000:.1f}", amounts=amounts,
    )  # fmt: skip


def _unread(form: ComposerForm) -> Iterator[Shown]:
    """The fields that could not be read, each with its own reason."""
    places = {row.name(part): number for number, row in enumerate(form.filled_rows, 1) for part in LINE_PARTS}
    for name, texts in form.problems.items():
        number = places.get(name)
        where = _("This document") if number is None else " ".join((_("Line"), str(number)))
        yield from (Shown("fatal", where, text, "", "", name) for text in texts)


def without_consequences(findings: list[Shown]) -> list[Shown]:
    """Without a price a line has no amount, and without that there is no tax breakdown: the first says it all."""
    rules = {found.codes.split(" · ")[0] for found in findings}
    if "BR-26" not in rules:
        return findings
    return [found for found in findings if not _FOLLOWS_FROM_NO_PRICE.fullmatch(found.codes.split(" · ")[0])]


def _shown(examination: Any, document: bytes, invoice: Invoice, form: ComposerForm) -> list[Shown]:
    """Every finding in words, the fatal ones first; the document is parsed again only when there is something to explain."""
    findings = [shown(check, check.explanation, field_of_check(check.field, check.explanation.term, invoice, form)) for check in examination.checks]
    if examination.report.findings:
        root = xml.parse(document)
        for finding in examination.report.findings:
            told = explain(finding, root)
            findings.append(shown(finding, told, field_of(finding, told.term, form)))
    order = ("fatal", "warning", "information")
    return sorted(findings, key=lambda found: order.index(found.severity))


def shown(finding: Any, told: Explanation, field_name: str | None) -> Shown:
    lang = current()
    codes = " · ".join(filter(None, (finding.rule, told.term)))
    return Shown(finding.severity, _capital(told.where(lang)), told.message(lang), told.fix(lang), codes, field_name)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


