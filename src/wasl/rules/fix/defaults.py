"""What is missing and can only be one thing: the specification of a profile that the caller names, the currency of an amount, the tax
scheme of a VAT category, the format of a date in CII. Sources: EN 16931-1 BT-5, BT-24; EN 16931-3-2 and -3-3 (syntax bindings)."""

from __future__ import annotations

from collections.abc import Iterator

from wasl.formats.xml import Element, text_of
from wasl.rules.fix.proposal import Edit, Proposal
from wasl.rules.fix.spelling import readings
from wasl.rules.fix.view import CAC, CBC, RAM, View
from wasl.rules.report.shown import Both

SPECIFICATIONS = {
    "en16931": "urn:cen.eu:en16931:2017",
    "peppol": "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    "xrechnung": "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
    "facturx-minimum": "urn:factur-x.eu:1p0:minimum",
    "facturx-basicwl": "urn:factur-x.eu:1p0:basicwl",
    "facturx-basic": "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic",
    "facturx-en16931": "urn:cen.eu:en16931:2017",
    "facturx-extended": "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
}
PROCESSES = {"peppol": "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"}
# The children of a UBL root before and after the two identifiers, as far as an insertion must know.
_AFTER_CUSTOMIZATION = ("ProfileID", "ProfileExecutionID", "ID", "CopyIndicator", "UUID", "IssueDate", "IssueTime")
_NAMED = Both("الملف المطلوب {profile} له هذا المعرّف وحده", "the profile asked for, {profile}, has this identifier and no other")
_SAME = Both("المبالغ بعملة الفاتورة {code}، فتُذكر معها", "the amounts are in the invoice currency {code}, so they say so")
_VAT = Both("فئات الضريبة في EN 16931 نظامها VAT", "VAT categories of EN 16931 have the tax scheme VAT")
_FORMAT = Both("التاريخ مكتوب على الصورة 102 (YYYYMMDD)", "the date is written in format 102 (YYYYMMDD)")


def propose(view: View) -> Iterator[Proposal]:
    yield from _specification(view)
    if view.currency:
        yield from _currencies(view)
    yield from _schemes(view)
    if view.is_cii:
        yield from _formats(view)


def _specification(view: View) -> Iterator[Proposal]:
    """BT-24 and, for Peppol, BT-23, where the caller named the profile."""
    reason = Both(_NAMED.ar.format(profile=view.profile), _NAMED.en.format(profile=view.profile))
    wanted = SPECIFICATIONS.get(view.profile)
    if wanted is not None and not view.text(view.syntax.specification):
        edit = _identifier(view, "BT-24", wanted)
        if edit is not None:
            yield Proposal("default", (edit,), reason, "BT-24")
    process = PROCESSES.get(view.profile)
    if process is not None and not view.is_cii and not view.text("cbc:ProfileID"):
        edit = _identifier(view, "BT-23", process)
        if edit is not None:
            yield Proposal("default", (edit,), reason, "BT-23")


def _identifier(view: View, term: str, value: str) -> Edit | None:
    """Where the identifier goes; None where CII lacks the group around it."""
    if view.is_cii:
        context = view.find("rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter")
        if context is None:
            return None
        found = context.find(f"{{{RAM}}}ID")
        return Edit(view.path(context), value, child="ID", uri=RAM) if found is None else Edit(view.path(found), value)
    name = "CustomizationID" if term == "BT-24" else "ProfileID"
    found = view.find(f"cbc:{name}")
    if found is not None:
        return Edit(view.path(found), value)
    following = _AFTER_CUSTOMIZATION if term == "BT-24" else _AFTER_CUSTOMIZATION[1:]
    return Edit(view.path(view.root), value, child=name, uri=CBC, following=following)


def _currencies(view: View) -> Iterator[Proposal]:
    """currencyID of every UBL amount that lacks it; not where a second currency could be meant."""
    if view.is_cii:
        return
    lacking: list[Element] = []
    for element in view.root.iter(f"{{{CBC}}}*"):
        tag = str(element.tag)
        if tag.endswith("Amount") and element.get("currencyID") is None and not _may_be_other(view, element):
            lacking.append(element)
    if lacking:
        reason = Both(_SAME.ar.format(code=view.currency), _SAME.en.format(code=view.currency))
        yield Proposal("default", tuple(Edit(view.path(each), view.currency, "currencyID") for each in lacking), reason, "BT-5")


def _may_be_other(view: View, element: Element) -> bool:
    """The VAT total in the accounting currency (BT-111) where there are two totals."""
    parent = element.getparent()
    return parent is not None and str(parent.tag) == f"{{{CAC}}}TaxTotal" and len(view.all("cac:TaxTotal")) > 1


def _schemes(view: View) -> Iterator[Proposal]:
    edits: list[Edit] = []
    if view.is_cii:
        for tax in view.root.iter(f"{{{RAM}}}ApplicableTradeTax", f"{{{RAM}}}CategoryTradeTax"):
            if tax.find(f"{{{RAM}}}TypeCode") is None and tax.find(f"{{{RAM}}}CategoryCode") is not None:
                after = ("ExemptionReason", "BasisAmount", "LineTotalBasisAmount", "AllowanceChargeBasisAmount", "CategoryCode")
                edits.append(Edit(view.path(tax), "VAT", child="TypeCode", uri=RAM, following=after))
    else:
        for scheme in view.root.iter(f"{{{CAC}}}TaxScheme"):
            parent = scheme.getparent()
            if parent is None or not str(parent.tag).endswith(("}TaxCategory", "}ClassifiedTaxCategory")):
                continue  # a party's scheme tells a VAT number from a tax registration: both are possible
            found = scheme.find(f"{{{CBC}}}ID")
            if found is None:
                edits.append(Edit(view.path(scheme), "VAT", child="ID", uri=CBC))
            elif not text_of(found).strip():
                edits.append(Edit(view.path(found), "VAT"))
    if edits:
        yield Proposal("default", tuple(edits), _VAT)


def _formats(view: View) -> Iterator[Proposal]:
    edits: list[Edit] = []
    for each in view.root.iter("{*}DateTimeString"):
        if each.get("format") is None and len(text_of(each).strip()) == 8 and readings(text_of(each).strip()):
            edits.append(Edit(view.path(each), "102", "format"))
    if edits:
        yield Proposal("default", tuple(edits), _FORMAT)
