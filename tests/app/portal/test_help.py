"""The help centre as a reader meets it: no account, no database, both languages."""

from __future__ import annotations

from typing import Any

import pytest

from wasl.app.support.help import articles

SLUGS = [article.slug for article in articles.articles("en")]


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_index_leads_to_every_article(client: Any, lang: str) -> None:
    page = client.get(f"/help/?lang={lang}").content.decode()

    assert [slug for slug in SLUGS if f'href="/help/{slug}"' not in page] == []


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_an_article_is_a_page_in_the_readers_language(client: Any, lang: str) -> None:
    response = client.get(f"/help/pay?lang={lang}")

    assert response.status_code == 200 and f"<h1>{articles.title_of('pay', lang)}</h1>" in response.content.decode()
    assert "noindex" in response.content.decode()


def test_an_unknown_article_is_not_found(client: Any) -> None:
    assert client.get("/help/nothing-here").status_code == 404
