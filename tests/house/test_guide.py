"""The guides: two languages of one text, every picture and page there, and the Arabic in the tone of the house."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
GUIDES = {lang: ROOT / "docs" / "guide" / f"{lang}.md" for lang in ("ar", "en")}
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
AVOIDED = re.compile(r"(?<!\w)(تم|يتم) (?=\w)|(?<!\w)[وف]?قم ب|الرجاء القيام|يرجى العلم")


def prose(path):
    return re.sub(r"(?ms)^```.*?^```", "", path.read_text(encoding="utf-8"))


def targets(path, *, images):
    found = re.findall(r"(!?)\[[^\]]*\]\(([^)#\s]+)", prose(path))
    return [target for mark, target in found if bool(mark) is images and "://" not in target]


def headings(lang):
    return [len(marks) for marks in re.findall(r"(?m)^(#+) ", prose(GUIDES[lang]))]


@pytest.mark.skipif(not IMAGES.is_dir(), reason="docs/images is not made yet: make screenshots")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_picture_exists(page):
    assert [target for target in targets(page, images=True) if not (page.parent / target).is_file()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_to_a_page_of_ours_leads_somewhere(page):
    assert [target for target in targets(page, images=False) if not (page.parent / target).exists()] == []


def test_both_guides_have_the_same_headings():
    assert headings("ar") == headings("en")
    assert len(headings("ar")) > 10


def test_both_guides_show_the_same_things():
    for pattern in (r"(?m)^\d+\. ", r"(?m)^- ", r"(?m)^\|", r"(?m)^!\[", r"(?m)^```"):
        counts = {lang: len(re.findall(pattern, path.read_text(encoding="utf-8"))) for lang, path in GUIDES.items()}
        assert counts["ar"] == counts["en"], pattern


def test_each_guide_shows_pictures_in_its_own_language():
    for lang in GUIDES:
        assert [target for target in targets(GUIDES[lang], images=True) if f"-{lang}-" not in target] == []


def test_the_arabic_guide_keeps_the_tone_of_the_house():
    assert AVOIDED.findall(prose(GUIDES["ar"])) == []


@pytest.mark.parametrize("phrase", ["تم إصدار الفاتورة", "قم بالدفع", "وقم بحفظها", "يرجى العلم", "يتم الدفع"])
def test_the_check_of_the_tone_knows_what_it_looks_for(phrase):
    assert AVOIDED.search(phrase)


@pytest.mark.parametrize(("lang", "quotes"), [("ar", "«([^»]+)»"), ("en", '"([^"]+)"')])
def test_every_quoted_label_is_a_label_of_the_product(lang, quotes):
    """What the guide quotes is what a person looks for on the page: it must be there word for word."""
    from babel.messages.pofile import read_po

    with (ROOT / "src/wasl/locale/ar/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file)
    texts = [message.string if lang == "ar" else message.id for message in catalogue]
    shown = " \n ".join(" \n ".join(text) if isinstance(text, tuple) else text for text in texts)
    quoted = set(re.findall(quotes, prose(GUIDES[lang])))

    assert len(quoted) > 10
    assert sorted(label for label in quoted if label not in shown) == []
