"""Bank statements at the desk: upload or paste, look, import, decide. Small files at once, everything also without script."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wasl.app.payments.standing import standing
from wasl.app.payments.statements.models import StatementFile, StatementLine
from wasl.standins import statements as bank
from wasl.standins.statements import Movement, Period

pytestmark = pytest.mark.django_db
IBAN = "SA0380000000608010167519"


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def period(*movements: Movement) -> Period:
    return Period(IBAN, "SAR", 100_00, movements)


def came(amount: int, text: str, name: str = "", day: int = 3) -> Movement:
    return Movement(date(2026, 11, day), amount, name=name, text=text)


def put(desk: Any, data: bytes, name: str = "november.xml") -> Any:
    return desk.post("/console/sanad/bank/import", {"statement": SimpleUploadedFile(name, data)}, follow=True)


def test_from_an_upload_to_a_paid_invoice_in_three_presses(desk: Any, org: Any, issued: Any) -> None:
    data = b"".join(bank.camt053([period(came(2482_05, f"فاتورة {issued.number}", "مؤسسة الأفق الأزرق"), came(-15_00, "fee", day=4))]))

    seen = put(desk, data)
    assert "Opening balance, movements and closing balance agree" in words(desk.get(f"{seen.redirect_chain[-1][0]}?lang=en"))
    done = desk.post(seen.redirect_chain[-1][0], {"act": "import"}, follow=True)

    assert "2 movements read" in words(done) and standing(org, issued).balance == 0
    assert "Matched by itself" in words(desk.get("/console/sanad/bank?show=matched&lang=en"))


def test_a_table_is_mapped_by_a_person_and_a_wrong_column_is_told(desk: Any, org: Any) -> None:
    data = bank.table(period(came(500_00, "rent"), came(700_00, "rent", day=15)), encoding="cp1256")
    seen = put(desk, data, "statement.csv")
    here = seen.redirect_chain[-1][0]
    form = dict(re.findall(r'<select[^>]*name="(column-\d+)".*?<option value="([a-z_]*)" selected', seen.content.decode(), re.DOTALL))
    assert form["column-0"] == "booked" and form["column-5"] == "credit" and form["column-6"] == "balance"

    wrong = desk.post(here, {**form, "column-5": "", "header": "2", "act": "import", "own_account": IBAN, "own_currency": "SAR"})
    right = desk.post(here, {**form, "header": "2", "act": "import", "own_account": IBAN, "own_currency": "SAR", "dates": "dmy"}, follow=True)

    assert wrong.status_code == 422
    assert right.status_code == 200 and StatementLine.objects.for_org(org).count() == 2
    assert StatementFile.objects.for_org(org).get().columns["credit"] == 5


def test_broken_and_foreign_files_say_why_in_the_readers_language(desk: Any, org: Any) -> None:
    assert "ليس هذا كشف حساب" in words(put(desk, b"%PDF-1.7"))
    assert "OFX" in words(desk.post("/console/sanad/bank/import?lang=en", {"text": "   "}))
    foreign = b"".join(bank.camt053([Period("DE02120300000000202051", "EUR", 0, [came(100, "x")])]))
    here = put(desk, foreign).redirect_chain[-1][0]

    refused = desk.post(f"{here}?lang=en", {"act": "import"})

    assert refused.status_code == 422 and "none of yours" in words(refused)
    assert StatementLine.objects.for_org(org).count() == 0


def test_a_movement_is_split_set_aside_and_taken_back(desk: Any, org: Any, issued: Any) -> None:
    here = put(desk, b"".join(bank.camt053([period(came(3000_00, "no idea", "X"), came(9_00, "interest", day=9))]))).redirect_chain[-1][0]
    desk.post(here, {"act": "import"})
    first, second = StatementLine.objects.for_org(org).order_by("booked")

    page = desk.get(f"/console/sanad/bank/lines/{first.pk}/split?q={issued.number}&lang=en")
    assert issued.number in words(page)
    assert desk.post(f"/console/sanad/bank/lines/{first.pk}/split", {f"part-{issued.pk}": "٢٬٤٨٢٫٠٥"}).status_code == 302
    desk.post(f"/console/sanad/bank/lines/{second.pk}", {"act": "ignore", "note": "interest"})
    assert standing(org, issued).balance == 0

    desk.post(f"/console/sanad/bank/lines/{first.pk}", {"act": "undo"})
    desk.post(f"/console/sanad/bank/lines/{second.pk}", {"act": "undo"})
    assert standing(org, issued).balance == 2482_05
    assert "To decide 2" in words(desk.get("/console/sanad/bank?lang=en"))


def test_a_list_costs_the_same_statements_for_one_movement_or_many(desk: Any, org: Any, django_assert_max_num_queries: Any) -> None:
    movements = [came(100_00 + at, f"x{at}", "Name", day=1 + at % 27) for at in range(25)]
    here = put(desk, b"".join(bank.camt053([period(*movements)]))).redirect_chain[-1][0]
    desk.post(here, {"act": "import"})

    with django_assert_max_num_queries(16):
        page = desk.get("/console/sanad/bank")

    assert len(page.content) < 150_000 and page.status_code == 200


def test_the_account_page_asks_two_owners(desk: Any, org: Any, make_person: Any, actor: Any) -> None:
    from django.test import Client

    from wasl.app.invoicing.models import AccountChange, BankAccount
    from wasl.app.tenancy.organisations import add_member

    second = make_person(name="Sam")
    add_member(org, second, "owner", actor=actor)
    account = BankAccount.objects.for_org(org).get()
    assert desk.post(f"/console/sanad/accounts/{account.pk}/change", {"iban": "SA03 8000 0000 6080 1016 7510"}).status_code == 422
    assert desk.post(f"/console/sanad/accounts/{account.pk}/change", {"iban": "SA44 2000 0001 2345 6789 1234"}).status_code == 302
    change = AccountChange.objects.for_org(org).get()
    assert "you cannot, for you asked" in words(desk.get("/console/sanad/accounts?lang=en"))

    other = Client()
    other.force_login(second, backend="wasl.app.tenancy.signin.PasswordBackend")
    desk.post(f"/console/sanad/accounts/changes/{change.pk}", {"act": "approve"})
    assert AccountChange.objects.for_org(org).get().state == "asked"
    other.post(f"/console/sanad/accounts/changes/{change.pk}", {"act": "approve"})
    assert AccountChange.objects.for_org(org).get().state == "approved"


def test_only_who_is_signed_in_may_bring_a_large_file_and_only_to_the_form_that_takes_one(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from wasl.app.live.large import admitted
    from wasl.formats.statements.source import BYTES_MAX

    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in desk.cookies.items())
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)  # the test's own transaction stays open
    here = "/console/sanad/bank/import"

    assert admitted(here, cookies) == BYTES_MAX >= 200_000_000
    for path, sent in ((here, ""), (here, "wasl_session=guess"), ("/console/sanad/bank", cookies), ("/inbox", cookies), ("/nowhere/\x00", cookies)):
        assert admitted(path, sent) == 0


def test_a_large_file_that_does_not_pack_is_left_out_before_it_fills_the_memory(desk: Any, org: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from secrets import token_bytes

    from wasl.app.ui import uploads

    monkeypatch.setattr(uploads, "DENSE_OCTETS_MAX", 200_000)
    refused = put(desk, token_bytes(600_000))

    assert refused.status_code == 422 and "200,000,000" in words(desk.post("/console/sanad/bank/import?lang=en", {"statement": SimpleUploadedFile("x.xml", token_bytes(600_000))}))
    assert StatementFile.objects.for_org(org).count() == 0


def test_a_payment_that_the_bank_took_back_is_one_press_and_one_to_undo(desk: Any, org: Any, issued: Any) -> None:
    moves = [came(2482_05, f"{issued.number}", "Horizon"), Movement(date(2026, 11, 5), -2482_05, text=f"RETURN {issued.number}", reversal=True)]
    here = put(desk, bank.mt940([period(*moves, Movement(date(2026, 11, 6), -7_00, text="other", reversal=True))])).redirect_chain[-1][0]
    done = desk.post(f"{here}?lang=en", {"act": "import"}, follow=True)
    assert "The bank took 2 payments back" in words(done) and standing(org, issued).balance == 0
    page = desk.get("/console/sanad/bank?lang=en")
    assert "the reference agrees" in words(page) and "no booked payment of this account has its amount" in words(page)
    assert "استردّ البنك دفعة" in words(desk.get("/console/sanad/bank?lang=ar"))
    (receipt,) = re.findall(r'name="receipt" value="([^"]+)"', page.content.decode())
    line = StatementLine.objects.for_org(org).get(amount=-2482_05)
    assert line.id.hex in desk.get("/console/sanad/attention?lang=en").content.decode().replace("-", "")
    assert desk.post(f"/console/sanad/bank/lines/{line.pk}", {"act": "returned", "receipt": "x"}).status_code == 404

    desk.post(f"/console/sanad/bank/lines/{line.pk}", {"act": "returned", "receipt": receipt})
    assert standing(org, issued).balance == 2482_05
    assert "The bank took the transfer back" in words(desk.get(f"/console/sanad/invoices/{issued.pk}?lang=en"))
    assert "Came back" in words(desk.get("/console/sanad/bank?show=matched&lang=en"))
    desk.post(f"/console/sanad/bank/lines/{line.pk}", {"act": "undo"})
    assert standing(org, issued).balance == 0
