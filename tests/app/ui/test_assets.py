"""Assets: named by hash, kept for ever, a font that is a font."""

from __future__ import annotations

import dataclasses
import gzip
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from wasl.app.ui import assets, fonts


def test_an_asset_is_served_for_ever_under_its_hash(client: Any) -> None:
    response = client.get(assets.url("wasl.css"), HTTP_ACCEPT_ENCODING="gzip")

    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Encoding"] == "gzip"
    assert b"@font-face" in gzip.decompress(response.content)


def test_an_unknown_asset_is_not_found(client: Any) -> None:
    assert {client.get(f"/assets/{name}").status_code for name in ("wasl.css", "wasl.000000000000.css", "..%2fsettings.py", "x")} == {404}


def test_every_picture_a_sheet_names_is_there() -> None:
    assert b"asset:" not in assets.style_sheet()


@pytest.mark.parametrize("weight", fonts.WEIGHTS)
def test_a_part_of_the_font_is_sound_and_ours_by_name(weight: int) -> None:
    made = TTFont(BytesIO(fonts.woff2(fonts.Part(weight, "arabic"))))
    names = {each.nameID: str(each) for each in made["name"].names}

    assert made.flavor == "woff2" and made["OS/2"].usWeightClass == weight
    assert names[1] == "Wasl Sans" and "Plex" not in "".join(text for name, text in names.items() if name in (1, 2, 4, 6))
    assert "OFL" in names[13] or "Open Font License" in names[13]
    assert {feature.FeatureTag for feature in made["GSUB"].table.FeatureList.FeatureRecord} >= {"init", "medi", "fina", "rlig"}


def test_columns_of_arabic_digits_line_up() -> None:
    made = TTFont(BytesIO(fonts.woff2(fonts.Part(400, "arabic"))))
    names = made.getBestCmap()

    assert {made["hmtx"][names[code]][0] for code in (*range(0x660, 0x66A), *range(0x6F0, 0x6FA))} == {600}


def test_the_parts_are_the_whole_font_and_overlap_nowhere() -> None:
    from fontpkg_ibm_plex_sans_arabic import ROOT

    whole = set(TTFont(ROOT / "files" / "IBMPlexSansArabic-Regular.ttf").getBestCmap())
    codes = [part.codes for part in fonts.parts() if part.weight == 400]

    assert sum(map(len, codes)) == len(set().union(*codes))
    left = whole - set().union(*codes)
    assert {hex(code) for code in left} <= {"0x0", "0xd", "0xe3f", "0xfb01", "0xfb02", "0xece0", "0xefcc"}  # controls, baht, ready-made ligatures


def test_a_font_can_be_named_before_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "woff2", None)

    assert "sans-400-arabic." in assets.served_name("sans-400-arabic.woff2")


def test_a_made_part_is_kept_in_the_data_directory_and_a_full_disk_is_no_matter(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CONFIG = dataclasses.replace(settings.CONFIG, data_dir=str(tmp_path))
    wanted, made = fonts.Part(400, "latin"), []
    monkeypatch.setattr(fonts, "_made", lambda part: made.append(part) or b"font")
    for blocked in (False, False, True):
        fonts.woff2.cache_clear()
        if blocked:
            shutil.rmtree(tmp_path / "cache")
            (tmp_path / "cache").write_text("in the way")
        assert fonts.woff2(wanted) == b"font"
    fonts.woff2.cache_clear()

    assert made == [wanted, wanted]  # once, then read, then made again where nothing can be kept


def test_a_first_visit_weighs_little() -> None:
    """What a page in Arabic needs at most: two scripts in two weights, and the style sheet."""
    weighed = sum(len(fonts.woff2(part)) for part in fonts.parts() if part.script in ("latin", "arabic"))
    css = assets.asset("wasl.css").gzipped or b""

    assert weighed < 75_000 and len(css) < 20_000


def test_a_page_is_packed_and_its_size_says_nothing(client: Any) -> None:
    sizes = {len(client.get("/accounts/login/", HTTP_ACCEPT_ENCODING="gzip").content) for _try in range(12)}
    response = client.get("/accounts/login/", HTTP_ACCEPT_ENCODING="gzip")

    assert response["Content-Encoding"] == "gzip" and b"<html" in gzip.decompress(response.content)
    assert "Accept-Encoding" in response["Vary"]
    assert len(sizes) > 4  # a random length each time


def test_what_is_no_page_is_left_alone(rf: Any) -> None:
    from django.http import HttpResponse

    from wasl.app.ui.headers import PackedPages

    file = PackedPages(lambda _request: HttpResponse(b"0" * 1000, content_type="application/pdf"))(rf.get("/", HTTP_ACCEPT_ENCODING="gzip"))

    assert "Content-Encoding" not in file.headers
