"""The one error tree of Wasl: a stable code, the business term concerned, and a sentence in both languages.

A subclass is a declaration: `code`, `term`, `en`, `ar` and, where it is not 1, the CLI's `exit_code`
(0 done, 1 refused or invalid, 2 unreadable input or wrong usage, 3 nothing to verify, 4 not fully checked,
5 environment). Both sentences say what is wrong, where, and how to mend it.
"""

from __future__ import annotations

from typing import ClassVar


class Words(str):
    """A parameter that is itself words: English wherever text is asked, and `ar` in the Arabic sentence."""

    __slots__ = ("ar",)
    ar: str

    def __new__(cls, en: str, ar: str) -> Words:
        words = super().__new__(cls, en)
        words.ar = ar
        return words

    def __reduce__(self) -> tuple[type[Words], tuple[str, str]]:
        return Words, (str(self), self.ar)


class WaslError(Exception):
    """Base of every error that a user can cause. Parameters fill the placeholders of both sentences."""

    code: ClassVar[str] = "WASL-00"
    term: ClassVar[str | None] = None
    en: ClassVar[str] = "Something went wrong. Try again; if it happens again, tell your administrator."
    ar: ClassVar[str] = "حدث خطأ. أعد المحاولة، وإن تكرّر فأخبر مدير النظام."
    exit_code: ClassVar[int] = 1

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.message("en"))

    def message(self, lang: str) -> str:
        """The sentence in `lang` ("ar" or "en") with this error's own values."""
        if lang != "ar":
            return self.en.format(**self.params)
        return self.ar.format(**{name: value.ar if isinstance(value, Words) else value for name, value in self.params.items()})


class UnreadableInput(WaslError):
    """A file or text that cannot be read at all: exit code 2."""

    code = "WASL-READ-00"
    en = "This input cannot be read: {reason}. Give a UBL, CII, Wasl JSON or PDF file, or a sheet with one invoice."
    ar = "تعذّرت قراءة هذا الملف: {reason}. أرفق ملف UBL أو CII أو Wasl JSON أو PDF، أو جدولًا فيه فاتورة واحدة."
    exit_code = 2


class EnvironmentFault(WaslError):
    """A port, lock, disk or database problem: exit code 5."""

    code = "WASL-ENV-00"
    en = "The machine cannot do this now: {reason}."
    ar = "لا تستطيع هذه الآلة إنجاز المطلوب الآن: {reason}."
    exit_code = 5
