"""Tables of invoices: rows to invoices, all or nothing, every wrong cell named, every given total compared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from wasl.errors import UnreadableInput
from wasl.formats import read as door
from wasl.formats import table, ubl
from wasl.formats.table import mapping as mappings
from wasl.formats.table.columns import candidates_of, guess
from wasl.formats.table.errors import CellsRefused, ColumnsMissing, MappingRefused, NotATable, SeveralInvoices
from wasl.formats.table.mapping import Mapping
from wasl.formats.table.reader import rows_shown
from wasl.formats.table.targets import all_targets, target

HEAD = "Invoice No,Date,Customer,Item,Qty,Unit price,VAT %,Currency\n"
ONE = HEAD + "INV-1,2026-12-31,Noor,Advice,3,100.00,15,SAR\nINV-1,2026-12-31,Noor,Training,1,50.50,15%,SAR\n"


def problems(text, **options):
    return [(each.row, each.column, each.en.split(" Fix:")[0]) for each in table.examine(text.encode(), **options).problems]


def test_rows_of_one_number_become_one_invoice_with_its_totals():
    (found,) = table.read(ONE.encode())

    invoice = found.invoice
    assert (invoice.number, invoice.issue_date, invoice.buyer.name, invoice.currency) == ("INV-1", date(2026, 12, 31), "Noor", "SAR")
    assert [(line.identifier, line.item.name, line.quantity, line.net_amount) for line in invoice.lines] == [
        ("1", "Advice", Decimal(3), Decimal("300.00")),
        ("2", "Training", Decimal(1), Decimal("50.50")),
    ]
    assert (invoice.totals.tax_amount, invoice.totals.payable_amount) == (Decimal("52.58"), Decimal("403.08"))
    assert (found.syntax, found.rows, found.losses) == ("table", (2, 3), ())


def test_the_fields_of_an_invoice_may_stand_in_its_first_row_alone():
    once = HEAD + "INV-1,2026-12-31,Noor,Advice,3,100.00,15,SAR\n,,,Training,1,50.50,15%,\n\nINV-2,2026-12-30,Huda,Advice,1,1.00,15,SAR\n"

    first, second = table.read(once.encode())

    assert first.invoice == table.read(ONE.encode())[0].invoice
    assert (second.invoice.number, second.rows) == ("INV-2", (5,))


@pytest.mark.parametrize(
    "headers",
    [
        "رقم الفاتورة,تاريخ الفاتورة,اسم العميل,الصنف,الكمية,سعر الوحدة,نسبة الضريبة,العملة",
        "Rechnungsnr.,Rechnungsdatum,Kunde,Bezeichnung,Menge,Einzelpreis,MwSt %,Währung",
        "N° Facture,Date de facture,Client,Désignation,Quantité,Prix unitaire HT,TVA %,Devise",
        "INVOICE_NUMBER,Invoice Date,Customer name,Description,Quantity,Unit Price (SAR),Tax rate,Currency",
        "رقم الفاتورة / Invoice No,التاريخ Date,العميل (Customer),الصنف Item,الكمية Qty,سعر الوحدة Unit Price,الضريبة % VAT %,العملة Currency",
        "BT-1,BT-2,BT-44,BT-153,BT-129,BT-146,BT-152,BT-5",
    ],
)
def test_headers_in_four_languages_are_recognised(headers):
    text = ONE.replace(HEAD, headers + "\n")

    (found,) = table.read(text.encode())

    assert found.invoice.number == "INV-1"
    assert found.losses == ()
    assert found.invoice.totals.payable_amount == Decimal("403.08")


def test_titles_above_and_a_sum_below_are_no_invoices():
    text = "شركة النور,,,\nمبيعات ديسمبر,,,\n\n" + ONE + "Total,,,,4,,,\n"

    (found,) = table.read(text.encode())

    assert (found.rows, len(found.invoice.lines)) == ((5, 6), 2)


def test_one_word_with_two_meanings_is_decided_by_the_figures():
    net = "No,Item,Qty,Price,VAT,Total,Currency\n1,a,2,10.00,15,20.00,SAR\n2,b,1,30.00,15,30.00,SAR\n"
    gross = "No,Item,Qty,Price,VAT,Total,Currency\n1,a,2,10.00,3.00,23.00,SAR\n2,b,1,33.00,4.95,37.95,SAR\n"
    unclear = "No,Item,Qty,Price,VAT,Total,Currency\n1,a,2,10.00,15,77,SAR\n2,b,1,30.00,15,78,SAR\n"

    def meanings(text):
        head, *rows = [line.split(",") for line in text.strip().split("\n")]
        columns = guess(head, rows).columns
        return columns["VAT"], columns["Total"]

    assert meanings(net) == ("BT-152", "BT-131")
    assert meanings(gross) == ("KSA-11", "KSA-12")
    assert meanings(unclear) == ("BT-152", "")


def test_a_header_is_never_guessed_from_a_likeness():
    assert candidates_of("Quantitiy") == []
    assert candidates_of("Price incl. VAT") == []


def test_each_wrong_cell_is_named_with_its_row_column_and_fix():
    text = HEAD + "INV-1,,Noor,Advice,3x,100.00,15,SAR\nINV-1,31/31/2026,Noor,Advice,1,abc,0.15,SAR\nINV-2,2026-12-31,Noor,Advice,1,1,15,SAR\n"

    found = table.examine(text.encode())

    assert {(each.row, each.column, each.value) for each in found.problems} == {
        (2, "Qty", "3x"),
        (3, "Date", "31/31/2026"),
        (3, "Unit price", "abc"),
        (3, "VAT %", "0.15"),
    }
    assert next(each for each in found.problems if each.column == "Qty").message("en") == (
        "Row 2, column “Qty”: “3x” is not a number. Fix: write digits only, like 1234.50."
    )
    assert (found.refused, [each.invoice.number for each in found.invoices]) == (1, ["INV-2"])
    with pytest.raises(CellsRefused) as caught:
        table.read(text.encode())
    assert caught.value.problems == found.problems
    assert caught.value.message("ar").startswith("الصف 3، العمود «Date»: «31/31/2026» ليس يومًا في التقويم.")


def test_a_field_of_the_invoice_that_differs_between_its_rows_is_named():
    text = ONE.replace("Noor,Training", "Huda,Training")

    assert problems(text) == [(3, "Customer", "“Huda” differs from “Noor” in row 2 of the same invoice.")]


@pytest.mark.parametrize(
    ("column", "given", "message"),
    [
        ("Line total", "301.00", "301.00 was given, and the parts give 300.00."),
        ("VAT amount", "44.00", "44.00 was given, and the parts give 45.00."),
        ("Amount incl. VAT", "300.00", "300.00 was given, and the parts give 345.00."),
        ("Grand total", "344.99", "344.99 was given, and the parts give 345.00."),
        ("Subtotal", "345.00", "345.00 was given, and the parts give 300.00."),
    ],
)
def test_a_given_total_that_the_lines_do_not_give_is_named(column, given, message):
    text = f"{HEAD.strip()},{column}\nINV-1,2026-12-31,Noor,Advice,3,100.00,15,SAR,{given}\n"
    terms = {"Line total": "BT-131", "VAT amount": "KSA-11", "Amount incl. VAT": "KSA-12", "Grand total": "BT-112", "Subtotal": "BT-109"}
    guessed = table.recognise(text.encode()).mapping
    chosen = Mapping(columns={**guessed.columns, column: terms[column]}, constants=guessed.constants)

    found = table.examine(text.encode(), mapping=chosen)

    assert [(each.kind, each.row, each.column, each.en.split(" Fix:")[0]) for each in found.problems] == [("total", 2, column, message)]


def test_a_total_that_a_spreadsheet_did_not_round_is_taken_as_it_shows():
    text = "Invoice No,Item,Qty,Price,VAT %,Line total,Currency\nA,x,3,33.333333,15,99.999999,SAR\nA,y,1,0.335,15,0.335,SAR\n"

    (found,) = table.read(text.encode())

    assert [line.net_amount for line in found.invoice.lines] == [Decimal("100.00"), Decimal("0.34")]


def test_a_line_may_give_its_net_amount_alone():
    (found,) = table.read(b"Invoice No,Item,Net amount,VAT %,Currency\nA,x,99.50,15,SAR\n")

    assert (found.invoice.lines[0].net_amount, found.invoice.totals.payable_amount) == (Decimal("99.50"), Decimal("114.43"))


def test_a_rate_of_zero_needs_a_reason():
    rows = "Invoice No,Item,Qty,Price,VAT %,Currency\nA,x,1,10,15,SAR\nA,y,1,10,0,SAR\n"

    assert [each[2] for each in problems(rows)] == ["the VAT rate is 0, and nothing says why."]
    guessed = table.recognise(rows.encode()).mapping
    zero = Mapping(columns=guessed.columns, constants={**guessed.constants, "BT-151": "Z"})
    (found,) = table.read(rows.encode(), mapping=zero)
    assert [(line.tax_category, line.tax_rate) for line in found.invoice.lines] == [("S", Decimal(15)), ("Z", Decimal(0))]


def test_a_category_in_words_and_its_reason_reach_the_breakdown():
    rows = "رقم الفاتورة,الصنف,الكمية,السعر,نسبة الضريبة,سبب الإعفاء,العملة\nف-1,تأمين,1,10,معفى,خدمة مالية,SAR\nف-1,استشارة,1,10,15,,SAR\n"

    (found,) = table.read(rows.encode())

    assert [(each.category, each.rate, each.exemption_reason) for each in found.invoice.tax_breakdown] == [
        ("E", Decimal(0), "خدمة مالية"),
        ("S", Decimal(15), None),
    ]


def test_the_currency_beside_the_amounts_is_the_invoices_or_is_refused():
    rows = "Invoice No,Item,Qty,Price,VAT %\nA,x,1,SAR 10.00,15\n"

    assert table.read(rows.encode())[0].invoice.currency == "SAR"
    assert problems(rows + "A,y,1,€ 5.00,15\n")[0][1:] == ("Price", "the amount is in EUR, the invoice in SAR.")
    assert problems(rows.replace("SAR ", ""))[0][2] == "nothing says the currency."


def test_discounts_of_zero_are_none_and_others_get_their_reason():
    rows = "Invoice No,Item,Qty,Price,Discount,VAT %,Currency\nA,x,1,10.00,0.00,15,SAR\nA,y,1,10.00,2.50,15,SAR\n"

    (found,) = table.read(rows.encode())

    assert [line.net_amount for line in found.invoice.lines] == [Decimal("10.00"), Decimal("7.50")]
    assert [[each.reason for each in line.allowances] for line in found.invoice.lines] == [[], ["Discount"]]


def test_arabic_figures_and_a_german_sheet_are_read_alike():
    arabic = "رقم الفاتورة؛الصنف؛الكمية؛السعر؛نسبة الضريبة؛العملة\nف-١؛استشارة؛٣؛١٬٢٣٤٫٥٠؛١٥٪؛ر.س\n"
    german = "Rechnungsnr;Artikel;Menge;Einzelpreis;MwSt %;Währung\nF-1;Beratung;3;1.234,50;15;SAR\n"

    totals = [table.read(each.encode())[0].invoice.totals for each in (arabic, german)]

    assert totals[0] == totals[1]
    assert totals[0].payable_amount == Decimal("4259.03")


def test_columns_without_a_term_are_losses_and_not_silence():
    text = ONE.replace("Currency", "Salesman").replace("SAR", "Ali")
    guessed = table.recognise(text.encode())

    assert guessed.unknown == ("Salesman",)
    chosen = Mapping(columns=guessed.mapping.columns, constants={**guessed.mapping.constants, "BT-5": "SAR"})
    assert table.read(text.encode(), mapping=chosen)[0].losses == ()  # left out on purpose
    less = Mapping(columns={name: term for name, term in chosen.columns.items() if term}, constants=chosen.constants)
    assert [(each.xpath, each.value) for each in table.read(text.encode(), mapping=less)[0].losses] == [("column “Salesman”", "Ali")]


def test_what_cannot_be_done_without_is_asked_for():
    with pytest.raises(ColumnsMissing, match=r"the invoice number \(BT-1\)"):
        table.read(b"Item,Qty,Price,VAT %\nx,1,1,15\n")
    with pytest.raises(ColumnsMissing, match=r"the VAT rate of the line \(BT-152\)"):
        table.read(b"Invoice No,Item,Qty,Price\nA,x,1,1\n")


@pytest.mark.parametrize("data", [b"", b"\n\n", b"hello", b"a,b\n1,2\n", HEAD.encode()])
def test_what_is_no_table_of_invoices_is_refused(data):
    with pytest.raises(NotATable):
        table.read(data)


def test_too_many_problems_say_that_a_column_is_mapped_wrongly():
    with pytest.raises(UnreadableInput, match="probably a column is mapped wrongly"):
        table.read((HEAD + "INV-1,2026-12-31,Noor,Advice,x,100.00,15,SAR\n" * 600).encode())


def test_a_mapping_survives_being_printed_and_read_again():
    made = Mapping(
        columns={'رقم "الفاتورة"': "BT-1", "Qty\t": "BT-129", "x": "", "Colour": "BT-160", "Size": "BT-160/2"},
        constants={"BT-5": "SAR", "BT-22": 'a\n"b"'},
        header_row=3,
        sheet="ورقة",
        decimal=",",
        dates="dmy",
        encoding="cp1256",
        delimiter=";",
    )

    assert mappings.parse(mappings.dump(made).encode()) == made


def test_a_mapping_may_be_json():
    assert mappings.parse(b'{"version": 1, "columns": {"Qty": "BT-129"}}').columns == {"Qty": "BT-129"}


@pytest.mark.parametrize(
    "text",
    [
        "", "version = 2", "version = true\n[columns]", "version = 1\nother = 2", 'version = 1\n[columns]\na = "BT-999"', 'version = 1\n[columns]\na = "BG-25"',
        'version = 1\n[columns]\na = "BT-1"\nb = "BT-1"', "version = 1\n[columns]\na = 1", 'version = 1\n[constants]\n"BT-125" = "x"', 'version = 1\ndecimal = ";"',
        "version = 1\nheader_row = 0", '{"version": 1, "version": 1}', "{" * 5000, "[" * 5000, "a = " + "[" * 5000, '{"version": ' + "9" * 5000 + "}", "\xff", "x" * 300_000,
        'version = 1\n[columns]\na = "BT-1/2"', 'version = 1\nencoding = "utf-7"',
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used_is_refused(text):
    with pytest.raises(MappingRefused):
        mappings.parse(text.encode("latin-1"))


def test_a_mapping_for_another_file_is_refused():
    with pytest.raises(MappingRefused, match="no column “Nr”"):
        table.read(ONE.encode(), mapping=Mapping(columns={"Nr": "BT-1"}))


def test_every_term_that_a_column_can_give_has_names_and_a_place():
    goals = all_targets()

    assert len(goals) > 150
    assert all(goal.label("ar") and goal.label("en") for goal in goals)
    assert target("BT-160/2").steps[1].at == 1
    assert [target(name) for name in ("BT-125", "BT-116", "BG-1", "BT-1/2", "BT-0", "x")] == [None] * 6


def test_the_one_door_reads_a_table_of_exactly_one_invoice():
    found = door.read(ONE.encode())

    assert (found.invoice.number, found.syntax, found.source) == ("INV-1", "table", ONE.encode())
    assert ubl.read(ubl.write(found.invoice)).invoice == found.invoice
    with pytest.raises(SeveralInvoices, match="holds 2 invoices"):
        door.read((ONE + "INV-2,2026-12-31,Noor,Advice,1,1,15,SAR\n").encode())


def test_row_numbers_are_said_as_people_say_them():
    assert rows_shown([2, 3, 4, 7, 9, 10]) == "2-4, 7, 9-10"
