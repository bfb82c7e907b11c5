"""Documents that break rules on purpose: made from the seeds, from the rules' own XPath, and by hand where neither reaches.

Every mutant is (name, bytes). The same call always gives the same mutants in the same order.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from wasl.rules.sheet import Sheet
from wasl.rules.xpath import ast

SEEDS = Path(__file__).parent / "seeds"
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CAC, CBC = f"{UBL}CommonAggregateComponents-2", f"{UBL}CommonBasicComponents-2"
TEXTS = ("", "abc", "-1", "1.2345", "0", " true ", "NaN", "1e3", "99999", "AE", "O", "2026-13-01", "x y", "٣", "380")
# category: (percent, exempt)
CATEGORIES = {"Z": "0", "E": "0", "AE": "0", "K": "0", "G": "0", "O": None, "L": "21", "M": "21", "B": "21"}
Mutant = tuple[str, bytes]


def cac(name: str) -> str:
    return f"{{{CAC}}}{name}"


def cbc(name: str) -> str:
    return f"{{{CBC}}}{name}"


@cache
def invoice() -> bytes:
    return (SEEDS / "invoice.xml").read_bytes()


@cache
def credit_note() -> bytes:
    """The invoice as a credit note: other names, and the due date where a credit note has it."""
    text = invoice().decode()
    for old, new in (
        (f"{UBL}Invoice-2", f"{UBL}CreditNote-2"), ("<Invoice ", "<CreditNote "), ("</Invoice>", "</CreditNote>"),
        ("cac:InvoiceLine>", "cac:CreditNoteLine>"), ("cbc:InvoicedQuantity", "cbc:CreditedQuantity"),
        ("<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", "<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>"),
        ("  <cbc:DueDate>2026-03-31</cbc:DueDate>\n", ""),
    ):  # fmt: skip
        text = text.replace(old, new)
    return text.encode()


def in_category(seed: bytes, code: str) -> bytes:
    """The seed with every line, allowance and charge in another VAT category, its totals still right."""
    percent = CATEGORIES[code]
    root = etree.fromstring(seed)
    for category in list(root.iter(cac("TaxCategory"), cac("ClassifiedTaxCategory"))):
        category.find(cbc("ID")).text = code
        rate = category.find(cbc("Percent"))
        if percent is None:
            category.remove(rate)
        else:
            rate.text = percent
    if percent != "21":
        for reason in root.iterfind(f"{cac('TaxTotal')}/{cac('TaxSubtotal')}/{cac('TaxCategory')}"):
            if code != "Z":
                scheme = reason.find(cac("TaxScheme"))
                scheme.addprevious(_leaf("TaxExemptionReason", "Exempt"))
        for name, old, new in (("TaxAmount", "40.95", "0.00"), ("TaxInclusiveAmount", "235.95", "195.00"), ("PayableAmount", "201.00", "160.05")):
            for amount in root.iter(cbc(name)):
                if amount.text == old:
                    amount.text = new
    if code == "O":  # without VAT there are no VAT numbers
        for scheme in list(root.iter(cac("PartyTaxScheme"))):
            if scheme.findtext(f"{cac('TaxScheme')}/{cbc('ID')}") == "VAT":
                scheme.getparent().remove(scheme)
        for representative in list(root.iter(cac("TaxRepresentativeParty"))):
            root.remove(representative)
    if code == "B":
        for country in root.iter(cbc("IdentificationCode")):
            country.text = "IT"
    return etree.tostring(root)


def _leaf(name: str, text: str) -> Any:
    leaf = etree.Element(cbc(name))
    leaf.text = text
    return leaf


def seeds() -> list[Mutant]:
    found = [("invoice", invoice()), ("creditnote", credit_note())]
    found += [(f"invoice-{code}", in_category(invoice(), code)) for code in CATEGORIES]
    found += [(f"creditnote-{code}", in_category(credit_note(), code)) for code in CATEGORIES]
    return found


# -- from the rules' own XPath ---------------------------------------------------------------------------------------------------


def forbidden(sheet: Sheet) -> Iterator[Mutant]:
    """For every rule of the form not(path): a seed with that path in it."""
    for template, rule in sheet.asserts():
        if isinstance(rule.expr, ast.Call) and rule.expr.name == "not":
            context = "" if template.patterns[0].rooted and len(template.patterns[0].steps) == 1 else template.context
            for seed_name, seed in (("invoice", invoice()), ("creditnote", credit_note())):
                root = etree.fromstring(seed)
                start = root if not context else next(iter(_places(root, template)), None)
                if start is not None and _insert(start, root, rule.expr.args[0]):
                    yield f"{seed_name}+{rule.id}", etree.tostring(root)


def _places(root: Any, template: Any) -> Iterator[Any]:
    """Elements that stand where a template's pattern says, predicates aside."""
    for pattern in template.patterns:
        last = pattern.steps[-1].test
        for node in root.iter(f"{{{last.uri}}}{last.local}" if last.uri else "*"):
            above = [step.test for step in pattern.steps[-2::-1]]
            if all(parent is not None and parent.tag == f"{{{t.uri}}}{t.local}" for t, parent in zip(above, _up(node), strict=False)):
                yield node


def _up(node: Any) -> Iterator[Any]:
    while node is not None:
        node = node.getparent()
        yield node


def _insert(at: Any, root: Any, expr: ast.Expr) -> bool:
    """Make `expr`, a downward path, exist below `at`; False for a path of another document type."""
    if isinstance(expr, ast.Combine):
        return _insert(at, root, expr.left) or _insert(at, root, expr.right)
    steps = list(expr.steps) if isinstance(expr, ast.Path) else [expr]
    if isinstance(expr, ast.Path) and expr.absolute:
        at = root
        if isinstance(steps[0], ast.Step) and steps[0].axis == "descendant-or-self":
            steps.pop(0)
        elif isinstance(steps[0], ast.Step) and steps[0].axis == "descendant":
            found = next(root.iter(f"{{{steps[0].test.uri}}}{steps[0].test.local}"), None)
            if found is not None:
                _satisfy(found, steps[0])
                at = found
                steps.pop(0)
    for step in steps:
        if isinstance(step, ast.Combine):
            ours = [s for s in _flat(step) if (s.test.local == "InvoiceLine") == root.tag.endswith("}Invoice")]
            step = ours[0]
        if not isinstance(step, ast.Step):
            return False
        if step.axis == "attribute":
            at.set(step.test.local if not step.test.uri else f"{{{step.test.uri}}}{step.test.local}", "X")
            return True
        tag = f"{{{step.test.uri}}}{step.test.local}"
        child = at.find(tag)
        if child is None:
            child = etree.SubElement(at, tag)
        _satisfy(child, step)
        at = child
    if not len(at) and not at.text:
        at.text = "1"
    return True


def _flat(expr: ast.Expr) -> list[Any]:
    return _flat(expr.left) + _flat(expr.right) if isinstance(expr, ast.Combine) else [expr]


def _satisfy(node: Any, step: ast.Step) -> None:
    """`[cbc:DocumentTypeCode = '130']`: give the node that child."""
    for predicate in step.predicates:
        if isinstance(predicate, ast.Compare) and predicate.op == "=" and isinstance(predicate.left, ast.Step) and isinstance(predicate.right, ast.Literal):
            tag = f"{{{predicate.left.test.uri}}}{predicate.left.test.local}"
            child = node.find(tag)
            (child if child is not None else etree.SubElement(node, tag)).text = str(predicate.right.value)


# -- by changing one thing of a seed ---------------------------------------------------------------------------------------------

Change = Callable[[Any], bool]


def _changes(element: Any) -> Iterator[tuple[str, Change]]:
    if element.getparent() is not None:
        yield "delete", lambda e: e.getparent().remove(e) is None
        yield "double", lambda e: e.addnext(deepcopy(e)) is None
    if not len(element):
        for text in TEXTS:
            yield f"={text}", lambda e, text=text: setattr(e, "text", text) is None
    for name in element.attrib:
        yield f"-@{name}", lambda e, name=name: e.attrib.pop(name) is not None
        yield f"@{name}=ZZZZ", lambda e, name=name: e.set(name, "ZZZZ") is None


def changed(name: str, seed: bytes) -> Iterator[Mutant]:
    """Every single change of every element of a seed."""
    root = etree.fromstring(seed)
    for place, element in enumerate(root.iter(etree.Element)):
        for what, change in _changes(element):
            copy = deepcopy(root)
            target = next(e for i, e in enumerate(copy.iter(etree.Element)) if i == place)
            change(target)
            yield f"{name}:{place}:{etree.QName(element).localname}{what}", etree.tostring(copy)


def sample(mutants: list[Mutant], count: int, salt: int) -> list[Mutant]:
    return random.Random(salt).sample(mutants, min(count, len(mutants)))
