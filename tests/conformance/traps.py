"""One document for every trap that a naive translation of the rules falls into. Each is the seed with one text or structure changed."""

from __future__ import annotations

from collections.abc import Iterator

from mutants import Mutant, credit_note, in_category, invoice

# name -> (text of the seed, what it becomes)
EDITS: dict[str, tuple[str, str]] = {
    "line-period-hides-br-29": ("<cbc:EndDate>2026-02-14</cbc:EndDate>", "<cbc:EndDate>2026-01-14</cbc:EndDate>"),
    "indicator-abc-matches-neither": ("<cbc:ChargeIndicator>false</cbc:ChargeIndicator>\n    <cbc:AllowanceChargeReasonCode>95", "<cbc:ChargeIndicator>abc</cbc:ChargeIndicator>\n    <cbc:AllowanceChargeReasonCode>95"),
    "indicator-0": ("<cbc:ChargeIndicator>false</cbc:ChargeIndicator>", "<cbc:ChargeIndicator>0</cbc:ChargeIndicator>"),
    "indicator-spaced": ("<cbc:ChargeIndicator>true</cbc:ChargeIndicator>", "<cbc:ChargeIndicator> true </cbc:ChargeIndicator>"),
    "indicator-upper-case": ("<cbc:ChargeIndicator>true</cbc:ChargeIndicator>", "<cbc:ChargeIndicator>TRUE</cbc:ChargeIndicator>"),
    "two-indicators-first-decides": ("<cbc:ChargeIndicator>true</cbc:ChargeIndicator>", "<cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:ChargeIndicator>abc</cbc:ChargeIndicator>"),
    "two-indicators-error-first": ("<cbc:ChargeIndicator>true</cbc:ChargeIndicator>", "<cbc:ChargeIndicator>abc</cbc:ChargeIndicator><cbc:ChargeIndicator>true</cbc:ChargeIndicator>"),
    "decimal-exponent": (">235.95</cbc:TaxInclusiveAmount", ">2.3595e2</cbc:TaxInclusiveAmount"),
    "decimal-nan": (">235.95</cbc:TaxInclusiveAmount", ">NaN</cbc:TaxInclusiveAmount"),
    "decimal-underscore": (">235.95</cbc:TaxInclusiveAmount", ">2_35.95</cbc:TaxInclusiveAmount"),
    "decimal-arabic-digits": (">235.95</cbc:TaxInclusiveAmount", ">٢٣٥.٩٥</cbc:TaxInclusiveAmount"),
    "decimal-trailing-point": (">205.00</cbc:LineExtensionAmount", ">205.</cbc:LineExtensionAmount"),
    "decimal-leading-point": (">0.05</cbc:PayableRoundingAmount", ">.05</cbc:PayableRoundingAmount"),
    "decimal-plus": (">235.95</cbc:TaxInclusiveAmount", ">+235.95</cbc:TaxInclusiveAmount"),
    "decimal-no-break-space": (">235.95</cbc:TaxInclusiveAmount", ">\u00a0235.95</cbc:TaxInclusiveAmount"),
    "decimal-white-space": (">235.95</cbc:TaxInclusiveAmount", ">\t235.95\n</cbc:TaxInclusiveAmount"),
    "round-half-negative": (">0.05</cbc:PayableRoundingAmount", ">-0.005</cbc:PayableRoundingAmount"),
    "many-places": (">195.00</cbc:TaxableAmount", ">195.000000000000000000000000000001</cbc:TaxableAmount"),
    "percent-empty": ("<cbc:Percent>21</cbc:Percent>", "<cbc:Percent></cbc:Percent>"),
    "percent-text": ("<cbc:Percent>21</cbc:Percent>", "<cbc:Percent>abc</cbc:Percent>"),
    "percent-double": ("<cbc:Percent>21</cbc:Percent>", "<cbc:Percent>2.1e1</cbc:Percent>"),
    "price-inf": (">25</cbc:PriceAmount", ">INF</cbc:PriceAmount"),
    "price-minus-zero": (">25</cbc:PriceAmount", ">-0</cbc:PriceAmount"),
    "taxable-binary": (">195.00</cbc:TaxableAmount", ">194.1</cbc:TaxableAmount"),
    "two-ids": ("<cbc:ID>W-2026-1</cbc:ID>", "<cbc:ID>W-2026-1</cbc:ID><cbc:ID>2</cbc:ID>"),
    "two-countries": ("<cbc:IdentificationCode>DK</cbc:IdentificationCode></cac:Country>\n      </cac:PostalAddress>", "<cbc:IdentificationCode>DK</cbc:IdentificationCode></cac:Country><cac:Country><cbc:IdentificationCode>DK</cbc:IdentificationCode></cac:Country>\n      </cac:PostalAddress>"),
    "payee-without-name": ("<cac:PartyName><cbc:Name>Factor</cbc:Name></cac:PartyName>", ""),
    "payee-named-as-seller": ("<cbc:Name>Factor</cbc:Name>", "<cbc:Name>Wasl Seller SA</cbc:Name>"),
    "two-tax-schemes": ("<cbc:CompanyID>BE0123456789</cbc:CompanyID>\n        <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>", "<cbc:CompanyID>BE0123456789</cbc:CompanyID>\n        <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"),
    "scheme-lower-case": ("<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>", "<cac:TaxScheme><cbc:ID> vat </cbc:ID></cac:TaxScheme>"),
    "scheme-empty": ("<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>", "<cac:TaxScheme/>"),
    "scheme-as-text": ("<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>", "<cac:TaxScheme>VAT</cac:TaxScheme>"),
    "comment-in-text": (">235.95</cbc:TaxInclusiveAmount", ">235<!-- x -->.95</cbc:TaxInclusiveAmount"),
    "cdata-in-text": (">235.95</cbc:TaxInclusiveAmount", "><![CDATA[235.95]]></cbc:TaxInclusiveAmount"),
    "instruction-in-text": (">235.95</cbc:TaxInclusiveAmount", ">235<?x y?>.95</cbc:TaxInclusiveAmount"),
    "character-reference": (">235.95</cbc:TaxInclusiveAmount", ">&#50;&#x33;5.95</cbc:TaxInclusiveAmount"),
    "entities": ("<cbc:Name>Sales</cbc:Name>", "<cbc:Name>S &amp; &lt;b&gt; > ]]&gt;</cbc:Name>"),
    "greater-in-attribute": ('filename="hours.csv"', 'filename="a>b.csv"'),
    "quote-in-attribute": ('filename="hours.csv"', "filename='a\"&gt;&amp;.csv'"),
    "nested-namespaces": ("<cac:ProjectReference><cbc:ID>P-1</cbc:ID></cac:ProjectReference>", '<ProjectReference xmlns="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"><b:ID xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2" schemeID="x">P-1</b:ID></ProjectReference>'),
    "unknown-namespace": ("<cac:ProjectReference><cbc:ID>P-1</cbc:ID></cac:ProjectReference>", '<x:ProjectReference xmlns:x="urn:x"><x:TestAmount currencyID="EUR">1.2345</x:TestAmount></x:ProjectReference>'),
    "amount-with-children": (">235.95</cbc:TaxInclusiveAmount", ">2<cbc:ID>35.95</cbc:ID></cbc:TaxInclusiveAmount"),
    "group-named-amount": ("<cac:ProjectReference><cbc:ID>P-1</cbc:ID></cac:ProjectReference>", "<cac:TestAmount><cbc:ID>1.2345</cbc:ID></cac:TestAmount>"),
    "currency-of-one-amount": ('<cbc:TaxableAmount currencyID="EUR">', '<cbc:TaxableAmount currencyID="eur">'),
    "decimals-of-one-amount": ('<cbc:TaxableAmount currencyID="EUR">195.00', '<cbc:TaxableAmount currencyID="EUR">195.001'),
    "price-decimals-are-free": (">11.0000</cbc:BaseAmount", ">11.00001</cbc:BaseAmount"),
    "date-does-not-exist": ("<cbc:EndDate>2026-02-28</cbc:EndDate>", "<cbc:EndDate>2026-02-30</cbc:EndDate>"),
    "date-with-zone": ("<cbc:StartDate>2026-02-01</cbc:StartDate>\n    <cbc:EndDate>2026-02-28</cbc:EndDate>", "<cbc:StartDate>2026-02-01-01:00</cbc:StartDate>\n    <cbc:EndDate>2026-02-01+02:00</cbc:EndDate>"),
    "date-before-christ": ("<cbc:StartDate>2026-02-01</cbc:StartDate>\n    <cbc:EndDate>2026-02-28</cbc:EndDate>", "<cbc:StartDate>-0044-03-15</cbc:StartDate>\n    <cbc:EndDate>12026-02-28</cbc:EndDate>"),
    "note-with-one-hash": ("#AAI#تسليم على دفعتين", "50 # off"),
    "note-with-empty-subject": ("#AAI#تسليم على دفعتين", "##x"),
    "code-with-no-break-space": (">380</cbc:InvoiceTypeCode", ">380\u00a0</cbc:InvoiceTypeCode"),
    "code-with-space-inside": (">380</cbc:InvoiceTypeCode", ">380 381</cbc:InvoiceTypeCode"),
    "code-empty": (">380</cbc:InvoiceTypeCode", "></cbc:InvoiceTypeCode"),
    "two-payment-references": ("<cbc:PaymentID>RF18</cbc:PaymentID>\n    <cac:CardAccount>", "<cbc:PaymentID>RF19</cbc:PaymentID>\n    <cac:CardAccount>"),
    "two-payment-codes": ("<cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>", "<cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>"),
    "two-tax-amounts-in-currency": ('<cbc:TaxAmount currencyID="SEK">450.00', '<cbc:TaxAmount currencyID="EUR">450.00'),
    "sepa-lower-case": ('schemeID="SEPA"', 'schemeID="sepa"'),
    "price-allowance-sibling": ("<cac:Price><cbc:PriceAmount currencyID=\"EUR\">25</cbc:PriceAmount></cac:Price>", "<cac:Price><cbc:PriceAmount currencyID=\"EUR\">25</cbc:PriceAmount><cbc:OtherAmount>1.23456</cbc:OtherAmount><cac:AllowanceCharge/></cac:Price>"),
    "price-without-allowance": ("<cac:Price><cbc:PriceAmount currencyID=\"EUR\">25</cbc:PriceAmount></cac:Price>", "<cac:Price><cbc:PriceAmount currencyID=\"EUR\">25</cbc:PriceAmount><cbc:OtherAmount>1.23456</cbc:OtherAmount></cac:Price>"),
    "line-in-line": ("<cac:Price><cbc:PriceAmount currencyID=\"EUR\">25</cbc:PriceAmount></cac:Price>", "<cac:Price><cbc:PriceAmount currencyID=\"EUR\">25</cbc:PriceAmount></cac:Price><cac:SubInvoiceLine><cac:InvoiceLine><cbc:ID/></cac:InvoiceLine></cac:SubInvoiceLine>"),
    "root-in-root": ("<cac:ProjectReference><cbc:ID>P-1</cbc:ID></cac:ProjectReference>", '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><cbc:ID/></Invoice>'),
    "split-siblings": ("<cac:PaymentTerms><cbc:Note>30 days</cbc:Note></cac:PaymentTerms>", "<cac:PaymentTerms><cbc:Note>30 days</cbc:Note></cac:PaymentTerms><cac:Delivery><cbc:Test/></cac:Delivery>"),
    "huge-number": (">235.95</cbc:TaxInclusiveAmount", f">{'9' * 5000}.95</cbc:TaxInclusiveAmount"),
    "group-with-attribute": ("<cac:PaymentTerms>", '<cac:PaymentTerms languageID="en" schemeName="x">'),
}  # fmt: skip


def traps() -> Iterator[Mutant]:
    text = invoice().decode()
    for name, (old, new) in EDITS.items():
        assert old in text, name
        yield f"trap/{name}", text.replace(old, new, 1).encode()
        yield f"trap/{name}/all", text.replace(old, new).encode()
    yield "trap/windows-lines", text.replace("\n", "\r\n").encode()
    yield "trap/byte-order-mark", b"\xef\xbb\xbf" + text.encode()
    yield "trap/utf-16", text.replace("UTF-8", "UTF-16", 1).encode("utf-16")
    yield "trap/latin-1", text.replace("UTF-8", "ISO-8859-1", 1).encode("iso-8859-1", "xmlcharrefreplace")
    yield "trap/one-line", "".join(line.strip() for line in text.splitlines()).encode()
    yield "trap/comments-around", (text.replace("?>", "?><!-- before -->", 1) + "<!-- after --><?x y?>").encode()
    yield "trap/vatless-k", in_category(invoice(), "K").replace(b"<cbc:ActualDeliveryDate>2026-02-20</cbc:ActualDeliveryDate>", b"")
    yield "trap/credit-note-with-invoice-line", credit_note().replace(b"cac:CreditNoteLine>", b"cac:InvoiceLine>", 2)
