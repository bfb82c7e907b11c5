"""One page by two roads: a link's token, or an inbox that holds the invoice."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def probe() -> Any:
    """A view that says who looked."""
    from django.http import HttpResponse

    from wasl.app.portal.viewer import by_viewer

    @by_viewer
    def view(request: Any, viewer: Any) -> Any:
        return HttpResponse(f"{viewer.email} {viewer.base_url} {viewer.is_private} {viewer.key[0]}")

    return view


def test_a_link_of_ones_own_opens_a_bare_view_and_the_printed_one_does_not(rf: Any, probe: Any, issued: Any, token: str) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link
    from wasl.app.ui.i18n import LANGUAGES

    request = rf.get("/")
    request.LANGUAGE_CODE = LANGUAGES[0]

    assert probe(request, token=token).content.decode() == f"buyer@example.com /i/{token} True link"
    assert probe(request, token=make_link(issued, Link.PDF)).status_code == 404


def test_every_answer_of_such_a_view_is_private(rf: Any, probe: Any, token: str) -> None:
    request = rf.get("/")
    request.LANGUAGE_CODE = "en"
    response = probe(request, token=token)

    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("private, no-store", "no-referrer")
    assert "noindex" in response["X-Robots-Tag"]


def test_what_costs_a_query_is_asked_once(token: str, django_assert_num_queries: Any) -> None:
    from wasl.app.invoicing.links import resolve
    from wasl.app.portal.viewer import of_link

    viewer = of_link(resolve(token))
    with django_assert_num_queries(2):
        for _ in range(3):
            assert viewer.document is not None and viewer.standing.total == 24200
    with django_assert_num_queries(1):
        assert viewer.again().standing.total == 24200
