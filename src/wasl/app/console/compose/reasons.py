"""Why no tax is charged (BT-120, BT-121): which categories ask for a reason, and the codes to choose from.

Tables only. Codes of the European list are named in `wasl.invoice.codes`; those of ZATCA (Electronic Invoice Data
Dictionary, VATEX-SA) are named here, for sellers of the country that uses them.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from wasl.app.console.compose.form import REASON_CATEGORIES, ComposerForm
from wasl.app.ui.i18n import current
from wasl.invoice.codes import NEED_REASON, VATEX, Names, name_of
from wasl.rules import profiles

_UNION: dict[str, tuple[str, ...]] = {
    "AE": ("VATEX-EU-AE",), "K": ("VATEX-EU-IC",), "G": ("VATEX-EU-G",), "O": ("VATEX-EU-O",),
    "E": tuple(code for code in VATEX if code not in {"VATEX-EU-AE", "VATEX-EU-IC", "VATEX-EU-G", "VATEX-EU-O"}),
}  # fmt: skip
_SAUDI: dict[str, Names] = {
    "Z": {
        "VATEX-SA-32": ("تصدير سلع", "Export of goods"),
        "VATEX-SA-33": ("تصدير خدمات", "Export of services"),
        "VATEX-SA-34-1": ("النقل الدولي للسلع", "International transport of goods"),
        "VATEX-SA-34-2": ("النقل الدولي للركاب", "International transport of passengers"),
        "VATEX-SA-34-3": ("خدمات متصلة بالنقل الدولي للركاب", "Services connected to international passenger transport"),
        "VATEX-SA-34-4": ("توريد وسائل نقل مؤهلة", "Supply of a qualifying means of transport"),
        "VATEX-SA-34-5": ("خدمات متصلة بنقل السلع أو الركاب", "Services relating to goods or passenger transport"),
        "VATEX-SA-35": ("أدوية ومعدات طبية", "Medicines and medical equipment"),
        "VATEX-SA-36": ("معادن مؤهلة", "Qualifying metals"),
        "VATEX-SA-EDU": ("تعليم أهلي للمواطن", "Private education to a citizen"),
        "VATEX-SA-HEA": ("رعاية صحية أهلية للمواطن", "Private health care to a citizen"),
        "VATEX-SA-MLTRY": ("توريد سلع عسكرية مؤهلة", "Supply of qualified military goods"),
    },
    "E": {
        "VATEX-SA-29": ("خدمات مالية", "Financial services"),
        "VATEX-SA-29-7": ("تأمين على الحياة", "Life insurance"),
        "VATEX-SA-30": ("تعاملات عقارية", "Real estate transactions"),
    },
    "O": {"VATEX-SA-OOS": ("خارج نطاق الضريبة", "Not subject to VAT")},
}
_OF_COUNTRY: dict[str, dict[str, Names]] = {"SA": _SAUDI}
ZERO_REASON_FORBIDDEN = "BR-Z-10"  # the official rule; a profile that leaves it out wants the reason instead


def asking(org: Any, form: ComposerForm) -> list[tuple[str, str]]:
    """(category, label) of each category on the form that wants a reason."""
    used = {row["tax"].split("|")[0] for row in form.filled_rows}
    wanted = NEED_REASON | ({"Z"} if ZERO_REASON_FORBIDDEN in profiles.get(org.profile).skipped else set())
    labels = {
        "Z": _("Reason for the zero rate"), "E": _("Reason for the exemption"), "AE": _("Reason for the reverse charge"),
        "G": _("Reason: export"), "K": _("Reason: supply within the Union"), "O": _("Reason it is out of scope"),
    }  # fmt: skip
    return [(category, labels[category]) for category in REASON_CATEGORIES if category in used & wanted]


def codes(org: Any, category: str) -> list[tuple[str, str]]:
    """The codes that fit a category, first none."""
    names = _OF_COUNTRY.get(org.country, {}).get(category) or {code: VATEX[code] for code in _UNION.get(category, ())}
    found = [(code, f"{name_of(names, code, current())} · {code}") for code in names]
    return [("", _("Choose a reason")), *found] if found else []
