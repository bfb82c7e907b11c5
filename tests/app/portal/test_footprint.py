"""The pages about paper: by a link and from an inbox, with "I printed it", its way back, and a table to take away."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest

from wasl.app.insight.sustainability.models import Paper

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_it_shows_figures_ranges_formulas_and_sources(client: Any, token: str, lang: str) -> None:
    page = client.get(f"/i/{token}/footprint?lang={lang}").content.decode()

    assert "4.99" in page and "van Oel" in page and ">33<" in page.replace("٣", "3") and f'<html lang="{lang}"' in page


def test_printing_is_counted_and_can_be_taken_back(client: Any, token: str, issued: Any) -> None:
    for act, prints in (("print", 1), ("print", 2), ("undo", 1), ("undo", 0), ("undo", 0)):
        assert client.post(f"/i/{token}/footprint", {"act": act}).status_code == 302
        assert Paper.objects.for_org(issued.organisation_id).get().prints == prints


def test_pages_are_counted_once_the_pdf_is_there(client: Any, token: str, issued: Any) -> None:
    client.cookies["wasl_lang"] = "en"
    assert "assumed" in client.get(f"/i/{token}/footprint").content.decode()
    client.get(f"/i/{token}/pdf")

    assert "assumed" not in client.get(f"/i/{token}/footprint").content.decode()
    assert Paper.objects.for_org(issued.organisation_id).get().pages >= 1


def test_t37_the_table_holds_numbers_and_words_of_ours_only(client: Any, token: str) -> None:
    text = client.get(f"/i/{token}/footprint.csv?lang=ar").content.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text)))

    assert len(rows) == 6 and not [cell for row in rows for cell in row if cell[:1] in "=+@\t\r"]


def test_the_card_and_the_tour_are_on_the_page_of_the_mail_and_not_on_that_of_the_code(client: Any, token: str, issued: Any) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    mine, printed = client.get(f"/i/{token}").content.decode(), client.get(f"/i/{make_link(issued, Link.PDF)}").content.decode()
    assert f"/i/{token}/footprint" in mine and "data-tour" in mine
    for page in (mine, printed):  # on a phone its side waits for the page's foot, so that nothing is pushed away
        assert 'payer__side--last' in page and '<footer class="portal-foot">' in page.partition("payer__side--last")[2]
    assert "footprint" not in printed and "data-tour" not in printed

    client.post("/help/tour", {"back": f"/i/{token}"})
    assert "data-tour" not in client.get(f"/i/{token}").content.decode()


def test_a_year_of_an_inbox_counts_its_own_invoices_only(client: Any, issued: Any, make_person: Any, make_org: Any, make_invoice: Any, actor: Any) -> None:
    from wasl.app.invoicing.issue import issue
    from wasl.app.tenancy.models import PayerGrant
    from wasl.app.tenancy.payers import own_inbox

    person = make_person(name="Lies Lab")
    issue(make_org(), make_invoice(), actor=actor)  # somebody else's
    PayerGrant.objects.create(payer=own_inbox(person).payer, organisation_id=issued.organisation_id, invoice_id=issued.pk)
    client.force_login(person, backend="wasl.app.tenancy.signin.PasswordBackend")

    page = client.get("/inbox/footprint?lang=en").content.decode()
    assert f"1 invoice in this inbox in {issued.issue_date.year}" in page
    assert "0 invoices" in client.get("/inbox/footprint?year=2001").content.decode()
    assert len(client.get("/inbox/footprint.csv").content.decode().splitlines()) == 6


@pytest.mark.parametrize("path", ["/inbox/footprint", "/inbox/footprint.csv"])
def test_a_stranger_is_asked_to_sign_in(client: Any, path: str) -> None:
    assert client.get(path)["Location"].startswith("/inbox/enter")
