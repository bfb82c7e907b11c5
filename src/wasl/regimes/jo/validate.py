"""Which official rules three-decimal amounts break, each with its reason and source, and the checks that take their place."""

from __future__ import annotations

from wasl.invoice.model import Invoice
from wasl.invoice.terms import TERMS
from wasl.regimes import OwnRule
from wasl.regimes.checks import WORDS, CheckFinding, arithmetic, decimals
from wasl.rules.profiles import Exclusion, Profile

_DECIMALS_EN = "The dinar has three decimals (1,000 fils); the rule allows two."
_DECIMALS_AR = "للدينار ثلاث خانات عشرية (1,000 فلس)، والقاعدة تسمح بخانتين."
_SUM_EN = "The rule rounds the sum to two decimals, so a right total in dinars and fils breaks it; checked at three decimals instead."
_SUM_AR = "القاعدة تقرّب المجموع إلى خانتين، فيخالفها المجموع الصحيح بالدينار والفلس، ويُفحص هنا بثلاث خانات."
_ISO = "ISO 4217 (JOD: minor unit 3)"

# Measured: each of these fires on a right invoice in dinars with a third decimal (tests/regimes/test_jo.py).
DECIMALS = ("UBL-DT-01", *(f"BR-DEC-{n:02}" for n in (1, 2, 5, 6, 9, 10, 11, 12, 14, 16, 17, 18, 19, 20, 23, 24, 25, 27, 28)))
SUMS = tuple(f"BR-CO-{n}" for n in range(10, 17))

PROFILE = Profile(
    "jo",
    name_en="Jordan",
    name_ar="الأردن",
    excluded=(
        *(Exclusion(rule, _DECIMALS_EN, _DECIMALS_AR, f"{_ISO}; measured") for rule in DECIMALS),
        *(Exclusion(rule, _SUM_EN, _SUM_AR, f"{_ISO}; measured") for rule in SUMS),
    ),
)

OWN_RULES = (
    OwnRule(
        "WASL-JO-DEC", "BG-22", "No amount has more decimals than its currency.", "لا يزيد أي مبلغ على خانات عملته العشرية.", _ISO
    ),
    *(
        OwnRule(
            f"WASL-JO-CO-{number}",
            term,
            f"The {TERMS[term].en} equals {words.en}, at the currency's own decimals.",
            f"{TERMS[term].ar} = {words.ar}، بخانات العملة نفسها.",
            f"EN 16931-1, BR-CO-{number}; {_ISO}",
        )
        for number, (term, words) in WORDS.items()
    ),
)


def checks(invoice: Invoice) -> list[CheckFinding]:
    """WASL-JO-DEC and WASL-JO-CO-10 to -16: the same demands at the currency's own precision."""
    return [*decimals(invoice, "WASL-JO"), *arithmetic(invoice, "WASL-JO")]
