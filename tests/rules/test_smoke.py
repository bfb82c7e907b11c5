"""The face of the package: bytes in, report out."""

from wasl.rules import validate

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def test_an_empty_invoice_breaks_the_first_rules_at_the_root() -> None:
    report = validate(f'<Invoice xmlns="{UBL}Invoice-2"/>'.encode())
    first = report.findings[0]
    assert (report.syntax, report.profile, report.valid) == ("ubl", "en16931", False)
    assert (first.rule, first.severity, first.xpath) == ("BR-01", "fatal", "/ubl:Invoice")
    assert first.location == f"/*:Invoice[namespace-uri()='{UBL}Invoice-2'][1]"
    assert first.official == "[BR-01]-An Invoice shall have a Specification identifier (BT-24)."
