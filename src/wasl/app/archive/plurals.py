"""Broken plurals of the words that stand on invoices: who types one number finds the other as well.

A table, not a stemmer: a rule that joins رسم and رسوم also joins what invoices keep apart (كتاب and كاتب).
Looked up when a question is asked, so rows that were written before a word came in are found too.
"""

from __future__ import annotations

from functools import lru_cache

from wasl.app.archive.normalise import fold, forms

# One family a word: singular and its plurals, as written; sound plurals are the stem's matter (normalise)
_FAMILIES = """
فاتورة فواتير | رسم رسوم | كتاب كتب | مكتب مكاتب | عقد عقود | بند بنود | مبلغ مبالغ | ضريبة ضرائب | سعر أسعار | دفتر دفاتر | قلم أقلام
ختم أختام | ورقة أوراق ورق | عرض عروض | قسط أقساط | دين ديون | رصيد أرصدة | نقد نقود | بنك بنوك | مصرف مصارف | عميل عملاء | مصنع مصانع
متجر متاجر | محل محال | مخزن مخازن | فرع فروع | مشروع مشاريع | عمل أعمال | شهر أشهر شهور | يوم أيام | سنة سنوات سنين | عام أعوام
أسبوع أسابيع | قطعة قطع | صندوق صناديق | علبة علب | كرتون كراتين | كيس أكياس | حقيبة حقائب | كرسي كراسي | باب أبواب | نافذة نوافذ
شباك شبابيك | ستارة ستائر | سجادة سجاد | غرفة غرف | بيت بيوت | مبنى مباني مبان | أرض أراضي أراض | شقة شقق | جهاز أجهزة | أداة أدوات
حاسوب حواسيب | هاتف هواتف | حبر أحبار | برنامج برامج | رخصة رخص | تصميم تصاميم | موقع مواقع | إطار إطارات أطر | زيت زيوت | تذكرة تذاكر
فندق فنادق | طريق طرق | دواء أدوية | طبيب أطباء | فحص فحوص | درس دروس | مدرسة مدارس | طالب طلاب | ثوب أثواب ثياب | قماش أقمشة | لباس ألبسة
حذاء أحذية | طعام أطعمة | لحم لحوم | سمك أسماك | تمر تمور | فاكهة فواكه | عطر عطور | هدية هدايا | صورة صور | لوحة لوحات ألواح لوح | نسخة نسخ
خبير خبراء | خشب أخشاب | أنبوب أنابيب | سلك أسلاك | مصباح مصابيح | مفتاح مفاتيح | قفل أقفال | حجر أحجار | عامل عمال | راتب رواتب | أجر أجور
خصم خصوم | قرض قروض | وثيقة وثائق | سند أسناد | طابق طوابق | مقعد مقاعد | ملعب ملاعب | مطبخ مطابخ | مسمار مسامير | برغي براغي | كابل كوابل
فلتر فلاتر | عنوان عناوين | تقرير تقارير | معرض معارض | متحف متاحف | تاجر تجار | وكيل وكلاء | زبون زبائن | شريك شركاء
"""


@lru_cache(maxsize=1)
def _families() -> dict[str, tuple[str, ...]]:
    """{folded word: the others of its family, folded}."""
    found: dict[str, tuple[str, ...]] = {}
    for family in _FAMILIES.replace("\n", "|").split("|"):
        members = tuple(dict.fromkeys(fold(word) for word in family.split()))
        for member in members:
            found[member] = tuple(dict.fromkeys((*found.get(member, ()), *(other for other in members if other != member))))
    return found


def others(word: str) -> tuple[str, ...]:
    """The other numbers of a folded word, with or without what is attached to it; nothing where the table does not know it."""
    families = _families()
    return next((families[form] for form in (word, *forms(word).bare) if form in families), ())
