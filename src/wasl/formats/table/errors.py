"""What can be wrong with a table: the file, the mapping, and single cells. All are `UnreadableInput`: nothing is half-read."""

from __future__ import annotations

from typing import Literal

import msgspec

from wasl.errors import UnreadableInput, Words


class TableRefused(UnreadableInput):
    """Base of every refusal of the table readers."""

    code = "WASL-TABLE-00"


class NotATable(TableRefused):
    code = "WASL-TABLE-01"
    en = "This is not a table that can be read: {reason}. Fix: save it as XLSX, or as CSV in UTF-8."
    ar = "تعذّرت قراءة هذا الجدول: {reason}. الحل: احفظه بصيغة XLSX، أو CSV بترميز UTF-8."


class TableTooLarge(TableRefused):
    code = "WASL-TABLE-02"
    en = "The table is too large: {reason}. Fix: split it into several files."
    ar = "الجدول أكبر مما يُقبل: {reason}. الحل: قسّمه إلى عدة ملفات."


class MixedEncodings(TableRefused):
    code = "WASL-TABLE-03"
    en = "Line {line} is written in another character encoding than the rest of the file. Fix: save it as UTF-8, or name its encoding in the mapping."
    ar = "السطر {line} مكتوب بترميز غير ترميز بقية الملف. الحل: احفظ الجدول كله بترميز UTF-8، أو اذكر ترميزه في ملف الربط."


class WorkbookRefused(TableRefused):
    code = "WASL-TABLE-04"
    en = "This workbook cannot be read: {reason}. Fix: save it again as XLSX."
    ar = "تعذّرت قراءة هذا المصنّف: {reason}. الحل: احفظه من جديد بصيغة XLSX."


class MappingRefused(TableRefused):
    code = "WASL-TABLE-05"
    en = "The mapping cannot be used: {reason}. Fix: print a new one with `wasl sheet columns FILE` and edit that."
    ar = "لا يصلح ملف الربط: {reason}. الحل: اطبع ملفًا جديدًا بالأمر `wasl sheet columns FILE` وعدّله."


class ColumnsMissing(TableRefused):
    code = "WASL-TABLE-06"
    en = "No column gives {what}. Fix: run `wasl sheet columns FILE`, and name the column or a constant in the mapping."
    ar = "لا عمود في الجدول يعطي {what}. الحل: شغّل `wasl sheet columns FILE` واذكر العمود أو قيمة ثابتة في ملف الربط."


class SeveralInvoices(TableRefused):
    code = "WASL-TABLE-07"
    en = "The table holds {count} invoices, and one is wanted here. Fix: turn it into files with `wasl sheet read FILE -o DIR`."
    ar = "في الجدول فواتير عددها {count}، والمطلوب هنا فاتورة واحدة. الحل: حوّلها إلى ملفات بالأمر `wasl sheet read FILE -o DIR`."


class CellsRefused(TableRefused):
    """One or more cells cannot be read, or given totals disagree; `problems` has each with its row and column."""

    code = "WASL-TABLE-08"
    en = "{first} Problems in all: {count}."
    ar = "{first} عدد المشكلات كلها: {count}."

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        first = problems[0]
        super().__init__(first=Words(first.message("en"), first.message("ar")), count=len(problems))

    def __reduce__(self) -> tuple[type[CellsRefused], tuple[tuple[Problem, ...]]]:
        return CellsRefused, (self.problems,)


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to mend. `row` is the row number that a spreadsheet shows (0: the whole table), `column` the header's text."""

    row: int
    column: str
    value: str
    en: str
    ar: str
    term: str | None = None
    kind: Literal["cell", "total"] = "cell"

    def message(self, lang: str) -> str:
        """“Row 17, column “Qty”: “3x” is not a number. Fix: ...”"""
        if lang == "ar":
            place = f"الصف {self.row}" + (f"، العمود «{self.column}»" if self.column else "")
            return f"{place}: {self.ar}"
        place = f"Row {self.row}" + (f", column “{self.column}”" if self.column else "")
        return f"{place}: {self.en}"
