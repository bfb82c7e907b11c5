"""Each profile carries exactly the terms that its official schema and rule sheet allow; the rest is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree
from msgspec.structs import replace

from wasl.formats import cii, wasljson
from wasl.formats.cii.levels import PROFILES, ProfileTooSmall, UnknownProfile, level_of, reduced
from wasl.formats.convert import convert_invoice
from wasl.invoice.model import Card, DirectDebit, Invoice, PaymentInstructions
from wasl.invoice.terms import TERMS

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
FACTURX = [name for name in PROFILES if name != "xrechnung"]
SMALL = ["minimum", "basicwl", "basic"]


@pytest.fixture(scope="module")
def every() -> Invoice:
    """Every term of the model but the rounding amount, which small profiles refuse; payment by direct debit and card too."""
    found = wasljson.read((GOLDEN / "every-term.json").read_bytes()).invoice
    others = PaymentInstructions(
        means_code="59",
        means_text="Debit",
        remittance_information="R",
        credit_transfers=found.payment.credit_transfers,
        card=Card(account_number="1234", holder_name="A"),
        direct_debit=DirectDebit(mandate="M", creditor="C", debited_account="DE89370400440532013000"),
    )
    return replace(found, payment=others, totals=replace(found.totals, rounding_amount=None))


@pytest.mark.parametrize("profile", FACTURX)
@pytest.mark.parametrize("type_code", ["380", "381"])
def test_what_a_profile_writes_passes_its_own_schema(profile, type_code, every, cii_schema):
    for invoice in (replace(every, type_code=type_code), replace(every, type_code=type_code, tax_point_date=None, tax_point_date_code="35")):
        document = cii.write(invoice, profile)

        assert cii_schema(document, profile) == []
        assert cii.read(document).losses == ()
        assert cii.read(document).invoice.specification == (invoice.specification if profile == "en16931" else PROFILES[profile].specification)


@pytest.mark.parametrize("profile", SMALL)
def test_a_small_profile_leaves_out_only_what_its_schema_refuses_or_its_sheet_marks_as_not_used(profile, every, cii_schema):
    # The sheets forbid more than the schemas: BT-45 and the base and percentage of a line's allowance have an element, but no use.
    # The rounding amount is refused, not left out. MINIMUM's types are wider than its meaning: the buyer's address and VAT number.
    unused = {"minimum": {"BT-6", "BT-48", "BT-55", "BT-111"}, "basicwl": {"BT-45"}, "basic": {"BT-45", "BT-137", "BT-138", "BT-142", "BT-143"}}

    silent = {term for term in TERMS if _writable(every, term, profile, cii_schema)} - (PROFILES[profile].terms or set())

    assert silent - {term for term in TERMS if term.startswith("BG-")} <= unused[profile]


def _writable(every: Invoice, term: str, profile: str, cii_schema) -> bool:
    """Whether the schema of a profile accepts a document of its terms with this one added."""
    terms = PROFILES[profile].terms
    assert terms is not None
    wider = PROFILES[profile]._replace(terms=terms | {term} | _scheme_holder(term))
    try:
        PROFILES["probe"] = wider
        document = cii.write_whole(cii.canonical(reduced(every, "probe")))
    finally:
        del PROFILES["probe"]
        _forget()
    return len(document) > len(cii.write(every, profile)) and cii_schema(document, profile) == []


def _scheme_holder(term: str) -> set[str]:
    """BT-157-1 needs BT-157."""
    return {re.sub(r"-\d$", "", term)} if term.count("-") == 2 else set()


def _forget() -> None:
    from wasl.formats.cii import levels

    levels._paths.cache_clear()


def test_what_is_left_out_is_named_by_its_term(every):
    done = convert_invoice(every, to="cii", profile="basicwl")

    left_out = {each.term for each in done.losses if each.kind == "left out"}
    assert {"BT-153", "BT-131", "BT-41", "BT-122"} <= left_out
    assert done.complete
    assert [(each.term, each.kind) for each in done.losses if each.kind == "changed"] == [("BT-24", "changed")]
    assert all(each.en and each.ar for each in done.losses)


def test_the_whole_core_loses_nothing(every):
    for profile in ("en16931", "extended", "xrechnung"):
        done = convert_invoice(every, to="cii", profile=profile)
        assert [each for each in done.losses if each.term != "BT-24"] == []


def test_a_rounding_amount_does_not_fit_a_small_profile(every):
    rounded = replace(every, totals=replace(every.totals, rounding_amount=every.totals.tax_amount))
    for profile in ("basicwl", "basic"):
        with pytest.raises(ProfileTooSmall):
            cii.write(rounded, profile)
    assert cii.write(rounded, "minimum")


def test_xrechnung_sets_its_identifier_and_process_but_keeps_those_of_an_extension():
    plain = cii.read(cii.write(Invoice(specification="urn:cen.eu:en16931:2017"), "xrechnung")).invoice
    own = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
    extended = cii.read(cii.write(Invoice(specification=own, business_process="P"), "xrechnung")).invoice

    assert (plain.specification, plain.business_process) == (PROFILES["xrechnung"].specification, "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0")
    assert (extended.specification, extended.business_process) == (own, "P")


def test_a_profile_is_known_by_its_identifier():
    assert [level_of(each.specification) for each in PROFILES.values()] == list(PROFILES)
    assert level_of("urn:fdc:anything") is None
    assert level_of(None) is None


def test_an_unknown_profile_is_refused():
    with pytest.raises(UnknownProfile):
        cii.write(Invoice(), "comfort")


def test_the_namespaces_are_declared_once(every):
    root = etree.fromstring(cii.write(every))

    assert all(not element.nsmap.keys() - root.nsmap.keys() for element in root.iter())
