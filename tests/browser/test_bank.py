"""The seller's bank in Chromium: a statement is imported, finds its invoices, one suggestion is accepted, a payment that came back is taken
back; every page of bank, accounts and gateways in both languages, on a phone and on a desk. With WASL_SCREENSHOTS pictures are kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser]
BASE = "/console/sanad"


def examine(page: Any, checks: Any, pictures: Path | None, name: str) -> None:
    page.wait_for_load_state("networkidle")
    found = checks.examine(page, reach=name.endswith(("ar-phone", "en-desktop")))
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(pictures / f"{name}.png"), full_page=True)
    assert found == [], f"{name}: " + "\n".join(found)


@pytest.fixture
def statement(sellers: Any, scene: Any, tmp_path: Path) -> Any:
    """Sanad's bank says: one transfer with its invoice's number, one with the payer's name and the amount, one of nobody known, and the
    first one taken back again. The invoices, and the file."""
    from wasl.app import clock
    from wasl.app.invoicing.accounts import current_accounts
    from wasl.standins import statements as bank
    from wasl.standins.statements import Movement, Period

    seller = sellers["sanad"]
    named, suggested = scene.issue(seller), scene.issue(seller, lines=2)
    today = clock.now().date()
    came = Movement(today, named.payable_amount, name="مؤسسة الأفق الأزرق للتجارة", text=f"فاتورة {named.number}", bank_reference="A1")
    movements = (
        came,
        Movement(today, suggested.payable_amount, name="مؤسسة الأفق الأزرق للتجارة", text="دفعة", bank_reference="A2"),
        Movement(today, 345_000, name="مؤسسة النخيل التجارية", text="INWARD TRF 90417", bank_reference="A3"),
        replace(came, amount=-came.amount, text=f"RETURN {named.number}", bank_reference="A4", reversal=True),
    )
    ((_account, iban, _holder, _bic),) = current_accounts(seller.org.pk)
    file = tmp_path / "november.xml"
    file.write_bytes(b"".join(bank.camt053([Period(iban, "SAR", 0, movements, number="7")], version=8)))
    return named, suggested, file


@pytest.mark.ci
@pytest.mark.parametrize(("lang", "size"), [("ar", "phone"), ("en", "desktop"), ("ar", "desktop"), ("en", "phone")])
def test_a_statement_finds_its_invoices_and_a_returned_payment_is_taken_back(
    statement: Any, open_page: Any, signed_in: Any, checks: Any, pictures: Path | None, lang: str, size: str
) -> None:
    from wasl.app.payments.standing import standing

    named, suggested, file = statement
    org = named.organisation_id
    page = open_page(f"{BASE}/bank", lang=lang, size=size, cookies=signed_in())
    examine(page, checks, pictures, f"bank-empty-{lang}-{size}")
    page.locator("a[href$='/bank/import']").first.click()
    examine(page, checks, pictures, f"bank-import-{lang}-{size}")
    page.set_input_files("input[name=statement]", str(file))
    page.locator("main form button.button--main").click()
    examine(page, checks, pictures, f"bank-preview-{lang}-{size}")
    page.locator("button[value=import]").click()
    examine(page, checks, pictures, f"bank-result-{lang}-{size}")
    assert standing(org, named).balance == 0, "its number and its amount agree: booked by itself"
    assert standing(org, suggested).balance == suggested.payable_amount, "payer and amount alone are looked at by a person"

    page.goto(page.url.partition("/bank")[0] + "/bank")
    examine(page, checks, pictures, f"bank-list-{lang}-{size}")
    page.locator("a[href*='/split']").first.click()
    examine(page, checks, pictures, f"bank-split-{lang}-{size}")
    page.go_back()
    page.locator("button[value=accept]").first.click()
    page.wait_for_load_state("networkidle")
    assert standing(org, suggested).balance == 0

    page.locator("button[value=returned]").first.click()
    page.wait_for_load_state("networkidle")
    assert standing(org, named).balance == named.payable_amount, "what the bank took back is owed again"
    examine(page, checks, pictures, f"bank-after-{lang}-{size}")


@pytest.mark.parametrize(("lang", "size"), [("ar", "phone"), ("en", "desktop"), ("ar", "desktop"), ("en", "phone")])
def test_accounts_and_gateways_hold(sellers: Any, open_page: Any, signed_in: Any, checks: Any, pictures: Path | None, lang: str, size: str) -> None:
    page = open_page(f"{BASE}/accounts", lang=lang, size=size, cookies=signed_in())
    change = page.locator("a[href$='/change']").first.get_attribute("href")
    for name, path in {
        "accounts": "/accounts", "account-change": change.partition(BASE)[2], "gateways": "/gateways", "gateway-stripe": "/gateways/stripe",
        "gateway-moyasar": "/gateways/moyasar",
    }.items():  # fmt: skip
        page.goto(page.url.partition("/console")[0] + BASE + path)
        examine(page, checks, pictures, f"{name}-{lang}-{size}")
