"""Explanations speak of this invoice: its lines, its figures, what they come to, what to write instead."""

from __future__ import annotations

import pytest
from tests.rules_explain.conftest import Fired, cii, invoice, location_of

from wasl.rules.explain import Explanation, explain, explain_rule

LRI = str.maketrans("", "", "\u2068\u2069")


def plain(text: str) -> str:
    return text.translate(LRI)


def totals(**amounts: str) -> str:
    body = "".join(f'<cbc:{name} currencyID="SAR">{value}</cbc:{name}>' for name, value in amounts.items())
    return f"<cbc:DocumentCurrencyCode>SAR</cbc:DocumentCurrencyCode><cac:LegalMonetaryTotal>{body}</cac:LegalMonetaryTotal>"


def line(n: int, amount: str = "100", category: str = "S", rate: str = "15", extra: str = "") -> str:
    return (
        f"<cac:InvoiceLine><cbc:ID>{n}</cbc:ID><cbc:LineExtensionAmount>{amount}</cbc:LineExtensionAmount><cac:Item>"
        f"<cac:ClassifiedTaxCategory><cbc:ID>{category}</cbc:ID><cbc:Percent>{rate}</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item>"
        f"{extra}</cac:InvoiceLine>"
    )


def row(taxable: str, tax: str, category: str = "S", rate: str = "15", extra: str = "") -> str:
    return (
        f"<cac:TaxTotal><cbc:TaxAmount>{tax}</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount>{taxable}</cbc:TaxableAmount>"
        f"<cbc:TaxAmount>{tax}</cbc:TaxAmount><cac:TaxCategory><cbc:ID>{category}</cbc:ID><cbc:Percent>{rate}</cbc:Percent>{extra}"
        "</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
    )


TOTALS = "/ubl:Invoice/cac:LegalMonetaryTotal"
ROW = "/ubl:Invoice/cac:TaxTotal/cac:TaxSubtotal"


def test_a_tax_amount_is_worked_out() -> None:
    words = explain(Fired("BR-CO-17", ROW), invoice(row("89264.13", "13390.60")))
    assert words.term == "BT-117"
    assert words.message_en.endswith("13,390.60 was given; 89,264.13 × 15% ≈ 13,389.62.")
    assert "89,264.13 × 15% ≈ 13,389.62" in words.message_ar
    assert words.where_en == "VAT breakdown row 1 (standard rate 15%), VAT amount of the category"
    assert words.where_ar == "السطر 1 من تفصيل الضريبة (النسبة الأساسية 15٪)، مبلغ ضريبة الفئة"
    assert words.fix_en.startswith("Change the VAT amount of the category to 13,389.62")


def test_a_tax_amount_in_dinars_is_worked_out_to_the_fils() -> None:
    doc = invoice("<cbc:DocumentCurrencyCode>JOD</cbc:DocumentCurrencyCode>" + row("110.352", "19", rate="16"))
    words = explain(Fired("BR-S-09", f"{ROW}/cac:TaxCategory"), doc)
    assert "19.000 was given; 110.352 × 16% ≈ 17.656." in words.message_en
    assert words.fix_en.startswith("Change the VAT amount of the category to 17.656,")


def test_the_amount_due_is_worked_out_with_what_is_there() -> None:
    doc = invoice(totals(TaxInclusiveAmount="1150", PrepaidAmount="50", PayableAmount="1200"))
    words = explain(Fired("BR-CO-16", TOTALS), doc)
    assert "1,200.00 was given; 1,150.00 − 50.00 = 1,100.00." in words.message_en
    assert plain(words.message_ar) == (
        "يجب أن يساوي المبلغ المستحق الإجمالي شامل الضريبة − المدفوع مقدمًا + فرق التقريب. المذكور 1,200.00، والحساب 1,150.00 − 50.00 = 1,100.00."
    )
    assert plain(words.fix_ar) == "غيّر المبلغ المستحق إلى 1,100.00، أو صحّح المبالغ التي يُحسب منها."


def test_a_missing_total_of_discounts_says_what_to_enter() -> None:
    discount = "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount>12.5</cbc:Amount></cac:AllowanceCharge>"
    words = explain(Fired("BR-CO-11", TOTALS), invoice(discount * 2 + totals(LineExtensionAmount="100")))
    assert words.fix_en == "Enter 25.00 as the sum of the document discounts."
    assert "12.50 + 12.50 = 25.00" in words.message_ar


def test_a_long_sum_leaves_out_its_middle() -> None:
    doc = invoice("".join(line(n, str(n)) for n in range(1, 31)) + totals(LineExtensionAmount="1"))
    words = explain(Fired("BR-CO-10", TOTALS), doc)
    assert "1.00 + 2.00 + 3.00 + 4.00 + … + 30.00 = 465.00" in words.message_en


def test_a_sum_with_an_unreadable_part_is_not_invented() -> None:
    words = explain(Fired("BR-CO-10", TOTALS), invoice(line(1, "abc") + line(2) + totals(LineExtensionAmount="1")))
    assert "=" not in words.message_en and words.fix_en == "Recompute the sum of the lines."


def test_the_total_with_vat_needs_one_total_in_the_invoice_currency() -> None:
    two = '<cac:TaxTotal><cbc:TaxAmount currencyID="SAR">1</cbc:TaxAmount></cac:TaxTotal>' * 2
    words = explain(Fired("BR-CO-15", "/ubl:Invoice"), invoice(totals(TaxInclusiveAmount="2") + two))
    assert "one total VAT in the invoice currency SAR, but there are 2" in words.message_en


@pytest.mark.parametrize(
    ("rule", "category", "expected"),
    [("BR-S-08", "S", "100.00 + 200.00 = 300.00"), ("BR-Z-08", "Z", "it comes to 50.00")],
)
def test_the_taxable_amount_counts_only_its_category_and_rate(rule: str, category: str, expected: str) -> None:
    lines = line(1) + line(2, "200") + line(3, "7", "S", "5") + line(4, "50", "Z", "0")
    words = explain(Fired(rule, f"{ROW}/cac:TaxCategory"), invoice(lines + row("1", "1", category, "15" if category == "S" else "0")))
    assert expected in words.message_en


def test_a_code_in_small_letters_is_put_right_but_never_guessed() -> None:
    test = "((not(contains(normalize-space(.), ' ')) and contains(' AED SAR XAU ', concat(' ', normalize-space(.), ' '))))"
    doc = invoice("<cbc:DocumentCurrencyCode>sar</cbc:DocumentCurrencyCode>")
    words = explain(Fired("BR-CL-04", "/ubl:Invoice/cbc:DocumentCurrencyCode", test), doc)
    assert words.fix_en == "Write SAR instead of “sar” as the code of the invoice currency."
    doc = invoice("<cbc:DocumentCurrencyCode>SAX</cbc:DocumentCurrencyCode>")
    words = explain(Fired("BR-CL-04", "/ubl:Invoice/cbc:DocumentCurrencyCode", test), doc)
    assert words.fix_en.startswith("Choose the code of the invoice currency from the list ISO 4217")


def test_a_card_number_is_never_repeated() -> None:
    number = "4111111111111111"
    card = f"<cac:PaymentMeans><cac:CardAccount><cbc:PrimaryAccountNumberID>{number}</cbc:PrimaryAccountNumberID></cac:CardAccount></cac:PaymentMeans>"
    words = explain(Fired("BR-51", "/ubl:Invoice/cac:PaymentMeans/cac:CardAccount/cbc:PrimaryAccountNumberID"), invoice(card))
    assert "16 digits" in words.message_en and "16 رقمًا" in words.message_ar
    assert number not in "".join(vars_of(words))


def vars_of(words: Explanation) -> list[str]:
    return [words.where_en, words.where_ar, words.message_en, words.message_ar, words.fix_en, words.fix_ar]


def test_a_missing_breakdown_row_names_the_lines_that_call_for_it() -> None:
    words = explain(Fired("BR-Z-01", "/ubl:Invoice"), invoice(line(1) + line(2, category="Z") + line(3, category="Z")))
    assert "Lines that use it: 2, 3." in words.message_en and "البنود التي تستعملها: \u20682, 3\u2069." in words.message_ar


def test_a_vat_number_gets_the_prefix_of_its_own_country() -> None:
    party = (
        "<cac:AccountingCustomerParty><cac:Party><cac:PostalAddress><cac:Country><cbc:IdentificationCode>BE</cbc:IdentificationCode></cac:Country>"
        "</cac:PostalAddress><cac:PartyTaxScheme><cbc:CompanyID>0123</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
        "</cac:PartyTaxScheme></cac:Party></cac:AccountingCustomerParty>"
    )
    words = explain(Fired("BR-CO-09", "/ubl:Invoice/cac:AccountingCustomerParty/cac:Party/cac:PartyTaxScheme"), invoice(party))
    assert words.term == "BT-48" and words.fix_en.endswith("for example BE0123.")


def test_an_unwanted_element_is_counted_and_its_content_saved() -> None:
    doc = invoice("<cbc:IssueTime>10:00:00</cbc:IssueTime>")
    words = explain(Fired("UBL-CR-005", "/ubl:Invoice", "not(cbc:IssueTime)"), doc)
    assert "It is there once, with the value “10:00:00”." in words.message_en
    assert words.where_en == "issue time (IssueTime)" and words.where_ar == "«وقت الإصدار» (\u2068IssueTime\u2069)"
    assert "invoice note" in words.fix_en


def test_an_unwanted_element_in_a_line_is_placed_in_its_line() -> None:
    doc = invoice(line(1) + line(2, extra="<cbc:UUID>x</cbc:UUID>"))
    words = explain(Fired("UBL-CR-513", "/ubl:Invoice", "not((cac:InvoiceLine|cac:CreditNoteLine)/cbc:UUID)"), doc)
    assert words.where_en == "line 2, unique identifier (UUID)" and words.where_ar == "البند 2، «المعرّف الفريد» (\u2068UUID\u2069)"


def test_hidden_characters_of_a_document_do_not_reach_the_message() -> None:
    doc = invoice("<cbc:DocumentCurrencyCode>\u202eRAS\u2069 x</cbc:DocumentCurrencyCode>")
    words = explain(Fired("BR-CL-04", "/ubl:Invoice/cbc:DocumentCurrencyCode"), doc)
    assert "“RAS x”" in words.message_en and "\u202e" not in words.message_ar


def test_long_values_are_cut() -> None:
    doc = invoice(f"<cbc:DocumentCurrencyCode>{'A' * 5000}</cbc:DocumentCurrencyCode>")
    words = explain(Fired("BR-CL-04", "/ubl:Invoice/cbc:DocumentCurrencyCode"), doc)
    assert len(words.message_en) < 250 and "…" in words.message_en


@pytest.mark.parametrize("huge", ["1" + "0" * 18, "9" * 60, "0." + "1" * 60, "-" + "9" * 400])
def test_huge_figures_are_explained_too(huge: str) -> None:
    doc = invoice(line(1, huge) + totals(LineExtensionAmount="1", TaxExclusiveAmount=huge, AllowanceTotalAmount="0.001"))
    for rule in ("BR-CO-10", "BR-CO-13", "BR-DEC-12"):
        words = explain(Fired(rule, TOTALS), doc)
        assert words.fix_en and len(words.message_en) < 600, rule


REPEATED = "<cac:{0}><cac:Party><cac:PostalAddress>{1}</cac:PostalAddress></cac:Party></cac:{0}>"


@pytest.mark.parametrize(("party", "term"), [("AccountingSupplierParty", "BT-162"), ("AccountingCustomerParty", "BT-163")])
def test_a_rule_for_all_addresses_speaks_of_the_one_concerned(party: str, term: str) -> None:
    doc = invoice(REPEATED.format(party, "<cac:AddressLine/>" * 2))
    words = explain(Fired("UBL-SR-51", f"/ubl:Invoice/cac:{party}/cac:Party/cac:PostalAddress"), doc)
    assert words.term == term and "2 times" in words.message_en and "مرتين" in words.message_ar


def test_a_reason_given_twice_on_a_line_is_the_lines_reason() -> None:
    extra = (
        "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:AllowanceChargeReason>a</cbc:AllowanceChargeReason>"
        "<cbc:AllowanceChargeReason>b</cbc:AllowanceChargeReason></cac:AllowanceCharge>"
    )
    words = explain(Fired("UBL-SR-30", "/ubl:Invoice/cac:InvoiceLine/cac:AllowanceCharge"), invoice(line(1, extra=extra)))
    assert words.term == "BT-139" and words.where_en == "line 1, discount 1, reason of the line discount"


@pytest.mark.parametrize(
    ("n", "expected"),
    [(1, "مرة واحدة"), (2, "مرتين"), (3, "3 مرات"), (10, "10 مرات"), (11, "11 مرة"), (99, "99 مرة"), (100, "100 مرة"), (103, "103 مرات")],
)
def test_counted_words_have_their_arabic_form(n: int, expected: str) -> None:
    from wasl.rules.explain.text import counted

    assert counted(n, "time").ar == expected


def _party(side: str, number: str) -> str:
    scheme = f"<cac:PartyTaxScheme><cbc:CompanyID>{number}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
    return f"<cac:{side}><cac:Party>{scheme}</cac:Party></cac:{side}>"


def test_the_fix_names_every_number_that_must_go() -> None:
    doc = invoice(_party("AccountingSupplierParty", "BE1") + _party("AccountingCustomerParty", "BE2"))
    words = explain(Fired("BR-O-02", "/ubl:Invoice"), doc)
    assert words.fix_en == "Remove the seller VAT number and buyer VAT number, or change the category of the lines."
    assert words.fix_ar.startswith("احذف الرقم الضريبي للبائع والرقم الضريبي للمشتري")


def test_the_fix_names_every_number_that_is_missing() -> None:
    words = explain(Fired("BR-IC-02", "/ubl:Invoice"), invoice(""))
    assert "seller VAT number and buyer VAT number" in words.fix_en


def test_one_amount_is_not_shown_as_its_own_sum() -> None:
    allowance = "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount>-1.00</cbc:Amount></cac:AllowanceCharge>"
    total = "<cac:LegalMonetaryTotal><cbc:AllowanceTotalAmount>20.00</cbc:AllowanceTotalAmount></cac:LegalMonetaryTotal>"
    words = explain(Fired("BR-CO-11", "/ubl:Invoice/cac:LegalMonetaryTotal"), invoice(allowance + total))
    assert "it comes to -1.00" in words.message_en


def test_a_variant_of_an_element_is_counted_by_its_predicate() -> None:
    """Factur-X counts tax registrations by their scheme: two VAT numbers are one too many, a tax number beside them is none."""
    number = '<ram:SpecifiedTaxRegistration><ram:ID schemeID="{}">{}</ram:ID></ram:SpecifiedTaxRegistration>'
    doc = cii(agreement=f"<ram:SellerTradeParty>{number.format('VA', 1)}{number.format('VA', 2)}{number.format('FC', 3)}</ram:SellerTradeParty>")
    seller = next(doc.iter("{*}SellerTradeParty"))
    for scheme, term, seen in (("VA", "BT-31", "It is there 2 times."), ("FC", "BT-32", "It is there once.")):
        path = f'ram:SpecifiedTaxRegistration[ram:ID/@schemeID="{scheme}"]'
        official = f"Element variant '{path}' may occur at maximum 1 times."
        words = explain(Fired("FX-SCH-A-000033", location_of(seller), f"count({path})<=1", official), doc)
        assert words.term == term and words.message_en.endswith(seen), words


def test_split_payment_names_the_country_that_is_not_italy() -> None:
    party = "<cac:{}><cac:Party><cac:PostalAddress><cac:Country><cbc:IdentificationCode>{}</cbc:IdentificationCode></cac:Country></cac:PostalAddress></cac:Party></cac:{}>"
    doc = invoice(party.format("AccountingSupplierParty", "IT", "AccountingSupplierParty") + party.format("AccountingCustomerParty", "SA", "AccountingCustomerParty"))
    words = explain(Fired("BR-B-01", "/ubl:Invoice"), doc)
    assert words.term == "BT-55" and "the buyer country is SA" in words.message_en and words.where_ar.endswith("رمز بلد المشتري")


def test_a_line_net_amount_is_worked_out_with_its_discounts() -> None:
    line = (
        "<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity>3</cbc:InvoicedQuantity><cbc:LineExtensionAmount>50</cbc:LineExtensionAmount>"
        "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount>5</cbc:Amount></cac:AllowanceCharge>"
        "<cac:Price><cbc:PriceAmount>40</cbc:PriceAmount><cbc:BaseQuantity>2</cbc:BaseQuantity></cac:Price></cac:InvoiceLine>"
    )
    words = explain(Fired("PEPPOL-EN16931-R120", "/ubl:Invoice/cac:InvoiceLine"), invoice(line))
    assert "50.00 was given; 3 × 40.00 ÷ 2 − 5.00 = 55.00." in words.message_en
    assert "المذكور \u206850.00\u2069، والحساب \u20683 × 40.00 ÷ 2 − 5.00 = 55.00\u2069." in words.message_ar


@pytest.mark.parametrize(
    ("written", "better"),
    [("#SKONTO#TAGE=14#PROZENT=2,5#", "#SKONTO#TAGE=14#PROZENT=2.50#"), ("#skonto#Tage=7#Prozent=3%#", "#SKONTO#TAGE=7#PROZENT=3.00#"), ("#RABATT#", "#SKONTO#TAGE=14#PROZENT=2.00#")],
)
def test_a_cash_discount_is_shown_as_it_must_be_written(written: str, better: str) -> None:
    doc = invoice(f"<cac:PaymentTerms><cbc:Note>30 days\n{written}\n</cbc:Note></cac:PaymentTerms>")
    words = explain(Fired("BR-DE-18", "/ubl:Invoice"), doc)
    assert f"This line is not: “{written}”" in words.message_en and better in words.fix_en and better in words.fix_ar


def test_a_rule_without_its_context_is_explained_by_the_name_in_its_text() -> None:
    words = explain_rule("report-1", test="true()", official="Element 'ram:PostalTradeAddress' is marked as not used in the given context.")
    assert words.message_en == "This Factur-X profile has no place for the postal address (PostalTradeAddress) in the invoice."
    words = explain_rule("FX-SCH-A-000160", test="count(ram:Content)=1", official="Element 'ram:Content' must occur exactly 1 times.")
    assert words.message_en == "The content (Content) must be given exactly once in the invoice."
