"""Words for the generated installation: some hundred real ones of trade in both languages, and word-like ones by the ten
thousand, from Arabic roots in their patterns and from English syllables. The same seed gives the same words."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

ARABIC = (
    "محاسبة برنامج رخصة سنوية شهرية صيانة طابعة حبر ورق خدمات استشارية تصميم موقع استضافة تدريب نقل شحن تركيب أثاث مكتب كرسي طاولة خزانة شاشة حاسوب "
    "هاتف اشتراك إنترنت كهرباء مياه نظافة حراسة إيجار مستودع سيارة وقود إطارات زيوت قطع غيار حديد إسمنت خشب دهان أدوات صحية إنارة تكييف أجهزة طبية أدوية "
    "مواد غذائية قهوة شاي تمور أرز سكر زيت دقيق حليب عصير لحوم دجاج أسماك خضار فواكه تغليف كرتون أكياس بطاقات كتيبات إعلان تسويق ترجمة قانونية تدقيق حسابات "
    "تأمين سفر تذاكر فندق ضيافة حفل مؤتمر معرض مطبوعات أقلام دفاتر أختام حقائب ملابس أقمشة خياطة مفروشات سجاد ستائر أبواب نوافذ زجاج ألمنيوم رخام بلاط سباكة"
).split()
ENGLISH = (
    "accounting software licence annual monthly maintenance printer toner paper consulting design website hosting training freight shipping installation furniture "
    "desk chair table cabinet screen laptop phone subscription internet electricity water cleaning security rent warehouse car fuel tyres oil spare parts steel cement "
    "timber paint fittings lighting cooling medical devices medicine food coffee tea dates rice sugar flour milk juice meat chicken fish vegetables fruit packaging "
    "cartons bags cards brochures advertising marketing translation legal audit insurance travel tickets hotel catering event conference exhibition prints pens "
    "notebooks stamps uniforms fabric carpets curtains doors windows glass aluminium marble tiles plumbing"
).split()
ARABIC_HEADS = "شركة مؤسسة مصنع متجر مطابع دار مجموعة مكتب مركز معمل".split()
ENGLISH_TAILS = "Trading Company|Supplies|Works|Services|Group|Factory|House|Press".split("|")
_ROOTS, _PATTERNS = "بتجحدرزسصطعفقكلمن", ("{0}{1}{2}", "{0}ا{1}{2}", "م{0}{1}و{2}", "ت{0}{1}ي{2}", "{0}{1}ا{2}ة", "م{0}ا{1}{2}ة", "است{0}{1}ا{2}", "{0}{1}ي{2}")
_ONSETS, _VOWELS, _CODAS = "b c d f g l m n p r s t v".split(), "a e i o u".split(), ["", "n", "r", "l", "x", "st"]


@dataclass(frozen=True)
class Words:
    """Words by how often they are used, the most frequent first, with the sums of their weights."""

    arabic: list[str]
    english: list[str]
    arabic_sums: list[float]
    english_sums: list[float]


def words(seed: int, arabic: int = 38_000, english: int = 24_000) -> Words:
    rng = random.Random(seed)
    roots = ["".join(letters) for letters in itertools.permutations(_ROOTS, 3)]
    rng.shuffle(roots)
    made = (pattern.format(*root) for root in roots for pattern in _PATTERNS)
    shaped = list(dict.fromkeys(itertools.chain(ARABIC, itertools.islice(made, arabic))))[:arabic]
    syllables = [a + b + c for a in _ONSETS for b in _VOWELS for c in _CODAS]
    pairs = list(itertools.product(syllables, syllables))
    rng.shuffle(pairs)
    spoken = list(dict.fromkeys(itertools.chain(ENGLISH, (a + b for a, b in pairs))))[:english]
    return Words(shaped, spoken, _sums(len(shaped)), _sums(len(spoken)))


def _sums(count: int) -> list[float]:
    """Sums of Zipf weights, a little flatter than 1/n so that rare words are met."""
    return list(itertools.accumulate(1 / (rank + 8) ** 0.85 for rank in range(count)))


def phrase(found: Words, rng: random.Random, is_arabic: bool, length: int) -> str:
    pool, sums = (found.arabic, found.arabic_sums) if is_arabic else (found.english, found.english_sums)
    return " ".join(rng.choices(pool, cum_weights=sums, k=length))


def company(found: Words, rng: random.Random, is_arabic: bool) -> str:
    if is_arabic:
        return f"{rng.choice(ARABIC_HEADS)} {rng.choice(found.arabic)} {rng.choice(found.arabic)}"
    return f"{rng.choice(found.english).title()} {rng.choice(found.english).title()} {rng.choice(ENGLISH_TAILS)}"
